"""Draws a performance as SVG."""
