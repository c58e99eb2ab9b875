"""Conversations as text: their formats, read and written."""
