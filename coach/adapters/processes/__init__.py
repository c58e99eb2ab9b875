"""The child process that an engine runs in: the parent's side and the child's side."""
