"""Performs a script: stages that play the lifter, and the virtual worlds that they stand in."""
