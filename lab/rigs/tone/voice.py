"""A lifter who whistles: text to 16 kHz samples in the tone language."""

from __future__ import annotations

import numpy as np

from coach.ports import Pcm
from lab.rigs.tone.model import ToneLanguage, frequencies

RATE = 16_000
_FADE = 0.004
"""Seconds a tone swells and dies; a click would sound in every filter."""


def whistle(
    text: str,
    language: ToneLanguage,
    *,
    before: float = 0.0,
    after: float = 0.0,
    tone: float = 0.08,
    pause: float = 0.06,
    loudness: float = 0.3,
    noise: float = 0.0,
    seed: int = 0,
) -> Pcm:
    """The words, `pause` seconds apart, every tone `tone` seconds; four make a word as long as a spoken one.

    `before` and `after` are seconds of silence around them. `loudness` is the peak and `noise` the standard
    deviation of white noise over everything, both against full scale.
    """
    pieces = [np.zeros(round(before * RATE))]
    for place, word in enumerate(text.split()):
        if place:
            pieces.append(np.zeros(round(pause * RATE)))
        pieces.extend(loudness * _tone(hertz, tone) for hertz in frequencies()[list(language.melody(word))])
    pieces.append(np.zeros(round(after * RATE)))
    sound = np.concatenate(pieces)
    sound += noise * np.random.default_rng(seed).standard_normal(len(sound))
    return np.asarray(np.clip(sound, -1.0, 1.0) * 32767, dtype=np.int16)


def _tone(hertz: float, seconds: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    samples = np.arange(round(seconds * RATE))
    swell = np.minimum(samples, len(samples) - 1 - samples) / (_FADE * RATE)
    return np.asarray(np.sin(2 * np.pi * hertz * samples / RATE) * np.clip(swell, 0.0, 1.0))
