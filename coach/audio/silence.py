"""Whether a microphone that gives samples hears anything.

Zeros alone prove nothing: headsets with a noise gate, and sinks that nobody plays into, give exact zeros between words.
But a microphone that gave a room's noise, and then nothing but zeros, is muted or dead. One that never gave anything
louder than its own noise may be; with an open loudspeaker the coach's own voice must come back.

Law: pure; it depends on the samples alone, and on when the coach's voice was to be heard in them.
"""

from __future__ import annotations

from collections import deque
from enum import Enum

import numpy as np

from coach.audio.pcm import FULL
from coach.ports import Pcm

DEAD_S = 1.0
"""Zeros after noise: pauses of a noise gate are told by what came before, so this need not be longer than them."""
NOISE_S = 10.0
"""Without one block of zeros: then the microphone has a noise of its own. A gate that stays open so long hears a voice
or music."""
_QUIET_DB = -40.0
"""Of full scale; the softest tenth of a room's noise is softer, of music or talk through an open gate louder."""
NEVER_ZEROS_S, NEVER_NOISE_S = 30.0, 60.0
"""From the beginning. Within them the coach has greeted and somebody has stirred, or nobody is there to be told."""
_ABOVE_DB, _BLOCKS = 10.0, 3
"""What is so much louder than the noise for 60 ms is a sound: a step, a plate, a word."""
_BACK_DB, _SURE_DB = 6.0, 12.0
"""The coach's own voice over the noise, for 0.1 s of a line: it came back; it can be relied on to."""
_BACK_BLOCKS = 5
_LINE_S = (0.5, 3.0)
"""A shorter line proves nothing; a longer one, such as the counts of a set, is taken in pieces."""
_LINES, _LINES_S = 5, 5.0
"""Lines in a row of which nothing came back, and their length in all."""
_KNOWN = 3
"""Lines that were surely heard: then the coach's voice is known to come back here."""
_RISEN_DB = 3.0
"""A microphone whose noise has risen hears that, and the coach's voice may be below it."""
_JUDGED_EVERY = 25
"""Blocks."""
_FAINT_DB = -60.0
"""What comes out of zeros and is louder is no dither."""


class Hearing(Enum):
    """A judgement."""

    HEARS = "hears"
    """As far as anybody can tell."""
    DEAD = "dead"
    """It heard before."""
    NOTHING = "nothing"
    """It has not heard anything yet, and should have."""


class Silence:
    """One microphone, from its beginning."""

    def __init__(self, rate: int) -> None:
        """`rate` of the microphone."""
        self._rate = rate
        self._seconds = self._noisy = self._zeros = 0.0
        """Since the beginning; since the last block of zeros; of zeros since the last block that was none."""
        self._dies = False
        """There was noise before the zeros."""
        self._levels: deque[float] = deque(maxlen=round(NOISE_S / 0.02))
        """Decibels of full scale of the blocks that were no zeros."""
        self._noise = 0.0
        """Of them, what is usual in a pause."""
        self._blocks = self._loud = 0
        """Judged; louder than the noise, in a row."""
        self._heard, self._only_zeros = False, True
        self._own = _OwnVoiceBack()

    def take(self, pcm: Pcm, own: bool = False) -> Hearing:
        """Judge with the next block, about 20 ms. `own`: the coach's voice is to be heard in it, if all is well."""
        seconds = len(pcm) / self._rate
        self._seconds += seconds
        over = self._take_sound(pcm, seconds) if pcm.any() else self._take_zeros(seconds)
        self._own.take(own, over, seconds, self._noise)
        if (self._dies and self._zeros >= DEAD_S) or self._own.gone:
            return Hearing.DEAD
        late = self._seconds >= (NEVER_ZEROS_S if self._only_zeros else NEVER_NOISE_S)
        return Hearing.NOTHING if (late and not self._heard) or self._own.never else Hearing.HEARS

    def _take_sound(self, pcm: Pcm, seconds: float) -> float:
        """Returns decibels over the noise."""
        level = 10 * float(np.log10(np.mean((pcm / FULL) ** 2)))
        out_of_nothing = self._only_zeros and self._seconds > DEAD_S
        if self._blocks % _JUDGED_EVERY == 0 and self._levels:
            self._noise = float(np.percentile(self._levels, 20))
        elif self._blocks < _JUDGED_EVERY:
            self._noise = min(self._noise, level)
        self._blocks += 1
        self._levels.append(level)
        over = level - (_FAINT_DB - _ABOVE_DB if out_of_nothing else self._noise)
        self._loud = self._loud + 1 if over > _ABOVE_DB else 0
        if self._loud >= _BLOCKS:
            self._heard = True
        self._noisy += seconds
        self._zeros, self._dies = 0.0, False
        self._only_zeros = self._only_zeros and not self._heard and self._loud > 0
        return over

    def _take_zeros(self, seconds: float) -> float:
        if not self._zeros:
            softest = float(np.percentile(self._levels, 10)) if self._levels else 0.0
            self._dies = self._noisy >= NOISE_S and softest <= _QUIET_DB
        self._zeros += seconds
        self._noisy, self._loud = 0.0, 0
        return 0.0


class _OwnVoiceBack:
    """Whether the coach's lines come back from an open loudspeaker."""

    def __init__(self) -> None:
        self._line = self._missed_s = 0.0
        self._back = self._sure = self._missed = self._known = 0
        self._noise = 0.0
        """When a line was surely heard last."""
        self.gone = self.never = False

    def take(self, own: bool, over: float, seconds: float, noise: float) -> None:
        """A block: whether the voice is to be heard in it, its decibels over the noise, and those of the noise."""
        if own:
            self._line += seconds
            self._back += over > _BACK_DB
            self._sure += over > _SURE_DB
        if self._line and (not own or self._line >= _LINE_S[1]):
            self._end(noise)

    def _end(self, noise: float) -> None:
        if self._sure >= _BACK_BLOCKS:
            self._known, self._noise = self._known + 1, noise
        if self._back >= _BACK_BLOCKS:
            self._missed, self._missed_s, self.gone, self.never = 0, 0.0, False, False
        elif self._line >= _LINE_S[0]:
            self._missed, self._missed_s = self._missed + 1, self._missed_s + self._line
        self._line, self._back, self._sure = 0.0, 0, 0
        if self._missed >= _LINES and self._missed_s >= _LINES_S:
            self.gone = self._known >= _KNOWN and noise < self._noise + _RISEN_DB
            self.never = self._known == 0
