"""The rest held against what the coach told of it: it ends when it was to end, and stands still while it is held."""

from __future__ import annotations

from functools import cache

from coach.commands import Say
from coach.content.model import Pack
from coach.dialogue.states import State
from coach.events import Event, TimePassed
from coach.language.speech import duration
from tests.proof.laws import Broken, Law, silent_past
from tests.proof.ledger import slot_of

_ROUNDED_S = 2.6
"""What is left is told to the nearest five seconds."""
_LEAST_S = 5
"""That is told; there may be less."""
_RUNS = {"rest.start", "rest.set_now", "rest.more", "rest.less", "rest.as_was", "rest.remaining"}
_BY_ITSELF = {"rest.half", "rest.ten", "rest.over"}
_LONGEST_S = 4 * 3600


@cache
def _durations() -> dict[str, int]:
    return {duration(seconds): seconds for seconds in range(_LONGEST_S)}


class Rests:
    """Reads the lines that tell what is left."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self._ends: float | None = None
        """When the rest that runs is over, as it was told; None: it was not."""
        self._early = 0.0
        """It may be over so long before."""
        self._held = False
        self._begun = False
        """The rest was announced; if that was cut it is said again, with the same words."""

    def said(self, event: Event, say: Say) -> None:
        """One line, in answer to this event."""
        again, self._begun = self._begun and say.source == "rest.start", self._begun or say.source == "rest.start"
        if (say.source in _RUNS or say.source == "rest.held") and not again:
            seconds = _durations().get(slot_of(self._pack, say, "seconds").lower())
            if seconds is None:
                raise Broken(Law.REST, say.at, f"{say.text!r} tells no time")
            self._held = say.source == "rest.held"
            self._ends = None if self._held else event.at + seconds
            self._early = _ROUNDED_S if seconds > _LEAST_S else _LEAST_S
        elif say.source in _BY_ITSELF and isinstance(event, TimePassed):
            early = say.source == "rest.over" and self._ends is not None and event.at < self._ends - self._early
            if self._held or early:
                told = "it is held" if self._held else f"it was to end at {self._ends:.3f}"
                raise Broken(Law.REST, say.at, f"{say.text!r} is said, and {told}", silent_past(say.at))

    def settle(self, now: float, state: State, stalled: bool) -> None:
        """The event has been carried out."""
        self._begun = self._begun and state is State.RESTING
        if state is not State.RESTING or stalled:
            self._ends, self._held = None, False
        elif self._ends is not None and now > self._ends + _ROUNDED_S:
            raise Broken(Law.REST, now, f"it is a rest, which was to end at {self._ends:.3f}", "state: ready")
