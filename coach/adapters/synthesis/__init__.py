"""The voice: engines that render lines, the store of rendered lines, and what places lines on the mixer."""
