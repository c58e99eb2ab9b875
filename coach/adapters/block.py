"""What the ears are given: a piece of sound and when it came."""

from __future__ import annotations

from dataclasses import dataclass

from coach.ports import Pcm


@dataclass(frozen=True, slots=True)
class Block:
    """What the microphone took in one go."""

    pcm: Pcm
    first: int
    """Number of its first sample; a gap before it means that samples were lost."""
    arrived: float
    """When it came, on the monotonic clock. A device's input buffer is kept empty, so its last sample is
    hardly older: PortAudio's own estimate, the size of that buffer, put words 60 ms too early."""
