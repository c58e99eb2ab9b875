"""The training itself: tempo, beats, plan, progress, log. Pure."""
