"""Whether a microphone that gives samples hears anything.

Zeros alone prove nothing: headsets with a noise gate, and sinks that nobody plays into, give exact zeros between words.
But a microphone that gave a room's noise, and then nothing but zeros, is muted or dead. A microphone that never gave
anything louder than its own noise may be muted or dead, too. With an open loudspeaker the coach's own voice must come
back.

Law: pure; the result depends only on the samples, and on when the coach's voice must be audible in them.
"""

from __future__ import annotations

from collections import deque
from enum import Enum

import numpy as np

from coach.audio.pcm import FULL
from coach.ports import Pcm

DEAD_S = 1.0
"""Seconds of zeros, after noise, from which the microphone is dead. They need not be longer than a gate's pauses:
a gate is recognised by the sound before its zeros."""
OWN_NOISE_S = 10.0
"""Seconds without a block of zeros after which the microphone has a noise of its own. A gate that stays open so long
hears a voice or music."""
_ROOM_NOISE_DB = -40.0
"""Level in decibels of full scale. The softest tenth of a room's noise is softer; the softest tenth of music or talk
through an open gate is louder."""
NEVER_ZEROS_S, NEVER_NOISE_S = 30.0, 60.0
"""Seconds from the beginning, with zeros only and with noise only, from which the microphone hears nothing. By then the
coach has greeted and somebody has moved, or nobody is in the room."""
_SOUND_OVER_NOISE_DB, _SOUND_BLOCKS = 10.0, 3
"""A sound (a step, a plate, a word) is louder than the noise by so many decibels, for so many blocks (60 ms)."""
_CAME_BACK_DB, _SURELY_BACK_DB = 6.0, 12.0
"""Decibels over the noise from which a block contains the coach's voice, and from which it surely does."""
_BACK_BLOCKS = 5
"""Number of such blocks (0.1 s) in a line that came back."""
_LINE_S = (0.5, 3.0)
"""Seconds of a line. A shorter line proves nothing; a longer one, such as the counts of a set, is judged in pieces."""
_MISSED_LINES, _MISSED_S = 5, 5.0
"""Number and total seconds of lines in a row that did not come back, from which something is wrong."""
_KNOWN_LINES = 3
"""Number of lines that surely came back, after which the coach's voice is known to come back."""
_NOISE_ROSE_DB = 3.0
"""Rise of the noise, in decibels, from which the microphone surely hears: it hears the noise, and the coach's voice may
be softer than the noise."""
_BLOCKS_PER_ESTIMATE = 25
"""Number of blocks between two estimates of the noise."""
_DITHER_DB = -60.0
"""Level in decibels of full scale. A louder sound after nothing but zeros is not dither."""


class MicrophoneState(Enum):
    """Whether a microphone works."""

    HEARS = "hears"
    """Nothing shows that the microphone does not hear."""
    DEAD = "dead"
    """The microphone has heard something before and does not hear any more."""
    HEARS_NOTHING = "nothing"
    """The microphone has not heard anything yet, and should have."""


