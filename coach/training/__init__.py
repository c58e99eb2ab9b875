"""What is trained: tempo, beats, plan, progress. Pure."""
