"""The short break between two stages of a set: to change sides, take load off, or take a few breaths.

Law: the catches are in during the break. It ends by itself, sooner if the lifter says so, and never while the coach
speaks.
"""

from __future__ import annotations

from collections.abc import Callable

from coach.dialogue.context import Context, Scene
from coach.dialogue.platform import Catches
from coach.dialogue.states import Move, State
from coach.language.speech import about, duration, load
from coach.training.plan import SetKind, Stage


class SetBreak(Scene):
    """Owns the state `break`."""

    def __init__(self, context: Context, on_over: Callable[[float], None]) -> None:
        """`on_over` is called with the moment at which the next stage begins."""
        super().__init__(context)
        self._end_timer = context.deadlines.timer()
        """When the break ends by itself."""
        self._on_over = on_over

    def begin(self, at: float) -> None:
        """Begin the break after a stage that ended at `at`."""
        workout, before, following = self._workout, self._workout.stage, self._workout.next_stage
        if following is None:
            raise ValueError("the last stage of a set has no break after it")
        workout.state_machine.fire(Move.TAKE_BREAK)
        workout.progress = workout.progress.next_stage(before, following.side, workout.this_set.kind)
        if workout.platform.catches is not Catches.IN:
            self._saying.say_until_heard(at, "catches.now")
        workout.platform.mark_racked()
        workout.platform.mark_back()
        self._say_what_follows(at, before, following)
        self._wait_until(at, at + following.break_s)

    def set_length(self, now: float, seconds: int) -> None:
        """Make the break last this many seconds from now on."""
        self.change_length(now, now + seconds - self._workout.break_ends)

    def change_length(self, now: float, by: float) -> None:
        """Make the break longer, or shorter. If no time is left, the next stage begins."""
        ends = self._workout.break_ends + by
        if ends <= now:
            self._on_over(now)
            return
        self._workout.break_ends = ends
        self._saying.say(now, "rest.more" if by > 0 else "rest.less", seconds=about(ends - now))
        self._wait_until(now, ends)

    def cancel(self) -> None:
        """Something else begins: cancel the end of the break."""
        self._end_timer.cancel()

    def _wait_until(self, now: float, ends: float) -> None:
        self._workout.break_ends = max(ends, self._saying.floor.next_free(now))
        self._end_timer.set(self._workout.break_ends, self._end)

    def _end(self, at: float) -> None:
        free = self._saying.floor.next_free(at)
        if free > at:
            # An answer is being said; the break goes on until its end.
            self._wait_until(at, free)
        elif self._workout.state is State.BREAK:
            self._on_over(at)

    def _say_what_follows(self, at: float, before: Stage, following: Stage) -> None:
        if following.side is not None and following.side is not before.side:
            self._saying.say_until_heard(at, "break.side", side=following.side.value)
            if following.load == before.load or following.load is None:
                return
            self._saying.say_until_heard(at, "next.load", load=load(following.load.amount, following.load.unit))
        elif following.load is None and self._workout.this_set.kind is SetKind.DROP:
            self._saying.say_until_heard(at, "break.lighter")
        elif following.load is None or following.load == before.load:
            self._saying.say(at, "break.pause", seconds=duration(following.break_s))
        else:
            self._saying.say_until_heard(at, "break.drop", load=load(following.load.amount, following.load.unit))
