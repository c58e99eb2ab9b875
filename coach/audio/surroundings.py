"""How well the coach can be heard where the lifter is, told from what the microphone hears.

The microphone says how far the noise lies below the lifter's voice. That much it is taken to lie below the coach's:
people set headphones about as loud as talk, and a loudspeaker that talks across the room is as far away as the lifter
is. What is asked for with "louder" and "quieter" is left out: it changes the level and nothing else.

Law: it depends on the samples alone.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from coach.audio.loudness import FULL
from coach.audio.room_level import BAND
from coach.ports import Pcm

_FRAME_S = 0.1
_KEPT_S = 8.0
"""Longer than any command; talk of six people changes by 1 dB from one such time to the next."""
_LEAST_S = 1.0
_QUIET_SHARE = 30
"""Percentile of the frames that is the room's level; the lifter, and what is left of the coach, fill the others."""
_USUAL_DB = 20 * np.log10(0.06)
"""Decibels of full scale of a lifter's voice before one was heard: `room.LIFTER_LEVEL`."""
_FARTHEST_DB = 15.0
"""A voice is taken to be no farther from the usual one: a slammed door is no voice."""
_SHARE = 0.3
"""Of the way that one utterance moves the lifter's level."""


class Surroundings:
    """Give every sample to `take`, and tell with `spoke` where in them the lifter was."""

    def __init__(self, rate: int) -> None:
        """`rate` of the microphone."""
        self.snr = float("inf")
        """Decibels of the voice over the room; infinite until a second was heard. Any thread may read it."""
        self._rate = rate
        self._size = round(_FRAME_S * rate)
        self._rest: Pcm = np.zeros(0, np.int16)
        self._powers: deque[float] = deque(maxlen=round(_KEPT_S / _FRAME_S))
        self._heard = 0
        """Frames."""
        self._voice_db = float(_USUAL_DB)
        hertz = np.fft.rfftfreq(self._size, 1 / rate)
        self._band = (hertz >= BAND[0]) & (hertz <= BAND[1])

    def take(self, pcm: Pcm) -> None:
        """Measure the microphone's next samples, any number; the coach's own voice taken out."""
        sound = np.concatenate([self._rest, pcm])
        whole = len(sound) - len(sound) % self._size
        self._rest = sound[whole:]
        for frame in sound[:whole].reshape(-1, self._size):
            spectrum = np.fft.rfft(frame / FULL)[self._band]
            # Both halves of the spectrum; at least the rounding of 16 bits.
            self._powers.append(2 * float(np.vdot(spectrum, spectrum).real) / self._size**2 + 1e-10)
            self._heard += 1
        if whole:
            self._judge()

    def spoke(self, began: float, ended: float) -> None:
        """The lifter spoke in that span; seconds of the sound that was taken. Nothing where it is no longer known."""
        oldest = self._heard - len(self._powers)
        first, last = (round(at / _FRAME_S) - oldest for at in (began, ended))
        spoken = list(self._powers)[max(first, 0) : max(last, 0)]
        if not spoken:
            return
        # The room was in it, too.
        power = max(float(np.mean(spoken)) - self._room(), 1e-10)
        level = min(max(10 * np.log10(power), _USUAL_DB - _FARTHEST_DB), _USUAL_DB + _FARTHEST_DB)
        self._voice_db += _SHARE * (float(level) - self._voice_db)
        self._judge()

    def _room(self) -> float:
        """Its power."""
        return float(np.percentile(self._powers, _QUIET_SHARE))

    def _judge(self) -> None:
        if self._heard * _FRAME_S >= _LEAST_S:
            self.snr = self._voice_db - 10 * float(np.log10(self._room()))
