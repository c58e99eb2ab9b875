"""Moonshine, the recogniser that is used first: its model, its search and its acceptance rule."""
