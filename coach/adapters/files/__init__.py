"""Files that a user names, files of a cache, folders of models, and downloads."""
