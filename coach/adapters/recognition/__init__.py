"""Recognisers: engines, their models, and the child process that an engine runs in."""
