"""How loud the newest sound is over the room it is in.

Law: it depends on the samples alone, and on which of the frames are said to be the room's.
"""

from __future__ import annotations

import math
from collections import deque

import numpy as np
import numpy.typing as npt

from coach.ports import Pcm

_RATE = 16_000
BAND = (200.0, 4000.0)
"""Hertz; below is bass and rumble, above hiss."""
_HUSH = 1e4
"""Power of one bin, 40 dB, below which no room is quiet: digital silence would make everything loud."""
_LATELY_S = 0.1
"""Talk of six people swings by 3.7 dB (standard deviation) from frame to frame, by 2.7 dB over 0.1 s; of a voice 10 dB
louder 52 and 66 % of the frames lie above 95 % of such talk."""
_STEP = 0.5
"""Decibels that the room's estimate moves at most in a frame."""
_UNBROKEN_S = 1.5
"""Sound that never fell below a level for this long is the room: words do within a second."""


class RoomLevel:
    """Give every frame to `take`, then say with `learn` how much of a room it was."""

    def __init__(self, frame: int) -> None:
        """`frame` in samples at 16 kHz."""
        self.now = 0.0
        """Decibels of the newest frame over the room; its window reaches back over half of the frame before."""
        self.lately = 0.0
        """The same for the mean power of the last 0.1 s."""
        self.level = 0.0
        """Decibels of the last 0.1 s."""
        self._half = frame // 2
        self._sound: npt.NDArray[np.float64] = np.zeros(frame + self._half)
        self._window = np.hanning(len(self._sound) + 1)[:-1]
        bins = np.flatnonzero(np.abs(np.fft.rfftfreq(len(self._sound), 1 / _RATE) - sum(BAND) / 2) < np.ptp(BAND) / 2)
        self._band = slice(int(bins[0]), int(bins[-1]) + 1)
        self._powers: deque[float] = deque(maxlen=round(_LATELY_S * _RATE / frame))
        self._levels: deque[float] = deque(maxlen=round(_UNBROKEN_S * _RATE / frame))
        self._room: float | None = None
        """Decibels."""

    def take(self, frame: Pcm) -> None:
        """Measure the next frame."""
        self._sound[: self._half] = self._sound[-self._half :]
        self._sound[self._half :] = frame
        spectrum = np.fft.rfft(self._sound * self._window)[self._band]
        self._powers.append(float(np.vdot(spectrum, spectrum).real) / len(spectrum) + _HUSH)
        self.level = level = 10 * math.log10(sum(self._powers) / len(self._powers))
        self._levels.append(level)
        if self._room is None:
            self._room = level
        self.now = 10 * math.log10(self._powers[-1]) - self._room
        self.lately = level - self._room

    def learn(self, share: float) -> None:
        """Move the room's estimate by this share of the way to the last 0.1 s; 0 while somebody speaks."""
        if self._room is None:
            return
        self._room += min(max(share * self.lately, -_STEP), _STEP)
        if len(self._levels) == self._levels.maxlen:
            self._room = max(self._room, min(self._levels))
