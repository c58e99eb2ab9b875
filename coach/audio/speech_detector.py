"""Whether somebody near is speaking, frame by frame: a voice, and louder than the room.

Law: the votes depend on the samples alone, counted in frames from the first one.

A voice alone is not enough where others talk, loudness alone not where music plays. Utterances found as they are
(begun no later than what is kept from before, ended 0.2 to 0.75 s after the word) of 40 commands of flite voices, with
PocketSphinx's own detector (mode 3), the network alone and both: music 10 dB below them 28, 100 and 90 %, at 5 dB 8,
100 and 78 %; talk of six people 10 dB below them 0, 20 and 80 %, at 20 dB 78, 100 and 98 %; white noise at 10 dB 98,
100 and 85 % (most of the rest end sooner than that); clean all 100 %. In noise votes cease 0.1 s before PocketSphinx's.
"""

from __future__ import annotations

from collections import deque
from typing import Protocol

import numpy as np
import numpy.typing as npt

from coach.ports import Pcm

CHUNK = 512
"""Samples a voice is looked for in at once, 32 ms."""
_RATE = 16_000
_LIKELY = 0.5
"""Probability at which a voice begins ..."""
_DOUBTFUL = 0.35
"""... and at which it ends."""
_TRACE = 0.08
"""Probability that is enough for what is louder than the room by `_LOUD`: a short "stop" out of a loudspeaker's echo
reaches 0.23 only, 40 dB over the room."""
_LOUD = 20.0
_ABOVE = 6.0
"""Decibels over the room at which somebody near begins to speak. With talk of six people 10 dB below 40 commands, 3
stretches of it are taken for near at 6 dB, 26 at 5."""
_STILL = 5.0
"""Decibels over the room down to which the same one still speaks. At 3 talk between commands joins them: of 72 real
people's words in such talk 29 are heard right instead of 36."""
_BAND = (200.0, 4000.0)
"""Hertz; below is bass and rumble, above hiss."""
_HUSH = 40.0
"""Decibels of one bin below which no room is quiet: digital silence would make everything loud."""
_CALM = 0.05
"""Share of the way to a frame's level that the room's estimate goes each frame without a voice ..."""
_TALK = 0.03
"""... and with one that is not near."""
_STEP = 0.5
"""Decibels it goes at most a frame."""
_CREEP = 1.5
"""Decibels a second it rises while somebody near speaks; at 3 one command in 40 fewer is found as it is in music
5 dB below."""
_UNBROKEN_S = 1.5
"""Sound that never fell below a level for this long is the room: words do within a second."""


class Voicing(Protocol):
    """Tells voices from other sounds."""

    def probability(self, chunk: Pcm) -> float:
        """0 to 1 that the next `CHUNK` samples at 16 kHz hold a voice."""


class SpeechDetector:
    """One vote a frame; it knows a frame's voice up to 30 ms late, its loudness at once."""

    def __init__(self, voicing: Voicing, frame: int) -> None:
        """`frame` in samples at 16 kHz."""
        self._voicing = voicing
        self._frame = frame
        self._window = np.hanning(frame + frame // 2 + 1)[:-1]
        spread = np.fft.rfftfreq(len(self._window), 1 / _RATE)
        self._band = (spread > _BAND[0]) & (spread < _BAND[1])
        self._before: npt.NDArray[np.float64] = np.zeros(frame // 2)
        self._pending: Pcm = np.zeros(0, np.int16)
        self._voice = False
        self._trace = False
        """Something of a voice."""
        self._near = False
        self._room: float | None = None
        """Decibels."""
        self._levels: deque[float] = deque(maxlen=round(_UNBROKEN_S * _RATE / frame))

    def is_speech(self, frame: Pcm) -> bool:
        """Whether this frame holds speech of somebody near."""
        self._listen(frame)
        level = self._level(frame)
        self._levels.append(level)
        room = level if self._room is None else self._room
        above = level - room
        self._near = (self._voice and above > (_STILL if self._near else _ABOVE)) or (self._trace and above > _LOUD)
        if self._near:
            room += min(_CREEP * self._frame / _RATE, above)
        else:
            room += min(max((_TALK if self._voice else _CALM) * above, -_STEP), _STEP)
        if len(self._levels) == self._levels.maxlen:
            room = max(room, min(self._levels))
        self._room = room
        return self._near

    def _listen(self, frame: Pcm) -> None:
        self._pending = np.concatenate((self._pending, frame))
        while len(self._pending) >= CHUNK:
            likely = self._voicing.probability(self._pending[:CHUNK])
            self._voice = likely > (_DOUBTFUL if self._voice else _LIKELY)
            self._trace = likely > _TRACE
            self._pending = self._pending[CHUNK:]

    def _level(self, frame: Pcm) -> float:
        sound = np.concatenate((self._before, frame.astype(np.float64)))
        self._before = sound[self._frame :]
        power = np.abs(np.fft.rfft(sound * self._window)[self._band]) ** 2
        return float(10 * np.log10(np.mean(power) + 10 ** (_HUSH / 10)))
