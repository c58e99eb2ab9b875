"""The loudspeaker's sound at the microphone's rate and on the microphone's clock, as an echo canceller needs it.

Law: the samples follow each other without a gap. When the clock is corrected, the place in the mix moves by small
steps, because a canceller must learn the room again after every jump.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from coach.audio.mixer import Mixer
from coach.audio.pcm import to_pcm
from coach.ports import Pcm

_TAPS = 24
"""Samples of the mix from which one sample of the reference is computed; half of them lie later, up to 0.5 ms."""
_PHASES = 256
"""Number of places between two samples that have weights of their own: errors are 50 dB below speech."""
_PASSBAND = 0.9
"""Share of the lower rate's band that passes."""
_CORRECTED_SHARE = 0.02
"""Share of the difference between the clock and the place in the mix that is corrected per frame: most of it within a
second."""
_JUMP_S = 0.02
"""A larger difference between the clock and the place in the mix is a gap in the sound: the place jumps."""

Weights = npt.NDArray[np.float32]


class Reference:
    """The mix of one loudspeaker, resampled for one microphone."""

    def __init__(self, mixer: Mixer, rate: int) -> None:
        """`rate`: samples a second of the microphone."""
        self._mixer = mixer
        self._step = mixer.rate / rate
        self._weights = _weights(min(1.0, rate / mixer.rate) * _PASSBAND)
        self._next: float | None = None
        """Place of the next sample in the mix, in samples of the mix."""

    def take(self, begins: float, n: int) -> Pcm:
        """The next `n` samples; `begins`: seconds of the mixer's clock at the first one."""
        place = begins * self._mixer.rate
        if self._next is None or abs(place - self._next) > _JUMP_S * self._mixer.rate:
            self._next = place
        else:
            self._next += (place - self._next) * _CORRECTED_SHARE
        places = self._next + self._step * np.arange(n)
        self._next += self._step * n
        whole = np.floor(places).astype(np.int64)
        phases = ((places - whole) * _PHASES).astype(np.int64)
        first = int(whole[0]) - _TAPS // 2 + 1
        played = self._mixer.played(first, int(whole[-1]) - int(whole[0]) + _TAPS)
        if not played.any():
            return np.zeros(n, np.int16)
        pieces = np.lib.stride_tricks.sliding_window_view(played.astype(np.float32), _TAPS)[whole - whole[0]]
        sound = np.einsum("nt,nt->n", pieces, self._weights[phases])
        return to_pcm(sound)


def _weights(band: float) -> Weights:
    """Weights of the samples around a place, by its phase, shape (phases, taps): a windowed low-pass filter."""
    phases = (np.arange(_PHASES) + 0.5)[:, None] / _PHASES
    away = np.arange(_TAPS) - (_TAPS // 2 - 1) - phases
    weights = np.sinc(band * away) * np.cos(np.pi * away / (_TAPS + 1)) ** 2
    level: Weights = (weights / np.sum(weights, axis=1, keepdims=True)).astype(np.float32)
    return level
