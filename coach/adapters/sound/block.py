"""A block: samples from the microphone, with the time of their arrival."""

from __future__ import annotations

from dataclasses import dataclass

from coach.ports import Pcm


@dataclass(frozen=True, slots=True)
class Block:
    """Samples that the microphone delivered at once."""

    pcm: Pcm
    first: int
    """Number of the block's first sample; a gap before this number means that samples were lost."""
    arrived: float
    """When the block arrived, in seconds on the monotonic clock. The device's input buffer is kept empty, so the
    block's last sample was recorded just before. PortAudio's own estimate subtracts the size of that buffer, which put
    words 60 ms too early."""
