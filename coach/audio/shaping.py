"""A spoken line made to be understood in a loud room: treble raised, loud sounds turned down beside soft ones.

Law: pure; step 0 is the very samples. The loudness in LUFS and the number of samples stay as they are, and everything
is symmetric in time, so that nothing moves.

After Zorila, Kandia and Stylianou (Interspeech 2012), who sharpen the formants, raise the treble and compress the
range. The first is left out: sharpened formants cost this voice words.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coach.audio.loudness import FULL, Signal, levelled, loudness
from coach.audio.onset import audible_onset
from coach.ports import Clip, Pcm


@dataclass(frozen=True, slots=True)
class _Step:
    """How much is done."""

    below: float
    """Decibels of the voice over the noise under which it is wanted."""
    tilt: float
    """Share of `_TILT`."""
    compression: float
    """Share of a level's distance from the line's loudest that is taken away, in decibels."""


_STEPS = (
    _Step(below=float("inf"), tilt=0.0, compression=0.0),
    _Step(below=18.0, tilt=0.4, compression=0.3),
    _Step(below=12.0, tilt=0.6, compression=0.5),
    _Step(below=7.0, tilt=0.7, compression=0.7),
)
STEPS = len(_STEPS)
_HOLD_DB = 1.5
"""A step is left when the noise lies so much beyond its end: counts of one set sound alike."""

_TILT = (
    (50.0, -16.0),
    (100.0, -15.5),
    (200.0, -13.0),
    (400.0, -8.5),
    (800.0, -3.5),
    (1500.0, 0.5),
    (3000.0, 3.5),
    (6000.0, 5.0),
    (11025.0, 5.3),
)
"""Hertz and decibels, straight lines on a scale of octaves between them. It is that of y[n] = x[n] - 0.85 x[n-1]."""
_SMOOTHING_S = 0.004
"""One sigma of the envelope: shorter follows the pitch, which is heard as a rasp; longer lets soft consonants drown."""
_RANGE_DB = 30.0
"""Below the loudest, in which levels are raised. What is softer is raised less, and nothing from `_SILENT_DB` on."""
_SILENT_DB = 50.0
_ONSET_MOVES_S = 0.04
"""At most. Of joe's counts three moves by 38 ms, the others by 22 and less."""


def step_for(snr: float, now: int | None = None) -> int:
    """The step for a voice that lies `snr` decibels over the noise; one near the step `now` keeps it."""
    hold = 0.0 if now is None else _HOLD_DB
    least, most = (sum(snr + off < step.below for step in _STEPS[1:]) for off in (hold, -hold))
    return least if now is None else min(max(now, least), most)


def shaped(pcm: Pcm, rate: int, step: int) -> Pcm:
    """The line for a room; `pcm` has shape (n,), and so has the result. IndexError for a step there is not."""
    how = _STEPS[step]
    now = loudness(pcm, rate)
    if not step or now == float("-inf"):
        return pcm
    samples = _compressed(_tilted(pcm.astype(np.float64), rate, how.tilt), rate, how.compression)
    # Loud enough for 16 bits, far from clipping; the level itself comes next.
    samples *= 0.5 * FULL / np.abs(samples).max()
    return levelled(np.rint(samples).astype(np.int16), rate, now)


def clip_for_room(clip: Clip, step: int) -> Clip:
    """The clip with its line shaped, its onset found anew: a vowel that is compressed comes up earlier."""
    if not step:
        return clip
    pcm = shaped(clip.pcm, clip.rate, step)
    onset = audible_onset(pcm, clip.rate)
    # Farther off it is another syllable, which was too soft before.
    moved = abs(onset - clip.onset) > _ONSET_MOVES_S * clip.rate
    return Clip(pcm, clip.rate, clip.onset if moved else onset)


def _tilted(samples: Signal, rate: int, share: float) -> Signal:
    hertz, decibels = zip(*_TILT, strict=True)
    length = 1 << (samples.size + rate // 10).bit_length()
    octaves = np.log2(np.maximum(np.fft.rfftfreq(length, 1 / rate), 1.0))
    gain = 10 ** (share * np.interp(octaves, np.log2(hertz), decibels) / 20)
    return np.fft.irfft(np.fft.rfft(samples, length) * gain, length)[: samples.size]


def _compressed(samples: Signal, rate: int, share: float) -> Signal:
    length = 1 << (samples.size + round(8 * _SMOOTHING_S * rate)).bit_length()
    gaussian = np.exp(-2 * (np.pi * _SMOOTHING_S * np.fft.rfftfreq(length, 1 / rate)) ** 2)
    power = np.fft.irfft(np.fft.rfft(samples**2, length) * gaussian, length)[: samples.size]
    below = -10 * np.log10(np.maximum(power / power.max(), 1e-12))
    quiet = np.clip((_SILENT_DB - below) / (_SILENT_DB - _RANGE_DB), 0.0, 1.0)
    raised: Signal = samples * 10 ** (share * np.minimum(below, _RANGE_DB) * quiet / 20)
    return raised
