"""A Bluetooth headset's microphone: 8 kHz through CVSD, the codec that every headset has (Bluetooth Core, Vol 2 B 9.2).

CVSD sends one bit for each of 64,000 samples per second: whether the sound is above or below the decoder's own guess.
The step between two guesses grows while equal bits repeat, and shrinks otherwise.
"""

from __future__ import annotations

import numpy as np
import soxr

from coach.audio.pcm import to_pcm
from coach.ports import Pcm
from lab.benchmarks.hearing.clips import RATE

_NARROW, _BITS = 8_000, 64_000
_SAME = 4
"""Number of equal bits in a row that make the step grow."""
_LEAST, _MOST = 10.0, 1280.0
"""Bounds of the step, in units of 16-bit samples."""
_STEP_DECAY, _GUESS_DECAY = 1 - 1 / 1024, 1 - 1 / 32


def through_headset(pcm: Pcm) -> Pcm:
    """Returns what arrives of the microphone's samples: the same number, at the same rate."""
    narrow = soxr.resample(pcm.astype(np.float64), RATE, _NARROW)
    decoded = _coded(soxr.resample(narrow, _NARROW, _BITS))
    wide = soxr.resample(soxr.resample(decoded, _BITS, _NARROW), _NARROW, RATE)
    arrived = np.zeros(len(pcm))
    arrived[: len(wide)] = wide[: len(pcm)]
    return to_pcm(arrived)


def _coded(sound: np.ndarray[tuple[int], np.dtype[np.float64]]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Returns the sound after coding and decoding."""
    guess, step, last, same = 0.0, _LEAST, True, 0
    guesses = []
    for sample in sound.tolist():
        bit = sample >= guess
        same = same + 1 if bit is last else 1
        last = bit
        step = min(step + _LEAST, _MOST) if same >= _SAME else max(step * _STEP_DECAY, _LEAST)
        guess = min(max(_GUESS_DECAY * (guess + (step if bit else -step)), -32768.0), 32767.0)
        guesses.append(guess)
    return np.array(guesses)
