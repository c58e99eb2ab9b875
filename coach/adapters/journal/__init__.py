"""The journal: what was trained, in an SQLite file."""
