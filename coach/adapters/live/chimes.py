"""Observes a session, and plays a chime when the coach has understood something and says nothing.

Law: a chime never overlaps a count or anything else that is already due.
"""

from __future__ import annotations

from collections.abc import Callable

from coach.audio.chimes import LISTENING_TONES, UNDERSTOOD_TONES, chime
from coach.commands import Say, StopSpeaking
from coach.events import Heard
from coach.language.grammar import WAKE_INTENT
from coach.ports import Clip, Observed
from coach.snapshot import Snapshot, Understood

_ANSWER = "wake.answer"
"""Source of the line that answers the wake word."""


class ChimePlayer:
    """An observer of the session that plays chimes."""

    def __init__(self, play: Callable[[Clip], None], rate: int) -> None:
        """`play`: plays a clip at once, or not at all. `rate`: samples a second of the clips."""
        self._play = play
        self._listening = chime(LISTENING_TONES, rate)
        self._understood = chime(UNDERSTOOD_TONES, rate)
        self._last: Understood | None = None
        self._answered = True

    def __call__(self, observed: Observed) -> None:
        """Take one event, command or snapshot of the session."""
        match observed:
            case Heard():
                self._answered = False
            case Say(source=source):
                # The chime comes before the answer's first word.
                if source == _ANSWER and not self._answered:
                    self._play(self._listening)
                self._answered = True
            case StopSpeaking():
                # The lifter wanted silence.
                self._answered = True
            case Snapshot(understood=understood):
                if understood != self._last and understood is not None and not self._answered:
                    self._play(self._listening if understood.intent == WAKE_INTENT else self._understood)
                self._last, self._answered = understood, True
