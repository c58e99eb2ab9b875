"""The one place that picks implementations; each command takes the module it needs, and no other is loaded."""
