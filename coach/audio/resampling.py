"""Sound at the rate it comes in, turned into the rate that is wanted: as it comes, or all at once."""

from __future__ import annotations

import soxr

from coach.ports import Pcm


class Resampler:
    """One stream of mono samples; keeps what it needs between the blocks."""

    def __init__(self, from_rate: int, to_rate: int) -> None:
        self._stream = soxr.ResampleStream(from_rate, to_rate, 1, dtype="int16")

    def resample(self, pcm: Pcm) -> Pcm:
        """The samples that are ready; the filter keeps a few ms back, so a block may give none."""
        ready: Pcm = self._stream.resample_chunk(pcm)
        return ready

    def whole(self, pcm: Pcm) -> Pcm:
        """All samples of a recording, what the filter keeps back included; ends the stream."""
        ready: Pcm = self._stream.resample_chunk(pcm, last=True)
        return ready
