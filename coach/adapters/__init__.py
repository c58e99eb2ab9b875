"""Devices, engines, threads and files: the only place for them, one library to a file."""
