"""The setup, step by step, at the lifter's pace."""

from __future__ import annotations

from coach.dialogue.context import Scene
from coach.dialogue.states import Move, State


class Walkthrough(Scene):
    """Owns the states under `setup`."""

    def begin(self, now: float) -> None:
        """Begin with the first step."""
        self._workout.state_machine.fire(Move.SET_UP)
        side = self._workout.plan.first_side
        if side is not None:
            self._saying.say(now, "setup.side", side=side.value)
        self._say_step(now)

    def next_step(self, now: float) -> None:
        """Go on to the next step; after the last step the lifter is ready."""
        self._workout.state_machine.fire(Move.NEXT_STEP)
        if self._workout.state is State.READY:
            self._saying.reason = None
            self._saying.say(now, "setup.done")
        else:
            self._say_step(now)

    def previous_step(self, now: float) -> None:
        """Go back to the step before, or say the first one again."""
        if self._workout.state_machine.may(Move.STEP_BACK):
            self._workout.state_machine.fire(Move.STEP_BACK)
        else:
            self._saying.say(now, "setup.first")
        self._say_step(now)

    def skip_steps(self, now: float) -> None:
        """Skip the remaining steps."""
        while self._workout.state is State.SETUP:
            self._workout.state_machine.fire(Move.NEXT_STEP)
        self._saying.reason = None
        self._saying.say(now, "setup.done")

    def _say_step(self, now: float) -> None:
        step = next(step for step in self._pack.setup if step.id == self._workout.state_machine.state)
        self._saying.reason = step.why
        self._saying.say_line(now, step.line)
