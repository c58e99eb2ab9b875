"""The small sounds that are played where the coach says nothing, and the hiss that keeps a loudspeaker awake.

Law: every call gives the same samples.
"""

from __future__ import annotations

import numpy as np

from coach.audio.loudness import levelled
from coach.audio.onset import audible_onset
from coach.audio.pcm import FULL, to_pcm
from coach.ports import Clip, Pcm

_ATTACK_S = 0.004
_DECAY_S = 0.03
"""Time in which a tone falls to 37 %: it sounds like a plucked string, not like a beep."""
_LOUDNESS_LUFS = -30.0
"""Loudness of the small sounds: 10 LU below the counts."""
LISTENING_TONES = ((0.0, 880.0), (0.05, 1320.0))
"""Start in seconds and pitch in hertz of each tone: a fifth upwards sounds like a beginning."""
UNDERSTOOD_TONES = ((0.0, 660.0),)
_LENGTH_S = 0.16
"""Length of a sound."""


def chime(tones: tuple[tuple[float, float], ...], rate: int) -> Clip:
    """Plucked tones, 0.16 s in all."""
    at = np.arange(round(_LENGTH_S * rate)) / rate
    sound = np.zeros(at.size)
    for begins, hertz in tones:
        since = at - begins
        envelope = np.clip(since / _ATTACK_S, 0, 1) * np.exp(-np.maximum(since, 0) / _DECAY_S)
        sound += envelope * np.sin(2 * np.pi * hertz * np.maximum(since, 0))
    sound *= np.clip((at[-1] - at) / _DECAY_S, 0, 1)
    pcm = levelled(to_pcm(sound * 8000), rate, _LOUDNESS_LUFS)
    return Clip(pcm, rate, audible_onset(pcm, rate))


def hiss(decibels: float, samples: int) -> Pcm:
    """White noise with a mean power of `decibels` relative to full scale (-80 is soft), shape (samples,)."""
    return to_pcm(np.random.default_rng(1).normal(0, FULL * 10 ** (decibels / 20), samples))
