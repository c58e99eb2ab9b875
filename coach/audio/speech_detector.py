"""Whether somebody near is speaking, frame by frame: a voice, and, where others talk too, louder than them.

Law: the votes depend on the samples alone, counted in frames from the first one.

In music and machine noise a network tells voices well, and how loud they are says little: a voice is enough there.
Where the room itself talks, the network finds a voice all the time: there it must also stand out.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from coach.audio.room_level import RoomLevel
from coach.ports import Pcm

CHUNK = 512
"""Samples a voice is looked for in at once, 32 ms."""
_RATE = 16_000
_LIKELY = 0.3
"""Probability of a voice where nobody else talks ..."""
_AUDIBLE = 1.5
"""... and decibels over the room: the network goes on for 0.1 s after a word, the sound does not."""
_SURE = 0.9
"""Probability at which a voice begins where others talk, ..."""
_DOUBTFUL = 0.5
"""... at which it ends, ..."""
_NEAR = 4.5
"""... and decibels of the last 0.1 s over that room."""
_HELD_S = 0.08
"""How long speech is held: in noise and talk the ends of words drown."""
_CLEAR = 22.0
"""Decibels over the room from which a voice is not held: its ends do not drown, and an answer need not wait."""
_FADES = 5.0
"""Decibels a second by which the loudest that was heard is forgotten."""
_SURELY = 2
"""Frames in a row that are speech before it is held; a single one would become an onset."""
_TRACE = 0.08
"""Probability that is enough for what is louder than the room by `_LOUD`: a short "stop" out of a loudspeaker's echo
reaches 0.23 only, 40 dB over the room."""
_LOUD = 20.0
_FAINT = 0.1
"""Probability from which a frame counts as other people's talk: 87 % of the frames of such talk reach it, 8 % of
music's, 1 % of an exercise bike's."""
_TALKING = 0.5
"""Share of such frames from which the room is one that talks."""
_TALK_RISES_S = 4.0
"""Time constant of that share upwards: the lifter's own sentences, as quiet as the room, must not make it one that
talks."""
_TALK_FALLS_S = 1.0
"""The same downwards ..."""
_SLEEP_FALLS_S = 2.0
"""... and while the network sleeps: talk that pauses is still talk."""
_CALM = 0.03
"""Share of the way to a frame's level that the room's estimate goes each frame without a voice ..."""
_TALK = 0.02
"""... and with one that is not near."""
_WAKES = 3.0
"""Decibels of one frame over the room that wake the network, ..."""
_STIRS = 1.0
"""... or of the last 0.1 s."""
_AWAKE_S = 0.3
"""How long it stays awake after that."""
_RING_S = 0.2
"""Sound that the network is given when it wakes. Its memory goes on from where it fell asleep: with an empty one talk
20 dB below is taken for near four times as often, because it needs a second to tell voices again."""


class Voicing(Protocol):
    """Tells voices from other sounds."""

    def probability(self, chunk: Pcm) -> float:
        """0 to 1 that the next `CHUNK` samples at 16 kHz hold a voice."""


class SpeechDetector:
    """One vote a frame; it knows a frame's voice up to 30 ms late, its loudness at once."""

    def __init__(self, voicing: Voicing, frame: int) -> None:
        """`frame` in samples at 16 kHz."""
        self._voicing = voicing
        self._seconds = frame / _RATE
        self._level = RoomLevel(frame)
        self._unheard: Pcm = np.zeros(0, np.int16)
        """Sound that the network was not given."""
        self._likely = 0.0
        """Of a voice in the newest chunk; 0 while the network sleeps."""
        self._awake = round(_AWAKE_S / self._seconds)
        """Frames until it falls asleep."""
        self._talk = 0.7
        """Share of time that others talk. Unknown at first: for half a second a voice must stand out."""
        self._near = False
        self._row = 0
        """Frames of speech up to the newest."""
        self._held = 0
        """Frames that it is still held."""
        self._loudest = 0.0
        """Decibels over the room."""

    @property
    def others_talk(self) -> bool:
        """Whether the room itself talks."""
        return self._talk > _TALKING

    @property
    def level(self) -> float:
        """Decibels of the last 0.1 s."""
        return self._level.level

    def is_speech(self, frame: Pcm) -> bool:
        """Whether this frame holds speech of somebody near."""
        self._level.take(frame)
        self._listen(frame)
        self._near = self._level.lately > _NEAR and self._likely > (_DOUBTFUL if self._near else _SURE)
        self._learn_talk()
        speaks = self._speaks()
        quiet = _TALK if self._likely > _DOUBTFUL else _CALM
        self._level.learn(0.0 if speaks else quiet)
        return self._hold(speaks)

    def _hold(self, speaks: bool) -> bool:
        self._loudest = max(self._level.lately, self._loudest - _FADES * self._seconds)
        self._row = self._row + 1 if speaks else 0
        held, self._held = self._held, max(0, self._held - 1)
        if speaks and (held or self._row >= _SURELY):
            self._held = round(_HELD_S / self._seconds) if self._loudest < _CLEAR else 0
        return speaks or held > 0

    def _speaks(self) -> bool:
        if self._likely > _TRACE and self._level.now > _LOUD:
            return True
        if self._talk > _TALKING:
            return self._near
        return self._likely > _LIKELY and self._level.now > _AUDIBLE

    def _listen(self, frame: Pcm) -> None:
        """Give the network what it has not heard, unless the room is as it always is."""
        self._unheard = np.concatenate((self._unheard, frame))
        if self._level.now > _WAKES or self._level.lately > _STIRS:
            self._awake = round(_AWAKE_S / self._seconds)
        if not self._awake:
            self._unheard = self._unheard[-round(_RING_S * _RATE) :]
            self._likely = 0.0
            return
        while len(self._unheard) >= CHUNK:
            self._likely = self._voicing.probability(self._unheard[:CHUNK])
            self._unheard = self._unheard[CHUNK:]
        self._awake -= 1

    def _learn_talk(self) -> None:
        if self._near:
            return
        if self._likely > _FAINT:
            self._talk += (1 - self._talk) * self._seconds / _TALK_RISES_S
        else:
            self._talk -= self._talk * self._seconds / (_TALK_FALLS_S if self._awake else _SLEEP_FALLS_S)
