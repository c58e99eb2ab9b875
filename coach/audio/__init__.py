"""Sound as values: clips, onsets, the mixing timeline, utterance bounds. Pure; time is counted in samples."""
