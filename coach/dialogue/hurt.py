"""Pain and dizziness: the set is over, and nothing is counted until the lifter says that it is gone.

Law: only a yes leads out of here to another set, and only the first time: the second time ends the workout. A dizzy
lifter is spoken to until he answers.
"""

from __future__ import annotations

from coach.dialogue.alarm import CALLS_EVERY_S, DIZZY_S, MOST_CALLS, PAIN_CALLS, PAIN_S, Alarm
from coach.dialogue.context import Context
from coach.dialogue.ending import Ending
from coach.dialogue.states import Move, State
from coach.dialogue.training_set import QUIET_AFTER_STOP_S, TrainingSet
from coach.records import Pain

CHECKS_S = (20.0, 45.0)
"""After dizziness was told: when the lifter is asked how it is."""
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
        """The next time a dizzy lifter is spoken to."""
        self._times = 0
        """How often something hurt in this workout."""
        self._racked = True
        self._told = 0.0
        self._asked = 0
        """How often a dizzy lifter was."""

    def tell(self, now: float, what: str) -> None:
        """Stop, make it safe, and end the set."""
        again = self._workout.state is State.HURT
        asked = self.asked(now)
        if not again:
            # Before the words behind a set were heard, the platform may still be held.
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
        self._outbox.write(Pain(now, what, *self._set.place, self._set.side))
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
        """A call for help of somebody who is hurt: the same once more."""
        self._set.going_on.give_way(now)
        line = "pain.rest" if self._racked else "pain.now"
        if not self._saying.floor.holds(line, now):
            self._saying.say(now, line)
        self._set.going_on.make_good(now, self._set.going_on.words)

    def nod(self, now: float) -> None:
        """ "Okay": an answer to "are you all right", and to nothing else."""
        if self._asked:
            self.gone(now)

    def asked(self, now: float) -> bool:
        """The lifter was asked whether it is gone."""
        return self._set.going_on.asked(now) or self._asked > 0

    def gone(self, now: float) -> None:
        """A yes."""
        self._set.forget_plans()
        if self._times > 1:
            self._ending.say_goodbye(now)
            return
        self._workout.moves.fire(Move.RECOVER)
        self._saying.say(now, "pain.gone")

    def still(self, now: float) -> None:
        """A no."""
        self._set.forget_plans()
        if self._times > 1:
            self._saying.say(now, "pain.rest")
            self._ending.say_goodbye(now)
            return
        self._saying.say(now, "pain.still")
        self._alarm.watch("pain", now, PAIN_S, PAIN_CALLS)
        self._set.going_on.speak(now, QUIET_AFTER_STOP_S, ask="pain.ask")

    def remember(self, times: int) -> None:
        """So often something hurt before the workout was taken up again."""
        self._times = times
        self._workout.cautious = self._workout.cautious or times > 0

    @property
    def ends_training(self) -> bool:
        """It hurt twice: there is no further set today."""
        return self._times > 1

    def not_yet(self, now: float) -> None:
        """Asked to go on before it is known to be gone."""
        if self.ends_training:
            self._saying.say(now, "pain.over")
        elif not self._set.going_on.question:
            self._asked = max(1, self._asked)
            self._saying.say(now, "dizzy.ask")

    def _leave(self) -> None:
        """Another state begins, or the same anew: nobody is spoken to any more."""
        self._calls.cancel()
        self._alarm.over()
        self._asked = 0

    def _call(self, at: float) -> None:
        """Is anybody there?"""
        self._asked += 1
        said = self._saying.say(at, "dizzy.ask")
        later = self._told + CHECKS_S[1] if self._asked < len(CHECKS_S) else said + CALLS_EVERY_S
        if self._asked < MOST_CALLS:
            self._calls.set(later, self._call)
