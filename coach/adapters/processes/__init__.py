"""A child process that an engine runs in, seen from both sides."""
