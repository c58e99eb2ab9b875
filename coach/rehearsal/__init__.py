"""Scripted conversations in virtual time."""
