"""Wyoming servers that hear or speak for the coach."""
