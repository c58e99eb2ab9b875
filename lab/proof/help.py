"""Checks that nobody holds the platform for ever because the coach waits for an answer."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from coach.content.model import Pack
from coach.dialogue.states import MOVING, State, outermost_state
from coach.events import Event, Heard
from coach.training.tempo import Tempo
from lab.proof.exercises import WORDS
from lab.proof.laws import Law, LawBroken, silent_past
from lab.proof.platform import says
from lab.rigs.said_lines import SaidLine

_PATIENT_S = 25.0
"""Seconds within which the coach must speak of the catches to a silent lifter under the load: ten seconds after its
question, which comes after the longest advice."""
_SILENT_S = 35.0
"""Seconds, beside the time of three repetitions, for which a lifter who moves without a beat may be silent: the coach
asks after three repetitions' time or twenty seconds, and speaks of the catches ten seconds later."""


class Help:
    """Follows how long a lifter under the load has been silent."""

    def __init__(self, pack: Pack) -> None:
        self._words = WORDS[pack.id]
        self._silent_since = 0.0
        """When a lifter who moves without a beat last spoke."""
        self._alone_since = 0.0
        """When a lifter under the load last spoke in a halt; infinity: the coach has spoken of the catches."""

    def check(
        self, event: Event, state: str, stalled: bool, racked: bool, tempo: Tempo, lines: Sequence[SaidLine]
    ) -> None:
        """Checks one event. `state`: the state after it; `lines`: those that are over, sound or wait."""
        if stalled or state != MOVING or isinstance(event, Heard):
            self._silent_since = event.at
        elif event.at - self._silent_since > _SILENT_S + 3 * tempo.rep_seconds:
            saw = f"for {event.at - self._silent_since:.0f} s nothing was said, and he was left under the load"
            raise LawBroken(Law.SAFETY, event.at, saw, silent_past(event.at))
        waits = outermost_state(state) in (State.CORRECTING, State.PAUSED)
        if not waits or racked or (stalled and self._alone_since != inf):
            self._alone_since = event.at
        elif any(says(line, *self._words.rack) for line in lines):
            self._alone_since = inf
        elif isinstance(event, Heard) and event.text and self._alone_since < event.at:
            self._alone_since = event.at
        if event.at - self._alone_since > _PATIENT_S:
            saw = f"for {event.at - self._alone_since:.0f} s nobody has spoken of the catches"
            raise LawBroken(Law.SAFETY, event.at, saw, silent_past(event.at))
