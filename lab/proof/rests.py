"""Compares a rest with what the coach said about it: it ends as announced, and does not run while it is held."""

from __future__ import annotations

from functools import cache

from coach.commands import Say
from coach.content.model import Pack
from coach.dialogue.states import State
from coach.events import Event, TimePassed
from coach.language.speech import duration
from lab.proof.laws import Law, LawBroken, silent_past
from lab.proof.spoken_values import slot_of

_ROUNDED_S = 2.6
"""Rounding error of a remaining time, in seconds: the coach rounds it to five seconds."""
_MIN_S = 5
"""Shortest remaining time that the coach says; the rest may be shorter."""
_RUNS = {"rest.start", "rest.set_now", "rest.more", "rest.less", "rest.as_was", "rest.remaining"}
_BY_ITSELF = {"rest.half", "rest.ten", "rest.over"}
_MAX_S = 4 * 3600


@cache
def _durations() -> dict[str, int]:
    return {duration(seconds): seconds for seconds in range(_MAX_S)}


class RestCheck:
    """Reads the lines that say how much rest is left."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._ends: float | None = None
        """Announced end of the running rest; None: no end was announced."""
        self._early = 0.0
        """Seconds by which the rest may end before its announced end."""
        self._held = False
        self._begun = False
        """Whether the rest was announced; an announcement that was cut is repeated with the same words."""

    def said(self, event: Event, say: Say) -> None:
        """Takes one line that the coach says because of this event."""
        again, self._begun = self._begun and say.source == "rest.start", self._begun or say.source == "rest.start"
        if (say.source in _RUNS or say.source == "rest.held") and not again:
            seconds = _durations().get(slot_of(self._pack, say, "seconds").lower())
            if seconds is None:
                raise LawBroken(Law.REST, say.at, f"{say.text!r} tells no time")
            self._held = say.source == "rest.held"
            self._ends = None if self._held else event.at + seconds
            self._early = _ROUNDED_S if seconds > _MIN_S else _MIN_S
        elif say.source in _BY_ITSELF and isinstance(event, TimePassed):
            early = say.source == "rest.over" and self._ends is not None and event.at < self._ends - self._early
            if self._held or early:
                expected = "it is held" if self._held else f"it was to end at {self._ends:.3f}"
                raise LawBroken(Law.REST, say.at, f"{say.text!r} is said, and {expected}", silent_past(say.at))

    def settle(self, now: float, state: State, stalled: bool) -> None:
        """Checks the rest after an event has been carried out."""
        self._begun = self._begun and state is State.RESTING
        if state is not State.RESTING or stalled:
            self._ends, self._held = None, False
        elif self._ends is not None and now > self._ends + _ROUNDED_S:
            raise LawBroken(Law.REST, now, f"it is a rest, which was to end at {self._ends:.3f}", "state: ready")
