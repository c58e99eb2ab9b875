"""Performs a script: virtual worlds, a stage that notes what happens, and directors that play the lifter."""
