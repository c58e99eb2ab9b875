"""Servers that hear or speak for the coach, by the Wyoming protocol."""
