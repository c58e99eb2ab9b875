"""Checks that the coach waits for an answer after "Close the workout?"."""

from __future__ import annotations

from collections.abc import Sequence

from coach.commands import Command, Say
from coach.dialogue.states import State
from coach.events import Event, TimePassed
from lab.proof.laws import Law, LawBroken, silent_past
from lab.proof.timeline import Timeline

_ANSWER_S = 3.0
"""Seconds after a question in which the coach must not speak."""
_SPOKEN_TO = (State.RESTING, State.READY, State.HURT, State.STUCK)
"""States in which the coach speaks by itself even after a question."""


class QuestionCheck:
    """Remembers the question that waits for its answer."""

    def __init__(self) -> None:
        self._asked_until = 0.0
        """Until when the coach waits for the answer to its question."""

    def check(self, event: Event, commands: Sequence[Command], state: State, line: Timeline) -> None:
        """Checks one event. `state`: the state after it."""
        says = [command for command in commands if isinstance(command, Say)]
        if not isinstance(event, TimePassed):
            self._asked_until = 0.0
            if says and says[-1].source == "end.confirm":
                self._asked_until = line.busy_until(event.at) + _ANSWER_S
        elif event.at < self._asked_until and state not in _SPOKEN_TO and says:
            saw = f"{says[0].text!r} into its own question"
            raise LawBroken(Law.QUESTION, says[0].at, saw, silent_past(says[0].at))
