"""The page for a phone: what it shows and which commands it offers. Pure; `adapters/page/` serves it."""
