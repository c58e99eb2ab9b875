"""Where in a spoken clip the ear hears the beat.

Law: a pure function of the samples; the same clip has the same onset on every machine.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from coach.ports import Pcm

Signal = npt.NDArray[np.float64]

_BAND = (300.0, 2000.0)
"""Hertz. Vowels live here; the hiss of f, h, s, t lies above it, the voice's hum and rumble below."""

_SMOOTHING = 0.008
"""Seconds, one sigma. Hides the pitch (of 80 Hz and up less than 1 % is left), keeps the rise of a vowel."""

_OPENING = 0.5
"""Seconds from the first sound within which the beat is looked for: a word or two."""

_SOUND = 0.05
"""Of the clip's peak: the first sample as strong as this begins the opening."""


def audible_onset(pcm: Pcm, rate: int) -> int:
    """Sample at which the clip is heard to happen; 0 in silence. `pcm` has shape (n,).

    Words whose first samples are a second apart do not sound a second apart: the ear takes the moment a
    vowel comes up (the perceptual centre of Morton, Marcus & Frankish, 1976), not the hiss before it.
    Defined here after Scott (1993) and Cummins & Port (1998): the amplitude envelope of the vowel band,
    and in it the point midway up the rise, which is where it first reaches half its peak. The smoothing is
    symmetric, so a sudden start lies where it is and a ramp lies at its middle.
    """
    level = np.abs(pcm.astype(np.float64))
    if not level.any():
        return 0
    first = int(np.argmax(level >= _SOUND * level.max()))
    begin = max(0, first - round(4 * _SMOOTHING * rate))
    envelope = _envelope(pcm[begin : first + round(_OPENING * rate)].astype(np.float64), rate)
    return begin + int(np.argmax(envelope >= 0.5 * envelope.max()))


def audible_end(pcm: Pcm) -> int:
    """Sample after the last one that is heard; 0 in silence. `pcm` has shape (n,)."""
    level = np.abs(pcm.astype(np.float64))
    return int(np.flatnonzero(level >= _SOUND * level.max())[-1]) + 1 if level.any() else 0


def _envelope(samples: Signal, rate: int) -> Signal:
    """Smoothed magnitude of the vowel band's analytic signal, shape as `samples`."""
    pad = round(4 * _SMOOTHING * rate)
    length = 1 << (samples.size + 2 * pad).bit_length()
    hertz = np.fft.fftfreq(length, 1 / rate)
    octaves = np.log2(np.maximum(hertz, 1.0))
    low, high = np.log2(_BAND)
    # Half an octave of slope on either side: a wall in frequency would ring in time.
    band = np.clip((octaves - low) * 2 + 1, 0, 1) * np.clip((high - octaves) * 2 + 1, 0, 1)
    padded = np.pad(samples, (pad, length - pad - samples.size))
    magnitude = np.abs(np.fft.ifft(np.fft.fft(padded) * band))
    gaussian = np.exp(-2 * (np.pi * _SMOOTHING * hertz) ** 2)
    smooth = np.fft.ifft(np.fft.fft(magnitude) * gaussian).real
    return smooth[pad : pad + samples.size]
