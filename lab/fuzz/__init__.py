"""Broken files and requests for every reader."""
