"""What is said and meant: templates, understanding, prompts. Pure."""
