"""Converts sound to another sample rate, block by block or all at once.

Law: the same input gives the same output. soxr dithers 16-bit samples randomly, so it gets floats.
"""

from __future__ import annotations

import numpy as np
import soxr

from coach.audio.pcm import to_pcm
from coach.ports import Pcm


class Resampler:
    """Resamples one stream of mono samples; keeps the filter's state between blocks."""

    def __init__(self, from_rate: int, to_rate: int) -> None:
        self._stream = soxr.ResampleStream(from_rate, to_rate, 1, dtype="float32")

    def resample(self, pcm: Pcm) -> Pcm:
        """The samples that are ready. The filter keeps a few ms back, so a block may give no samples."""
        return to_pcm(self._stream.resample_chunk(pcm.astype(np.float32)))

    def flush(self) -> Pcm:
        """The samples that the filter still keeps back; ends the stream."""
        return self.whole(np.zeros(0, np.int16))

    def whole(self, pcm: Pcm) -> Pcm:
        """All samples of a recording, including those that the filter keeps back; ends the stream."""
        return to_pcm(self._stream.resample_chunk(pcm.astype(np.float32), last=True))
