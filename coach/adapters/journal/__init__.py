"""What was trained, in an SQLite file."""
