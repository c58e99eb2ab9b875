"""The page to glance at: what it shows, and the commands it offers. Pure; `adapters/page_*.py` serve it."""
