"""Estimates from the microphone how well the lifter can hear the coach.

The microphone measures how far the noise is below the lifter's voice. The noise is assumed to be as far below the
coach's voice: people set headphones about as loud as talk, and a loudspeaker across the room is as far from the lifter
as the lifter is from it. The volume that the lifter asks for ("louder", "quieter") does not count here: it changes only
the level.

Law: the result depends only on the samples and on the spans given to `spoke`.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from coach.audio.pcm import FULL
from coach.audio.room import LIFTER_LEVEL
from coach.audio.room_level import BAND
from coach.ports import Pcm

_FRAME_S = 0.1
_KEPT_S = 8.0
"""Duration of sound that is kept. It is longer than any command. The level of talk of six people changes by 1 dB from
one such span to the next."""
_MIN_SOUND_S = 1.0
"""Duration of sound that is needed for the first estimate."""
_QUIET_SHARE = 30
"""Percentile of the frames that is the room's level. Louder frames may contain the lifter, or the rest of the coach's
echo."""
_USUAL_DB = 20 * np.log10(LIFTER_LEVEL / FULL)
"""Level of a lifter's voice before the first one was heard, in decibels of full scale."""
_FARTHEST_DB = 15.0
"""Largest difference of a voice from the usual level, in decibels: a slammed door is not a voice."""
_LEARNING_SHARE = 0.3
"""Share of the difference by which one utterance moves the estimate of the lifter's level."""


class Surroundings:
    """Measures the room and the lifter's voice. `take` must get every sample; `spoke` says where the lifter spoke."""

    def __init__(self, rate: int) -> None:
        """`rate`: samples a second of the microphone."""
        self.snr = float("inf")
        """Decibels of the lifter's voice over the room; infinite in the first second. Any thread may read it."""
        self._size = round(_FRAME_S * rate)
        self._rest: Pcm = np.zeros(0, np.int16)
        self._powers: deque[float] = deque(maxlen=round(_KEPT_S / _FRAME_S))
        self._frames = 0
        """Number of frames measured so far."""
        self._voice_db = float(_USUAL_DB)
        hertz = np.fft.rfftfreq(self._size, 1 / rate)
        self._band = (hertz >= BAND[0]) & (hertz <= BAND[1])

    def take(self, pcm: Pcm) -> None:
        """Measure any number of the microphone's next samples. The coach's own voice must already be removed."""
        sound = np.concatenate([self._rest, pcm])
        whole = len(sound) - len(sound) % self._size
        self._rest = sound[whole:]
        for frame in sound[:whole].reshape(-1, self._size):
            spectrum = np.fft.rfft(frame / FULL)[self._band]
            # Twice, for both halves of the spectrum; plus the power of 16-bit rounding, so that it is never zero.
            self._powers.append(2 * float(np.vdot(spectrum, spectrum).real) / self._size**2 + 1e-10)
            self._frames += 1
        if whole:
            self._update()

    def lifter_spoke(self, began: float, ended: float) -> None:
        """The lifter spoke from `began` to `ended`, in seconds of the sound taken. A span no longer kept is ignored."""
        oldest = self._frames - len(self._powers)
        first, last = (round(at / _FRAME_S) - oldest for at in (began, ended))
        spoken = list(self._powers)[max(first, 0) : max(last, 0)]
        if not spoken:
            return
        # The measured power contains the room's noise, too.
        power = max(float(np.mean(spoken)) - self._room(), 1e-10)
        level = min(max(10 * np.log10(power), _USUAL_DB - _FARTHEST_DB), _USUAL_DB + _FARTHEST_DB)
        self._voice_db += _LEARNING_SHARE * (float(level) - self._voice_db)
        self._update()

    def _room(self) -> float:
        """The power of the room's noise."""
        return float(np.percentile(self._powers, _QUIET_SHARE))

    def _update(self) -> None:
        if self._frames * _FRAME_S >= _MIN_SOUND_S:
            self.snr = self._voice_db - 10 * float(np.log10(self._room()))
