"""Piper, the voice that is used first: its voices and its driver."""
