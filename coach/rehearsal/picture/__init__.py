"""Draws a performance."""
