"""The page for a phone: its server, and who may use it."""
