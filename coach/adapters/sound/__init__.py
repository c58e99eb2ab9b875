"""Loudspeaker and microphone: PortAudio's streams, and the sound server that both belong to."""
