"""The platform does not move, and the lifter is below it.

Law: first say what helps at once, then the way out that always works, then to call people. Repeat this until the lifter
says that the danger is over; then the set is over, too.
"""

from __future__ import annotations

from coach.dialogue.alarm import STUCK_S, Alarm
from coach.dialogue.answering import Answering
from coach.dialogue.context import Context, Scene
from coach.dialogue.states import RACKED_STATES, Move
from coach.dialogue.training_set import TrainingSet
from coach.records import GotStuck
from coach.snapshot import Alert

WAY_OUT_AFTER_S = 3.0
"""Seconds to push with the hands on the knees: pushing longer means holding the breath."""
REPEAT_AFTER_S = 20.0
"""Seconds from the call for people to the next one."""
MAX_REPEATS = 12
"""How often the way out is said at most, for five minutes: a lifter who has not answered by then does not hear it."""


class Stuck(Scene):
    """Owns the state `stuck`."""

    def __init__(self, context: Context, training_set: TrainingSet, answering: Answering, alarm: Alarm) -> None:
        super().__init__(context)
        training_set.on_leave.append(self._leave)
        self._alarm = alarm
        self._training_set = training_set
        self._answering = answering
        self._help_timer = context.deadlines.timer()
        """When the next help is said, if the lifter says nothing."""
        self._repeats = 0
        """How often the way out was said."""
        self.asked_if_out = False
        """The lifter was asked whether he is out."""

    def report(self, now: float) -> None:
        """The platform does not move: say to push with the hands on the knees."""
        if self._workout.state in RACKED_STATES:
            # The catches are in. "Help" may ask for what can be said here, or may be about the machine beside.
            self._saying.silence(now)
            self._saying.say(now, "stuck.rest")
            self._answering.say_help(now)
            return
        record = GotStuck(now, *self._training_set.set_and_rep, self._training_set.side)
        self._training_set.halt(now)
        self._saying.drop_unheard()
        self._workout.state_machine.fire(Move.GET_STUCK)
        self._workout.no_higher_load = True
        self._outbox.write(record)
        self.asked_if_out, self._repeats = False, 0
        ends = now if self._saying.floor.has_line("stuck.now", now) else self._saying.say_until_heard(now, "stuck.now")
        self._help_timer.set(ends + WAY_OUT_AFTER_S, self._say_way_out)

    def repeat_advice(self, now: float) -> None:
        """The lifter is still stuck: say the way out again."""
        self._saying.silence(now)
        self.asked_if_out = False
        self._say_way_out(now)

    def end_set(self, now: float) -> None:
        """The lifter is out: the set is over."""
        self._training_set.halt(now)
        self._saying.say_until_heard(now, "catches.now")
        self._training_set.say_and_rest(now, "stuck.out")

    def _leave(self) -> None:
        self._help_timer.cancel()
        self._alarm.end()

    def _say_way_out(self, at: float) -> None:
        self._saying.say(at, "stuck.down")
        self._saying.say(at, "stuck.call")
        ends = self._saying.say(at, "stuck.ask")
        if not self.asked_if_out:
            self._alarm.watch(Alert.STUCK, ends, STUCK_S)
        self._repeats += 1
        self.asked_if_out = True
        if self._repeats < MAX_REPEATS:
            self._help_timer.set(ends + REPEAT_AFTER_S, self._say_way_out)
