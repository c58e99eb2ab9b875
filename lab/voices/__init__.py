"""Make recordings with other programs' voices, each in an environment of its own."""
