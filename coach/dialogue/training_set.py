"""One set of the plan: begun, counted, interrupted, taken up again, over.

Law: falling silent comes first, then the move, then the words. After pain or dizziness the set is closed: only a new
start counts again.
"""

from __future__ import annotations

from coach.content.model import Line
from coach.dialogue.counting import Counting
from coach.dialogue.desk import Desk
from coach.dialogue.resting import Resting
from coach.dialogue.states import Move, State
from coach.language.numbers import in_words
from coach.language.speech import repetitions
from coach.records import Correction, Pain, Set, Stop

QUIET_AFTER_STOP_S = 4.0
"""The danger line, then silence: time to bring the platform up and set the catches before more is said."""
FIX_DELAY_S = 1.5
"""From "push up" to the explanation: the platform first."""


class TrainingSet:
    """Owns everything between "start set" and the rest."""

    def __init__(self, desk: Desk, resting: Resting) -> None:
        self._desk = desk
        self._resting = resting
        self._words: tuple[Line, ...] = ()
        """What the lifter has to hear once the platform is safe."""
        self.counting = Counting(desk, self._fulfilled)

    def start(self, now: float) -> None:
        """A new set from its first repetition."""
        desk = self._desk
        self._resting.leave()
        self.forget_words()
        self._leave_open_set(now)
        desk.moves.fire(Move.START)
        desk.progress = desk.progress.begin_set()
        ready = desk.say(now, "set.intro", reps=repetitions(desk.plan.reps), set=in_words(desk.progress.set_number))
        self._count_down(ready, "countdown.three", "countdown.two", "countdown.one")

    def resume(self, now: float) -> None:
        """The open set again, from the repetition that was not done."""
        desk = self._desk
        self.forget_words()
        if desk.progress.rep >= desk.plan.reps:
            # Halted after its last repetition, or the plan was cut meanwhile.
            self._over(now, "set.done")
            return
        desk.moves.fire(Move.RESUME)
        ready = desk.say(now, "resume.intro", rep=in_words(desk.progress.rep + 1))
        self._count_down(ready, "countdown.two", "countdown.one")

    def _count_down(self, ready: float, *words: str) -> None:
        if self._desk.plan.tempo.pushes_on_the_number:
            ready = self._desk.say(ready, "set.push_on_number")
        self.counting.begin(ready, *words)

    def stop(self, now: float) -> None:
        """Silence at once; under the platform, the way out of it. The set stays open."""
        under_load = self._halt(now)
        self._desk.moves.fire(Move.STOP)
        if under_load:
            self._desk.record(Stop(now, self._desk.progress.set_number, self._desk.progress.rep))
            if not self._desk.floor.holds("stop.now", now):
                self._desk.say(now, "stop.now")
        after = self._desk.pack.prompts["stop.after" if self._desk.progress.open else "stop.quiet"]
        self._later(now, QUIET_AFTER_STOP_S if under_load else 0.0, after)

    def pain(self, now: float, what: str) -> None:
        """Stop, and end the coaching of this set."""
        desk = self._desk
        under_load = self._halt(now)
        desk.moves.fire(Move.STOP)
        desk.record(Pain(now, what, desk.progress.set_number, desk.progress.rep))
        desk.say(now, "pain.now" if under_load else "pain.rest")
        self._close(now)
        if under_load:
            self._later(now, QUIET_AFTER_STOP_S, desk.pack.prompts["pain.after"])

    def pause(self, now: float, *told: Line) -> None:
        """Stop counting until told to go on; `told`: said as well, when the platform is up."""
        self._halt(now)
        self._desk.moves.fire(Move.PAUSE)
        self._desk.say(now, "pause.now")
        self._later(now, FIX_DELAY_S, *told, self._desk.pack.prompts["pause.resume_hint"])

    def report(self, now: float, what: str) -> None:
        """The lifter tells of a fault: stop counting, and say what to do about it."""
        desk = self._desk
        correction = desk.pack.corrections[what]
        desk.why = correction.why
        if desk.moves.parent in (State.SET, State.CORRECTING, State.PAUSED):
            counted = desk.moves.parent == State.SET
            self._halt(now)
            desk.moves.fire(Move.CORRECT)
            desk.record(Correction(now, what, desk.progress.set_number, desk.progress.rep))
            if counted:
                desk.say_line(now, correction.now)
            self.counting.focus_on(correction.topic)
            ask = desk.pack.prompts["correction.ask_racked" if correction.racked else "correction.ask"]
            self._later(now, FIX_DELAY_S if counted else 0.0, correction.fix, ask)
        else:
            desk.say_line(now, correction.fix)
            self.counting.focus_on(correction.topic)

    def break_for(self, now: float) -> None:
        """A question in the middle of the set: stop counting; `go_on_after` takes the set up again."""
        self._halt(now)
        self._desk.moves.fire(Move.PAUSE)

    def go_on_after(self, answered: float) -> None:
        """Take the set up again when the answer has been said."""
        self._desk.deadlines.set("resume", answered, self.resume)

    def give_way(self, now: float) -> tuple[Line, ...]:
        """The lifter spoke, outside a running set: fall silent. Returns what was to be heard and was not."""
        desk = self._desk
        lost = {spoken.say.source for spoken in desk.silence(now)}
        waiting = desk.deadlines.is_set("more words")
        desk.deadlines.cancel("more words")
        return tuple(line for line in self._words if waiting or line.id in lost)

    def make_good(self, now: float, owed: tuple[Line, ...]) -> None:
        """After an answer: what the lifter has not heard of a correction, or of the way on."""
        owed = tuple(line for line in owed if not self._desk.floor.holds(line.id, now))
        if owed and self._words:
            self._later(now, 0.0, *owed)
        if self._desk.deadlines.is_set("resume"):
            self.go_on_after(self._desk.floor.next_free(now))

    def finish(self, now: float) -> None:
        """The lifter ends the set before the plan does."""
        self._halt(now)
        reps = self._desk.progress.rep
        self._over(now, "set.finished" if reps else "set.dropped")

    def end(self, now: float) -> None:
        """Everything ends: nothing of the set sounds or waits; what was done is kept."""
        self._halt(now)
        self._leave_open_set(now)

    def _fulfilled(self, at: float) -> None:
        self._desk.turn.clear()
        self._over(at, "set.done")

    def _over(self, at: float, prompt: str) -> None:
        """Close the set with these words and go on to the rest, or to the end of the plan."""
        desk = self._desk
        desk.say(at, prompt, reps=repetitions(desk.progress.rep))
        self._close(at)
        if len(desk.progress.done) < desk.plan.sets:
            self._resting.begin(at)
        else:
            desk.moves.fire(Move.FINISH)
            desk.say_summary(at)
            desk.say(at, "workout.done")

    def _leave_open_set(self, now: float) -> None:
        if self._desk.progress.open:
            self._close(now)

    def _close(self, now: float) -> None:
        """The open set becomes a line of the log."""
        desk = self._desk
        if desk.progress.open and desk.progress.rep:
            load = desk.plan.load
            amount, unit = (None, None) if load is None else (load.amount, load.unit)
            desk.record(Set(now, desk.progress.set_number, desk.progress.rep, amount, unit))
        desk.progress = desk.progress.close_set(desk.plan.load)

    def _halt(self, now: float) -> bool:
        """Fall silent and forget what was to come; True when the lifter may be under the load."""
        under_load = self._desk.progress.open
        self.counting.halt(now)
        self._resting.leave()
        self.forget_words()
        return under_load

    def forget_words(self) -> None:
        """What was to be said later, or to be taken up again, is not."""
        self._words = ()
        self._desk.deadlines.cancel("resume", "more words")

    def _later(self, now: float, delay: float, *words: Line) -> None:
        """Say more when the floor is free and the platform safe."""
        self._words = words

        def speak(at: float) -> None:
            for line in words:
                self._desk.say_line(at, line)

        self._desk.deadlines.set("more words", self._desk.floor.next_free(now) + delay, speak)
