"""The voice: engines that render lines, the store of rendered lines, and what lays them on the mixer."""
