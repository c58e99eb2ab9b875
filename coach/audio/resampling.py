"""Sound at the rate it comes in, turned into the rate that is wanted: as it comes, or all at once.

Law: the same samples give the same samples. On 16 bit soxr dithers by chance, so it is given floats.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import soxr

from coach.ports import Pcm


class Resampler:
    """One stream of mono samples; keeps what it needs between the blocks."""

    def __init__(self, from_rate: int, to_rate: int) -> None:
        self._stream = soxr.ResampleStream(from_rate, to_rate, 1, dtype="float32")

    def resample(self, pcm: Pcm) -> Pcm:
        """The samples that are ready; the filter keeps a few ms back, so a block may give none."""
        return _rounded(self._stream.resample_chunk(pcm.astype(np.float32)))

    def whole(self, pcm: Pcm) -> Pcm:
        """All samples of a recording, what the filter keeps back included; ends the stream."""
        return _rounded(self._stream.resample_chunk(pcm.astype(np.float32), last=True))


def _rounded(ready: npt.NDArray[np.float32]) -> Pcm:
    return np.clip(np.rint(ready), -32768, 32767).astype(np.int16)
