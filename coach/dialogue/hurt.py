"""Pain and dizziness: the set is over, and nothing is counted until the lifter says that the pain or dizziness is gone.

Law: only a yes leads from here to another set, and only once: the second report ends the workout. The coach asks a
dizzy lifter how he is until he answers, at most `MOST_CALLS` times.
"""

from __future__ import annotations

from coach.dialogue.alarm import CALLS_EVERY_S, DIZZY_S, MOST_CALLS, PAIN_CALLS, PAIN_S, Alarm
from coach.dialogue.context import Context
from coach.dialogue.ending import Ending
from coach.dialogue.states import Move, State
from coach.dialogue.training_set import QUIET_AFTER_STOP_S, TrainingSet
from coach.records import PainReported

CHECKS_S = (20.0, 45.0)
"""Seconds from a report of dizziness to the questions how the lifter is."""
_DIZZY = "Dizzy"


class Hurt:
    """Owns the state `hurt`."""

    def __init__(self, context: Context, training_set: TrainingSet, ending: Ending, alarm: Alarm) -> None:
        training_set.leaves.append(self._leave)
        self._alarm = alarm
        self._workout = context.workout
        self._saying = context.saying
        self._outbox = context.outbox
        self._set = training_set
        self._ending = ending
        self._calls = context.deadlines.timer()
        """When the coach next speaks to a dizzy lifter."""
        self._times = 0
        """How often pain or dizziness was reported in this workout. Until the lifter is asked, reports count as one."""
        self._racked = True
        self._told = 0.0
        self._asked = 0
        """How often a dizzy lifter was asked how he is."""

    def tell(self, now: float, what: str) -> None:
        """The lifter reported pain or dizziness: stop, make the lifter safe, and end the set."""
        again = self._workout.state is State.HURT
        asked = self.asked(now)
        if not again:
            # Until the words after the set have been heard, the lifter may still hold the platform.
            held = self._set.under_load or self._saying.floor.holds("catches.now", now)
            self._racked = not held and self._workout.state is not State.STUCK
        if self._racked:
            self._set.halt(now)
            self._saying.forgive()
            self._saying.say(now, "pain.rest")
        else:
            self._set.make_safe(now, "pain.now", "pain.up")
        self._workout.moves.fire(Move.HURT)
        self._workout.cautious = True
        self._outbox.write(PainReported(now, what, *self._set.place, self._set.side))
        self._set.close(now)
        if not again or asked:
            self._times += 1
        over = self._times > 1
        words = ("pain.twice",) if over else () if self._racked else ("pain.after",)
        ask = "" if over or what == _DIZZY else "pain.ask"
        self._set.going_on.speak(now, QUIET_AFTER_STOP_S, *(self._saying.pack.prompts[one] for one in words), ask=ask)
        if what == _DIZZY:
            self._told = now
            self._calls.set(now + CHECKS_S[0], self._call)
            self._alarm.watch("dizzy", now, DIZZY_S)
        elif over:
            self._calls.set(now + CHECKS_S[0], self._ending.say_goodbye)
        else:
            self._alarm.watch("pain", now, PAIN_S, PAIN_CALLS)

    def tell_again(self, now: float) -> None:
        """A lifter who is hurt says "stop": say again what he has to do."""
        self._set.going_on.give_way(now)
        line = "pain.rest" if self._racked else "pain.now"
        if not self._saying.floor.holds(line, now):
            self._saying.say(now, line)
        self._set.going_on.make_good(now, self._set.going_on.words)

    def nod(self, now: float) -> None:
        """The lifter says "okay": an answer to whether he is all right, and to nothing else."""
        if self._asked:
            self.gone(now)

    def asked(self, now: float) -> bool:
        """Whether the lifter was asked if the pain or dizziness is gone."""
        return self._set.going_on.asked(now) or self._asked > 0

    def gone(self, now: float) -> None:
        """The lifter says that the pain or dizziness is gone."""
        self._set.forget_plans()
        if self._times > 1:
            self._ending.say_goodbye(now)
            return
        self._workout.moves.fire(Move.RECOVER)
        self._saying.say(now, "pain.gone")

    def still(self, now: float) -> None:
        """The lifter says that the pain or dizziness is not gone."""
        self._set.forget_plans()
        if self._times > 1:
            self._saying.say(now, "pain.rest")
            self._ending.say_goodbye(now)
            return
        self._saying.say(now, "pain.still")
        self._alarm.watch("pain", now, PAIN_S, PAIN_CALLS)
        self._set.going_on.speak(now, QUIET_AFTER_STOP_S, ask="pain.ask")

    def remember(self, times: int) -> None:
        """Take over how often something hurt before the workout was taken up again."""
        self._times = times
        self._workout.cautious = self._workout.cautious or times > 0

    @property
    def ends_training(self) -> bool:
        """Whether the workout is over because something hurt twice."""
        return self._times > 1

    def not_yet(self, now: float) -> None:
        """The lifter wants to go on before the pain or dizziness is known to be gone."""
        if self.ends_training:
            self._saying.say(now, "pain.over")
        elif not self._set.going_on.question:
            self._asked = max(1, self._asked)
            self._saying.say(now, "dizzy.ask")

    def _leave(self) -> None:
        """Another state begins, or `hurt` begins again: stop speaking to the lifter."""
        self._calls.cancel()
        self._alarm.over()
        self._asked = 0

    def _call(self, at: float) -> None:
        """Ask a dizzy lifter how he is."""
        self._asked += 1
        said = self._saying.say(at, "dizzy.ask")
        later = self._told + CHECKS_S[1] if self._asked < len(CHECKS_S) else said + CALLS_EVERY_S
        if self._asked < MOST_CALLS:
            self._calls.set(later, self._call)
