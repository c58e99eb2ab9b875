"""Where a sound that was played comes back in what the microphone gave, and how loud.

Law: it depends on the samples alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coach.audio.pcm import FULL
from coach.ports import Pcm

_SURE = 8.0
"""Times the usual size of the correlation: of noise alone 100,000 places reach 5."""
_AROUND_S = 0.1
"""A voice is like itself for so long."""


@dataclass(frozen=True, slots=True)
class HeardBack:
    """It came back."""

    first: int
    """Sample of the microphone at which it begins."""
    dbfs: float
    """Root mean square in decibels of full scale."""


def heard_back(heard: Pcm, played: Pcm, rate: int) -> HeardBack | None:
    """`played` at the microphone's rate; None: it is not there."""
    if len(heard) <= len(played) or not heard.any() or not played.any():
        return None
    size = 1 << (len(heard) + len(played)).bit_length()
    spectrum = np.fft.rfft(heard.astype(float), size) * np.conj(np.fft.rfft(played.astype(float), size))
    alike = np.fft.irfft(spectrum, size)[: len(heard) - len(played)]
    at = int(np.argmax(np.abs(alike)))
    around = round(_AROUND_S * rate)
    others = np.concatenate([alike[: max(0, at - around)], alike[at + around :]])
    usual = float(np.sqrt(np.mean(others**2))) if len(others) else 0.0
    if abs(alike[at]) < _SURE * usual:
        return None
    energy = float(np.sum(played.astype(float) ** 2))
    level = abs(float(alike[at])) / energy * np.sqrt(energy / len(played)) / FULL
    return HeardBack(at, 20 * float(np.log10(max(level, 1e-6))))
