"""The threads of a live session, and the inbox that they post to."""
