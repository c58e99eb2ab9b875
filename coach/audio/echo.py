"""Finds a played sound in a recording of the microphone: its place and its level.

Law: the result depends only on the samples.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coach.audio.pcm import FULL
from coach.ports import Pcm

_SURE_RATIO = 8.0
"""Ratio to the usual correlation from which a place surely holds the sound. The best of 100,000 places in mere noise
reaches 5."""
_VOICE_PERIOD_S = 0.1
"""Shift up to which a voice still correlates with itself."""


@dataclass(frozen=True, slots=True)
class EchoPlace:
    """The played sound, as the microphone heard it."""

    first_sample: int
    """First sample of the sound in the recording."""
    dbfs: float
    """Root mean square of the sound in the recording, in decibels of full scale."""


def find_echo(recording: Pcm, played: Pcm, rate: int) -> EchoPlace | None:
    """The echo of `played` in a recording; both have `rate`. None: the recording does not contain it."""
    if len(recording) <= len(played) or not recording.any() or not played.any():
        return None
    size = 1 << (len(recording) + len(played)).bit_length()
    spectrum = np.fft.rfft(recording.astype(float), size) * np.conj(np.fft.rfft(played.astype(float), size))
    alike = np.fft.irfft(spectrum, size)[: len(recording) - len(played)]
    at = int(np.argmax(np.abs(alike)))
    around = round(_VOICE_PERIOD_S * rate)
    others = np.concatenate([alike[: max(0, at - around)], alike[at + around :]])
    usual = float(np.sqrt(np.mean(others**2))) if len(others) else 0.0
    if abs(alike[at]) < _SURE_RATIO * usual:
        return None
    energy = float(np.sum(played.astype(float) ** 2))
    level = abs(float(alike[at])) / energy * np.sqrt(energy / len(played)) / FULL
    return EchoPlace(at, 20 * float(np.log10(max(level, 1e-6))))
