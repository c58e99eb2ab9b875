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
_ADDED_POWER = 1e4
"""Power of one bin (40 dB) that is added to every frame. Otherwise every sound after digital silence would be loud."""
_RECENT_S = 0.1
"""Window of `RoomLevel.recent_over_room`. Where six people talk at once, the standard deviation of the level is 3.7 dB
for single frames and 2.7 dB for windows of 0.1 s. A voice that is 10 dB louder is above 95 % of that talk in 52 % of
its single frames, but in 66 % of its windows."""
_MAX_STEP_DB = 0.5
"""Largest step of the room's estimate per frame, in decibels; unbroken sound may raise it further."""
_UNBROKEN_S = 1.5
"""Sound that never fell below a level for this long is the room: words fall below it within a second."""


class RoomLevel:
    """Measures frames and estimates the room. Call `take` with every frame, then `learn`."""

    def __init__(self, frame: int) -> None:
        """`frame`: length of a frame in samples at 16 kHz."""
        self.newest_over_room = 0.0
        """Decibels of the newest frame over the room. The window also covers half of the frame before."""
        self.recent_over_room = 0.0
        """Decibels of the mean power of the last 0.1 s over the room."""
        self.level = 0.0
        """Decibels of the mean power of the last 0.1 s, not over the room."""
        self._half = frame // 2
        self._sound: npt.NDArray[np.float64] = np.zeros(frame + self._half)
        self._window = np.hanning(len(self._sound) + 1)[:-1]
        bins = np.flatnonzero(np.abs(np.fft.rfftfreq(len(self._sound), 1 / _RATE) - sum(BAND) / 2) < np.ptp(BAND) / 2)
        self._band = slice(int(bins[0]), int(bins[-1]) + 1)
        self._powers: deque[float] = deque(maxlen=round(_RECENT_S * _RATE / frame))
        self._levels: deque[float] = deque(maxlen=round(_UNBROKEN_S * _RATE / frame))
        self._room: float | None = None
        """The estimate of the room's level in decibels; None before the first frame."""

    def take(self, frame: Pcm) -> None:
        """Measure the next frame."""
        self._sound[: self._half] = self._sound[-self._half :]
        self._sound[self._half :] = frame
        spectrum = np.fft.rfft(self._sound * self._window)[self._band]
        self._powers.append(float(np.vdot(spectrum, spectrum).real) / len(spectrum) + _ADDED_POWER)
        self.level = level = 10 * math.log10(sum(self._powers) / len(self._powers))
        self._levels.append(level)
        if self._room is None:
            self._room = level
        self.newest_over_room = 10 * math.log10(self._powers[-1]) - self._room
        self.recent_over_room = level - self._room

    def learn(self, share: float) -> None:
        """Move the room's estimate towards the level of the last 0.1 s, by this share of the difference. Give 0 while
        somebody speaks. Even then it is raised to the lowest level of the last `_UNBROKEN_S`, if that is higher.
        """
        if self._room is None:
            return
        self._room += min(max(share * self.recent_over_room, -_MAX_STEP_DB), _MAX_STEP_DB)
        if len(self._levels) == self._levels.maxlen:
            self._room = max(self._room, min(self._levels))
