"""The conversation: states, policy, turn-taking, pacing. No IO, no clock: time arrives with every event."""
