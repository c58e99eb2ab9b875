"""The platform does not move, and the lifter is below it.

Law: first say what helps at once, then the way out that always works, then to call people. Repeat this until the lifter
says that the danger is over; then the set is over, too.
"""

from __future__ import annotations

from coach.dialogue.alarm import STUCK_S, Alarm
from coach.dialogue.context import Context
from coach.dialogue.states import RACKED, Move
from coach.dialogue.telling import Telling
from coach.dialogue.training_set import TrainingSet
from coach.records import GotStuck

DOWN_AFTER_S = 3.0
"""Seconds to push with the hands on the knees: pushing longer means holding the breath."""
AGAIN_S = 20.0
"""Seconds from the call for people to the next one."""
MOST = 12
"""How often the way out is said at most, for five minutes: a lifter who has not answered by then does not hear it."""


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
        """When the next help is said, if the lifter says nothing."""
        self._times = 0
        """How often the way out was said."""
        self.asked = False
        """The lifter was asked whether he is out."""

    def tell(self, now: float) -> None:
        """The platform does not move: say to push with the hands on the knees."""
        if self._workout.state in RACKED:
            # The catches are in. "Help" may ask for what can be said here, or may be about the machine beside.
            self._saying.silence(now)
            self._saying.say(now, "stuck.rest")
            self._telling.help(now)
            return
        record = GotStuck(now, *self._set.place, self._set.side)
        self._set.halt(now)
        self._saying.forgive()
        self._workout.moves.fire(Move.GET_STUCK)
        self._workout.cautious = True
        self._outbox.write(record)
        self.asked, self._times = False, 0
        said = now if self._saying.floor.holds("stuck.now", now) else self._saying.owe(now, "stuck.now")
        self._next.set(said + DOWN_AFTER_S, self._down)

    def again(self, now: float) -> None:
        """The lifter is still stuck: say the way out again."""
        self._saying.silence(now)
        self.asked = False
        self._down(now)

    def out(self, now: float) -> None:
        """The lifter is out: the set is over."""
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
