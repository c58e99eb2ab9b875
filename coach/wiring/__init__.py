"""The one package that picks implementations; each command loads the module it needs, and no other."""
