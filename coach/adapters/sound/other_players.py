"""Turns other players down while the coach speaks.

Law: `observe` runs on the session's thread and only stores a value. `update` runs on the attendant's thread and only
sends a command. The guard (`guard.py`) decides what is done to which player.
"""

from __future__ import annotations

from coach.adapters.sound.server import SoundServer
from coach.adapters.synthesis.voice import MixedVoice
from coach.audio.ducking import AHEAD_S, DuckingWindow
from coach.ports import Observed
from coach.snapshot import Snapshot

_IN_SET = ("set", "break")
"""Outermost states in which the coach continues by itself (`dialogue/states.py`: RUNNING)."""


class OtherPlayers:
    """Decides when other players are turned down and up."""

    def __init__(self, server: SoundServer, voice: MixedVoice, decibels: float) -> None:
        """`decibels`: by how much players are turned down, a negative number."""
        self._server = server
        self._voice = voice
        self._decibels = decibels
        self._window = DuckingWindow()
        self._in_set = self._down = False

    def observe(self, observed: Observed) -> None:
        """Observe the session: note whether a set is running."""
        if isinstance(observed, Snapshot):
            self._in_set = observed.outer_state in _IN_SET

    def update(self, now: float) -> None:
        """Turn players down or up if needed. Called many times a second; `now`: seconds on any clock."""
        wanted = self._window.is_wanted(now, self._voice.speaks_within(AHEAD_S), self._in_set)
        if wanted != self._down:
            self._down = wanted
            self._server.duck(self._decibels if wanted else 0.0)
