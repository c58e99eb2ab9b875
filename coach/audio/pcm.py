"""Sound as numbers: 16-bit samples, and the signals that are computed from them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from coach.ports import Pcm

Signal = npt.NDArray[np.float64]
"""Samples for calculations, shape (n,)."""

FULL = 32768.0
"""Full scale of 16-bit samples."""
_AUDIBLE = 10 ** (-40 / 20)
"""Share of the clip's peak; a quieter sound at either end is silence."""


def to_pcm(signal: npt.NDArray[np.floating[Any]]) -> Pcm:
    """The signal, in the scale of 16-bit samples, rounded; what exceeds full scale is clipped."""
    pcm: Pcm = np.clip(np.rint(signal), -32768, 32767).astype(np.int16)
    return pcm


def audible_span(pcm: Pcm) -> tuple[int, int]:
    """The first audible sample of a clip, and the sample behind the last audible one; (0, 0) if all is silence."""
    level = np.abs(pcm.astype(np.int32))
    loud = np.flatnonzero(level > _AUDIBLE * level.max(initial=0))
    return (int(loud[0]), int(loud[-1]) + 1) if len(loud) else (0, 0)
