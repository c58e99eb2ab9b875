"""What people say and mean: templates, understanding, numbers in words. Pure."""
