"""Replays a session of the journal as a script."""
