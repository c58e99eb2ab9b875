"""The reverberation of a room: instead of single echoes, a tail of noise that fades as fast as the room's sound does.

Law: streaming. The output depends on the samples so far, not on when they came; nothing is delayed.
"""

from __future__ import annotations

import numpy as np

from coach.audio.noises import Chance
from coach.audio.pcm import Signal

_VOLUME_M3 = 200.0
"""Volume of a small gym."""
_FIRST_WALL_S = 0.003
"""Time after which the first reflection arrives."""


def response(reverb_s: float, rate: int, chance: Chance, distance_m: float = 1.0) -> Signal:
    """The room's impulse response: a click, then an exponentially decaying noise. Its energy is one, to keep levels.

    `distance_m`: distance from mouth to microphone. The strength of the tail follows from Sabine: at a distance of
    0.057 * sqrt(V / RT60) metres the direct sound is as strong as the tail.
    """
    if not reverb_s:
        return np.ones(1)
    seconds = np.arange(round(reverb_s * rate)) / rate
    tail = chance.standard_normal(len(seconds)) * 10 ** (-3 * seconds / reverb_s)
    tail[seconds < _FIRST_WALL_S] = 0.0
    critical_m = 0.057 * np.sqrt(_VOLUME_M3 / reverb_s)
    tail *= distance_m / critical_m / np.sqrt(np.sum(tail**2))
    tail[0] = 1.0
    heard: Signal = tail / np.sqrt(np.sum(tail**2))
    return heard


class Convolver:
    """Convolves a stream with a response, block by block, in the spectrum. The response is cut into blocks, too."""

    def __init__(self, response: Signal, block: int) -> None:
        """`block`: length of a block in samples."""
        parts = -(-len(response) // block)
        padded = np.zeros(parts * block)
        padded[: len(response)] = response
        self._block = block
        self._parts = np.fft.rfft(padded.reshape(parts, block), 2 * block)
        self._past = np.zeros_like(self._parts)
        """Spectra of the blocks that still sound, the newest first."""
        self._before: Signal = np.zeros(block)

    def convolve(self, block: Signal) -> Signal:
        """The convolution of the next block; the result is as long as the block."""
        if len(block) != self._block:
            raise ValueError(f"a block of {len(block)!r} samples: give {self._block}")
        self._past = np.roll(self._past, 1, axis=0)
        self._past[0] = np.fft.rfft(np.concatenate([self._before, block]))
        self._before = block
        heard: Signal = np.fft.irfft(np.sum(self._past * self._parts, axis=0))[self._block :]
        return heard
