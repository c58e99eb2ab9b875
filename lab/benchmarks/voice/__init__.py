"""How well the coach's voice is understood, and what it costs."""
