"""Sound as values: clips, onsets, the mixing timeline, utterance bounds. Pure, counted in samples."""
