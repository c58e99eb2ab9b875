"""Vosk, a recogniser for machines without Moonshine: its model folders and its grammar."""
