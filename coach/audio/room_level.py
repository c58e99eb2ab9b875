"""How many decibels the newest sound is over the room's own level.

Law: the result depends only on the samples and on which frames `learn` says are the room's.
"""

from __future__ import annotations

import math
from collections import deque

import numpy as np
import numpy.typing as npt

from coach.ports import Pcm

_RATE = 16_000
BAND = (200.0, 4000.0)
"""The band that is measured, in hertz: below it are bass and rumble, above it is hiss."""
_HUSH = 1e4
"""Power of one bin (40 dB) that is added to every frame. Otherwise every sound after digital silence would be loud."""
_LATELY_S = 0.1
"""Window of `RoomLevel.lately`. The level of talk of six people has a standard deviation of 3.7 dB from frame to frame,
of 2.7 dB over 0.1 s. Of a voice 10 dB louder, 52 % of the single frames and 66 % of the 0.1 s windows lie above 95 % of
such talk."""
_STEP = 0.5
"""Largest step of the room's estimate per frame, in decibels."""
_UNBROKEN_S = 1.5
"""Sound that never fell below a level for this long is the room: words fall below it within a second."""


class RoomLevel:
    """Measures frames and estimates the room. Call `take` with every frame, then `learn` to say how much it is room."""

    def __init__(self, frame: int) -> None:
        """`frame`: length of a frame in samples at 16 kHz."""
        self.now = 0.0
        """Decibels of the newest frame over the room. The window also covers half of the frame before."""
        self.lately = 0.0
        """Decibels of the mean power of the last 0.1 s over the room."""
        self.level = 0.0
        """Decibels of the mean power of the last 0.1 s."""
        self._half = frame // 2
        self._sound: npt.NDArray[np.float64] = np.zeros(frame + self._half)
        self._window = np.hanning(len(self._sound) + 1)[:-1]
        bins = np.flatnonzero(np.abs(np.fft.rfftfreq(len(self._sound), 1 / _RATE) - sum(BAND) / 2) < np.ptp(BAND) / 2)
        self._band = slice(int(bins[0]), int(bins[-1]) + 1)
        self._powers: deque[float] = deque(maxlen=round(_LATELY_S * _RATE / frame))
        self._levels: deque[float] = deque(maxlen=round(_UNBROKEN_S * _RATE / frame))
        self._room: float | None = None
        """The estimate of the room's level in decibels; None before the first frame."""

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
        """Move the room's estimate towards the level of the last 0.1 s, by this share of the difference. Give 0 while
        somebody speaks.
        """
        if self._room is None:
            return
        self._room += min(max(share * self.lately, -_STEP), _STEP)
        if len(self._levels) == self._levels.maxlen:
            self._room = max(self._room, min(self._levels))
