"""The platform does not move, and the lifter is below it.

Law: first what helps at once, then the way out that always works, then people. It is said again until the lifter says
that it is over; then the set is.
"""

from __future__ import annotations

from coach.dialogue.alarm import STUCK_S, Alarm
from coach.dialogue.context import Context
from coach.dialogue.states import RACKED, Move
from coach.dialogue.telling import Telling
from coach.dialogue.training_set import TrainingSet
from coach.records import Stuck as StuckRecord

DOWN_AFTER_S = 3.0
"""Of pushing with the hands on the knees: longer holds the breath."""
AGAIN_S = 20.0
"""From the call for people to the next time."""
MOST = 12
"""Five minutes of it: who has not answered then does not hear it."""


class Stuck:
    """Owns the state `stuck`."""

    def __init__(self, context: Context, training_set: TrainingSet, telling: Telling, alarm: Alarm) -> None:
        training_set.leaves.append(self._leave)
        self._alarm = alarm
        self._workout = context.workout
        self._saying = context.saying
        self._outbox = context.outbox
        self._set = training_set
        self._telling = telling
        self._next = context.deadlines.timer()
        """What is said next, if the lifter says nothing."""
        self._times = 0
        """How often the way out was said."""
        self.asked = False
        """The lifter was asked whether it is over."""

    def tell(self, now: float) -> None:
        """Hands on the knees, push."""
        if self._workout.state in RACKED:
            # The catches are in. It may be a call for what can be said, and it may be the machine beside.
            self._saying.silence(now)
            self._saying.say(now, "stuck.rest")
            self._telling.help(now)
            return
        record = StuckRecord(now, *self._set.place, self._set.side)
        self._set.halt(now)
        self._saying.forgive()
        self._workout.moves.fire(Move.GET_STUCK)
        self._workout.cautious = True
        self._outbox.write(record)
        self.asked, self._times = False, 0
        said = now if self._saying.floor.holds("stuck.now", now) else self._saying.owe(now, "stuck.now")
        self._next.set(said + DOWN_AFTER_S, self._down)

    def again(self, now: float) -> None:
        """It is not over."""
        self._saying.silence(now)
        self.asked = False
        self._down(now)

    def out(self, now: float) -> None:
        """It is: the set is over."""
        self._set.halt(now)
        self._saying.owe(now, "catches.now")
        self._set.rest(now, "stuck.out")

    def _leave(self) -> None:
        self._next.cancel()
        self._alarm.over()

    def _down(self, at: float) -> None:
        self._saying.say(at, "stuck.down")
        self._saying.say(at, "stuck.call")
        said = self._saying.say(at, "stuck.ask")
        if not self.asked:
            self._alarm.watch("stuck", said, STUCK_S)
        self._times += 1
        self.asked = True
        if self._times < MOST:
            self._next.set(said + AGAIN_S, self._down)
