"""One set of the plan: begun, counted, interrupted, taken up again, over.

Law: falling silent comes first, then the move, then the words. After pain or dizziness the set is closed: only a new
start counts again.
"""

from __future__ import annotations

from coach.content.model import Line
from coach.dialogue.context import Context
from coach.dialogue.counting import Counting
from coach.dialogue.going_on import GoingOn
from coach.dialogue.resting import Resting
from coach.dialogue.states import Move, State
from coach.dialogue.telling import Telling
from coach.language.numbers import in_words
from coach.language.speech import repetitions
from coach.records import Correction, Pain, Set, Stop

QUIET_AFTER_STOP_S = 4.0
"""The danger line, then silence: time to bring the platform up and set the catches before more is said."""
FIX_DELAY_S = 1.5
"""From "push up" to the explanation: the platform first."""


class TrainingSet:
    """Owns everything between "start set" and the rest."""

    def __init__(self, context: Context, resting: Resting, telling: Telling) -> None:
        self._pack = context.pack
        self._workout = context.workout
        self._saying = context.saying
        self._outbox = context.outbox
        self._resting = resting
        self._telling = telling
        self._counting = Counting(context, self._fulfilled)
        self.going_on = GoingOn(context, self.resume)

    def start(self, now: float) -> None:
        """A new set from its first repetition."""
        workout = self._workout
        self.forget_plans()
        self._leave_open_set(now)
        workout.moves.fire(Move.START)
        workout.progress = workout.progress.begin_set()
        reps, number = repetitions(workout.plan.reps), in_words(workout.progress.set_number)
        ready = self._saying.say(now, "set.intro", reps=reps, set=number)
        self._count_down(ready, "countdown.three", "countdown.two", "countdown.one")

    def resume(self, now: float) -> None:
        """The open set again, from the repetition that was not done."""
        self.going_on.forget()
        if not self._workout.reps_left:
            # Halted after its last repetition, or the plan was cut meanwhile.
            self._over(now, "set.done")
            return
        self._workout.moves.fire(Move.RESUME)
        ready = self._saying.say(now, "resume.intro", rep=in_words(self._workout.progress.rep + 1))
        self._count_down(ready, "countdown.two", "countdown.one")

    def _count_down(self, ready: float, *words: str) -> None:
        if self._workout.plan.tempo.pushes_on_the_number:
            ready = self._saying.say(ready, "set.push_on_number")
        self._counting.begin(ready, *words)

    def stop(self, now: float) -> None:
        """Silence at once; under the platform, the way out of it. The set stays open."""
        under_load = self._halt(now)
        self._workout.moves.fire(Move.STOP)
        if under_load:
            self._outbox.write(Stop(now, *self._place))
            if not self._saying.floor.holds("stop.now", now):
                self._saying.say(now, "stop.now")
        after = self._pack.prompts["stop.after" if self._workout.progress.open else "stop.quiet"]
        self.going_on.speak(now, QUIET_AFTER_STOP_S if under_load else 0.0, after)

    def pain(self, now: float, what: str) -> None:
        """Stop, and end the coaching of this set."""
        under_load = self._halt(now)
        self._workout.moves.fire(Move.STOP)
        self._outbox.write(Pain(now, what, *self._place))
        self._saying.say(now, "pain.now" if under_load else "pain.rest")
        self._close(now)
        if under_load:
            self.going_on.speak(now, QUIET_AFTER_STOP_S, self._pack.prompts["pain.after"])

    def pause(self, now: float, *more: Line) -> None:
        """Stop counting until the lifter says to go on; `more`: lines to be said as well, when the platform is up."""
        self._halt(now)
        self._workout.moves.fire(Move.PAUSE)
        self._saying.say(now, "pause.now")
        self.going_on.speak(now, FIX_DELAY_S, *more, self._pack.prompts["pause.resume_hint"])

    def report(self, now: float, what: str, follows: bool = False) -> None:
        """The lifter tells of a fault: stop counting, and say what to do about it.

        `follows`: in one breath behind something else, which is answered, too, before the question how to go on.
        """
        correction = self._pack.corrections[what]
        self._saying.why = correction.why
        self._counting.focus_on(correction.topic)
        if self._workout.state not in (State.SET, State.CORRECTING, State.PAUSED):
            self._saying.say_line(now, correction.fix)
            return
        counted = self._workout.in_set
        before = self.going_on.words[:-1] if follows and self.going_on.will_speak else ()
        if counted or not follows:
            self._halt(now)
        self._workout.moves.fire(Move.CORRECT)
        self._outbox.write(Correction(now, what, *self._place))
        if counted:
            self._saying.say_line(now, correction.now)
        ask = self._pack.prompts["correction.ask_racked" if correction.racked else "correction.ask"]
        self.going_on.speak(now, FIX_DELAY_S if counted or before else 0.0, *before, correction.fix, ask)

    def break_for(self, now: float) -> None:
        """Something comes in the middle of the set: stop counting; `going_on.resume` takes the set up again."""
        self._halt(now)
        self._workout.moves.fire(Move.PAUSE)

    def catch_up(self, now: float) -> None:
        """After a stall: what was laid ahead for the next moments has been heard, and happens."""
        self._counting.catch_up(now)

    def forget_plans(self) -> None:
        """Something else begins: the rest timer and the words that wait are forgotten."""
        self._resting.leave()
        self.going_on.forget()

    def finish(self, now: float) -> None:
        """The lifter ends the set before the plan does."""
        self._halt(now)
        reps = self._workout.progress.rep
        self._over(now, "set.finished" if reps else "set.dropped")

    def end(self, now: float) -> None:
        """Everything ends: nothing of the set sounds or waits; what was done is kept."""
        self._halt(now)
        self._leave_open_set(now)

    def _fulfilled(self, at: float) -> None:
        self._saying.turn.clear()
        self._over(at, "set.done")

    def _over(self, at: float, prompt: str) -> None:
        """Close the set with these words and go on to the rest, or to the end of the plan."""
        self._saying.say(at, prompt, reps=repetitions(self._workout.progress.rep))
        self._close(at)
        if self._workout.sets_left:
            self._resting.begin(at)
        else:
            self._workout.moves.fire(Move.FINISH)
            self._telling.summary(at)
            self._saying.say(at, "workout.done")

    def _leave_open_set(self, now: float) -> None:
        if self._workout.progress.open:
            self._close(now)

    def _close(self, now: float) -> None:
        """The open set becomes a line of the log."""
        progress, load = self._workout.progress, self._workout.plan.load
        if progress.open and progress.rep:
            amount, unit = (None, None) if load is None else (load.amount, load.unit)
            self._outbox.write(Set(now, progress.set_number, progress.rep, amount, unit))
        self._workout.progress = progress.close_set(load)

    def _halt(self, now: float) -> bool:
        """Fall silent and forget what was to come; True when the lifter may be under the load."""
        under_load = self._workout.progress.open
        self._counting.halt(now)
        self.forget_plans()
        return under_load

    @property
    def _place(self) -> tuple[int, int]:
        """The number of the set, and the repetitions done in it."""
        return self._workout.progress.set_number, self._workout.progress.rep
