"""Recognisers: engines, their models, and the process that an engine runs in."""
