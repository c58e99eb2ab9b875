"""Shapes a spoken line to be understood in a loud room: raises the treble and compresses the dynamic range.

Law: pure; step 0 returns the same samples. The loudness in LUFS and the number of samples do not change. All filters
are symmetric in time, so that nothing moves.

After Zorila, Kandia and Stylianou (Interspeech 2012), who sharpen the formants, raise the treble and compress the
range. Sharpening is left out: with sharpened formants fewer words of the coach's voice are understood.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from coach.audio.loudness import levelled, loudness
from coach.audio.onset import audible_onset
from coach.audio.pcm import FULL, Signal, to_pcm
from coach.ports import Clip, Pcm


@dataclass(frozen=True, slots=True)
class _Step:
    """How much a line is shaped."""

    below_snr: float
    """The step is for a voice that is less than this many decibels over the noise."""
    tilt: float
    """Share of `_TILT_DB` that is applied."""
    compression: float
    """Share of the distance in decibels between a level and the line's loudest level that is removed."""


_STEPS = (
    _Step(below_snr=float("inf"), tilt=0.0, compression=0.0),
    _Step(below_snr=18.0, tilt=0.4, compression=0.3),
    _Step(below_snr=12.0, tilt=0.6, compression=0.5),
    _Step(below_snr=7.0, tilt=0.7, compression=0.7),
)
STEPS = len(_STEPS)
_HOLD_DB = 1.5
"""A step lasts until the noise is this many decibels beyond the step's end, so that the counts of a set sound alike."""

_TILT_HZ = (50.0, 100.0, 200.0, 400.0, 800.0, 1500.0, 3000.0, 6000.0, 11025.0)
_TILT_DB = (-16.0, -15.5, -13.0, -8.5, -3.5, 0.5, 3.5, 5.0, 5.3)
"""Gain in decibels at each frequency, interpolated linearly over octaves: the response of y[n] = x[n] - 0.85 x[n-1]."""
_SMOOTHING_S = 0.004
"""Sigma of the envelope's smoothing. A shorter one follows the pitch, which is heard as a rasp; with a longer one soft
consonants drown."""
_RANGE_DB = 30.0
"""Range below the loudest level in which levels are raised fully. Softer levels are raised less."""
_SILENT_DB = 50.0
"""Levels this far below the loudest one are not raised."""
_ONSET_MOVES_S = 0.04
"""Largest move of an onset. Of the counts in the voice "joe", "three" moves by 38 ms, the others by 22 ms or less."""


def step_for(snr: float, now: int | None = None) -> int:
    """The step for a voice that is `snr` decibels over the noise. `now`: the present step; it is held by `_HOLD_DB`."""
    hold = 0.0 if now is None else _HOLD_DB
    least, most = (sum(snr + off < step.below_snr for step in _STEPS[1:]) for off in (hold, -hold))
    return least if now is None else min(max(now, least), most)


def shaped(pcm: Pcm, rate: int, step: int) -> Pcm:
    """The line shaped for a room; `pcm` and the result have shape (n,). IndexError for a step that does not exist."""
    how = _STEPS[step]
    now = loudness(pcm, rate)
    if not step or now == float("-inf"):
        return pcm
    samples = _compressed(_tilted(pcm.astype(np.float64), rate, how.tilt), rate, how.compression)
    # Make the samples loud enough for 16 bits and far from clipping; `levelled` sets the loudness.
    samples *= 0.5 * FULL / np.abs(samples).max()
    return levelled(to_pcm(samples), rate, now)


def clip_for_room(clip: Clip, step: int) -> Clip:
    """The clip with its line shaped. The onset is measured again, because a compressed vowel rises earlier."""
    if not step:
        return clip
    pcm = shaped(clip.pcm, clip.rate, step)
    onset = audible_onset(pcm, clip.rate)
    # An onset that moved further belongs to another syllable, which was too soft before: keep the old onset.
    moved = abs(onset - clip.onset) > _ONSET_MOVES_S * clip.rate
    return Clip(pcm, clip.rate, clip.onset if moved else onset)


def _tilted(samples: Signal, rate: int, share: float) -> Signal:
    length = 1 << (samples.size + rate // 10).bit_length()
    octaves = np.log2(np.maximum(np.fft.rfftfreq(length, 1 / rate), 1.0))
    gain = 10 ** (share * np.interp(octaves, np.log2(_TILT_HZ), _TILT_DB) / 20)
    return np.fft.irfft(np.fft.rfft(samples, length) * gain, length)[: samples.size]


def _compressed(samples: Signal, rate: int, share: float) -> Signal:
    length = 1 << (samples.size + round(8 * _SMOOTHING_S * rate)).bit_length()
    gaussian = np.exp(-2 * (np.pi * _SMOOTHING_S * np.fft.rfftfreq(length, 1 / rate)) ** 2)
    power = np.fft.irfft(np.fft.rfft(samples**2, length) * gaussian, length)[: samples.size]
    below = -10 * np.log10(np.maximum(power / power.max(), 1e-12))
    quiet = np.clip((_SILENT_DB - below) / (_SILENT_DB - _RANGE_DB), 0.0, 1.0)
    raised: Signal = samples * 10 ** (share * np.minimum(below, _RANGE_DB) * quiet / 20)
    return raised
