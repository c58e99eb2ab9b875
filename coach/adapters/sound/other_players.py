"""Turns other players down while the coach speaks.

Law: `see` runs on the session's thread and only notes; `look` runs on the attendant's and only sends an order. What is
done to which player is the guard's (`pulse_guard.py`).
"""

from __future__ import annotations

from coach.adapters.sound.server import SoundServer
from coach.adapters.synthesis.voice import MixedVoice
from coach.audio.hush import AHEAD_S, Hush
from coach.ports import Observed
from coach.snapshot import Snapshot

_IN_SET = ("set", "break")
"""States in which the coach goes on by itself (`dialogue/states.py`: RUNNING)."""


class OtherPlayers:
    """By so many decibels, below 0."""

    def __init__(self, server: SoundServer, voice: MixedVoice, decibels: float) -> None:
        self._server = server
        self._voice = voice
        self._decibels = decibels
        self._hush = Hush()
        self._in_set = self._down = False

    def observe(self, happening: Observed) -> None:
        """An observer of the session."""
        if isinstance(happening, Snapshot):
            self._in_set = happening.state.partition(".")[0] in _IN_SET

    def update(self, now: float) -> None:
        """Many times a second; any clock."""
        wanted = self._hush.wanted(now, self._voice.speaks_within(AHEAD_S), self._in_set)
        if wanted != self._down:
            self._down = wanted
            self._server.duck(self._decibels if wanted else 0.0)
