"""Files that a user names, files of a cache, and downloads."""
