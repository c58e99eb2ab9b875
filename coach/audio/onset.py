"""The audible onset of a spoken clip: where the ear hears its first word begin.

Law: a pure function of the samples; the same clip has the same onset on every machine.
"""

from __future__ import annotations

import numpy as np

from coach.audio.pcm import Signal
from coach.ports import Pcm

_VOWEL_BAND_HZ = (300.0, 2000.0)
"""Band of the vowels in hertz. The hiss of f, h, s, t lies above it, the voice's hum and rumble below."""

_SMOOTHING_S = 0.008
"""Sigma of the smoothing in seconds. It removes the pitch (less than 1 % is left of 80 Hz and above) and keeps the rise
of a vowel."""

_SEARCHED_S = 0.5
"""Seconds from the first sound in which the onset is looked for: a word or two."""

_SOUND_SHARE = 0.05
"""Share of the clip's peak from which a sample counts as sound."""


def audible_onset(pcm: Pcm, rate: int) -> int:
    """The sample at which the ear hears the clip happen; 0 in silence. `pcm` has shape (n,).

    Words whose first samples are a second apart do not sound a second apart: the ear hears a word at the rise of its
    vowel (the perceptual centre of Morton, Marcus & Frankish, 1976), not at the hiss before the vowel. Defined here
    after Scott (1993) and Cummins & Port (1998): the point where the amplitude envelope of the vowel band first reaches
    half its peak. The smoothing is symmetric: a sudden start keeps its place, a ramp has its onset at its middle.
    """
    level = np.abs(pcm.astype(np.float64))
    if not level.any():
        return 0
    first = int(np.argmax(level >= _SOUND_SHARE * level.max()))
    begin = max(0, first - round(4 * _SMOOTHING_S * rate))
    envelope = _envelope(pcm[begin : first + round(_SEARCHED_S * rate)].astype(np.float64), rate)
    return begin + int(np.argmax(envelope >= 0.5 * envelope.max()))


def audible_end(pcm: Pcm) -> int:
    """The sample behind the last one that is loud enough to count as sound; 0 in silence. `pcm` has shape (n,)."""
    level = np.abs(pcm.astype(np.float64))
    return int(np.flatnonzero(level >= _SOUND_SHARE * level.max())[-1]) + 1 if level.any() else 0


def _envelope(samples: Signal, rate: int) -> Signal:
    """Smoothed magnitude of the vowel band's analytic signal; it has the shape of `samples`."""
    pad = round(4 * _SMOOTHING_S * rate)
    length = 1 << (samples.size + 2 * pad).bit_length()
    hertz = np.fft.fftfreq(length, 1 / rate)
    octaves = np.log2(np.maximum(hertz, 1.0))
    low, high = np.log2(_VOWEL_BAND_HZ)
    # The band's edges slope over half an octave: sharp edges would ring in time.
    band = np.clip((octaves - low) * 2 + 1, 0, 1) * np.clip((high - octaves) * 2 + 1, 0, 1)
    padded = np.pad(samples, (pad, length - pad - samples.size))
    magnitude = np.abs(np.fft.ifft(np.fft.fft(padded) * band))
    gaussian = np.exp(-2 * (np.pi * _SMOOTHING_S * hertz) ** 2)
    smooth = np.fft.ifft(np.fft.fft(magnitude) * gaussian).real
    return smooth[pad : pad + samples.size]