class MicrophoneCheck:
    """Judges one microphone; `take` must get all its samples from the beginning."""

    def __init__(self, rate: int) -> None:
        """`rate`: samples a second of the microphone."""
        self._rate = rate
        self._seconds = self._noisy_s = self._zeros_s = 0.0
        """Seconds since the beginning; seconds since the last block of zeros; seconds of zeros up to now."""
        self._noise_before_zeros = False
        """Whether the microphone's own noise was heard until the zeros began."""
        self._levels: deque[float] = deque(maxlen=round(OWN_NOISE_S / 0.02))
        """Levels of the last blocks that were not zeros, in decibels of full scale."""
        self._noise = 0.0
        """Level of the noise in pauses, in decibels of full scale."""
        self._blocks = self._loud_blocks = 0
        """Number of blocks that were not zeros, and of blocks in a row up to now that were louder than the noise."""
        self._heard = False
        """Whether any sound louder than the noise was heard."""
        self._only_zeros = True
        """Whether all blocks were zeros, except loud ones too short for a sound."""
        self._own_echo = _OwnEcho()

    def take(self, pcm: Pcm, own_voice: bool = False) -> MicrophoneState:
        """Judge with the next block, about 20 ms. `own_voice`: the block contains the coach's voice, if all is well."""
        seconds = len(pcm) / self._rate
        self._seconds += seconds
        over = self._take_sound(pcm, seconds) if pcm.any() else self._take_zeros(seconds)
        self._own_echo.take(own_voice, over, seconds, self._noise)
        if (self._noise_before_zeros and self._zeros_s >= DEAD_S) or self._own_echo.is_gone:
            return MicrophoneState.DEAD
        late = self._seconds >= (NEVER_ZEROS_S if self._only_zeros else NEVER_NOISE_S)
        heard_nothing = (late and not self._heard) or self._own_echo.never_came
        return MicrophoneState.HEARS_NOTHING if heard_nothing else MicrophoneState.HEARS

    def _take_sound(self, pcm: Pcm, seconds: float) -> float:
        """Take a block that is not zeros; returns its level in decibels over the noise."""
        level = 10 * float(np.log10(np.mean((pcm / FULL) ** 2)))
        after_zeros = self._only_zeros and self._seconds > DEAD_S
        if self._blocks % _BLOCKS_PER_ESTIMATE == 0 and self._levels:
            self._noise = float(np.percentile(self._levels, 20))
        elif self._blocks < _BLOCKS_PER_ESTIMATE:
            self._noise = min(self._noise, level)
        self._blocks += 1
        self._levels.append(level)
        over = level - (_DITHER_DB - _SOUND_OVER_NOISE_DB if after_zeros else self._noise)
        self._loud_blocks = self._loud_blocks + 1 if over > _SOUND_OVER_NOISE_DB else 0
        if self._loud_blocks >= _SOUND_BLOCKS:
            self._heard = True
        self._noisy_s += seconds
        self._zeros_s, self._noise_before_zeros = 0.0, False
        self._only_zeros = self._only_zeros and not self._heard and self._loud_blocks > 0
        return over

    def _take_zeros(self, seconds: float) -> float:
        if not self._zeros_s:
            softest = float(np.percentile(self._levels, 10)) if self._levels else 0.0
            self._noise_before_zeros = self._noisy_s >= OWN_NOISE_S and softest <= _ROOM_NOISE_DB
        self._zeros_s += seconds
        self._noisy_s, self._loud_blocks = 0.0, 0
        return 0.0


class _OwnEcho:
    """Whether the coach's lines come back from an open loudspeaker."""

    def __init__(self) -> None:
        self._line_s, self._back_blocks, self._sure_blocks = 0.0, 0, 0
        """Seconds of the line so far; number of its blocks that contain the coach's voice, and that surely do."""
        self._missed_lines, self._missed_s = 0, 0.0
        """Number and seconds of the lines in a row that did not come back."""
        self._known_lines = 0
        """Number of lines that surely came back."""
        self._noise = 0.0
        """Level of the noise when a line surely came back last."""
        self.is_gone = False
        """Whether lines came back before and do not come back any more."""
        self.never_came = False
        """Whether no line has ever come back, and lines should have."""

    def take(self, own_voice: bool, over: float, seconds: float, noise: float) -> None:
        """Take a block. `own_voice`: it contains the coach's voice, if all is well. `over`: its decibels over noise.
        `noise`: the level of the noise.
        """
        if own_voice:
            self._line_s += seconds
            self._back_blocks += over > _CAME_BACK_DB
            self._sure_blocks += over > _SURELY_BACK_DB
        if self._line_s and (not own_voice or self._line_s >= _LINE_S[1]):
            self._end(noise)

    def _end(self, noise: float) -> None:
        if self._sure_blocks >= _BACK_BLOCKS:
            self._known_lines, self._noise = self._known_lines + 1, noise
        if self._back_blocks >= _BACK_BLOCKS:
            self._missed_lines, self._missed_s, self.is_gone, self.never_came = 0, 0.0, False, False
        elif self._line_s >= _LINE_S[0]:
            self._missed_lines, self._missed_s = self._missed_lines + 1, self._missed_s + self._line_s
        self._line_s, self._back_blocks, self._sure_blocks = 0.0, 0, 0
        if self._missed_lines >= _MISSED_LINES and self._missed_s >= _MISSED_S:
            self.is_gone = self._known_lines >= _KNOWN_LINES and noise < self._noise + _NOISE_ROSE_DB
            self.never_came = self._known_lines == 0
