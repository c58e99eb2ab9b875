"""The setup, step by step, at the lifter's pace."""

from __future__ import annotations

from coach.dialogue.desk import Desk
from coach.dialogue.states import Move, State


class Walkthrough:
    """Owns the states under `setup`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def begin(self, now: float) -> None:
        """From the first step."""
        self._desk.moves.fire(Move.SET_UP)
        self._say_step(now)

    def next(self, now: float) -> None:
        """The next step, or ready after the last."""
        self._desk.moves.fire(Move.NEXT_STEP)
        if self._desk.moves.state == State.READY:
            self._desk.why = None
            self._desk.say(now, "setup.done")
        else:
            self._say_step(now)

    def _say_step(self, now: float) -> None:
        step = next(step for step in self._desk.pack.setup if step.id == self._desk.moves.state)
        self._desk.why = step.why
        self._desk.say_line(now, step.line)
