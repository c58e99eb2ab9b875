"""Answers about the exercise and the talk: questions of the pack, "again", "why", "what can I say", "how many"."""

from __future__ import annotations

from dataclasses import astuple

from coach.commands import FADE_S
from coach.dialogue.context import Context, Scene
from coach.dialogue.resting import Resting
from coach.dialogue.states import State
from coach.language.numbers import in_words
from coach.language.speech import about, digits, duration, load, repetitions, series, sets
from coach.training.plan import SetKind
from coach.training.structure import ramp


class Answering(Scene):
    """Answers from the pack and the workout; changes nothing in the workout."""

    def __init__(self, context: Context, resting: Resting, wake_word: str | None) -> None:
        super().__init__(context)
        self._resting = resting
        self._wake_word = wake_word

    def answer(self, now: float, question: str) -> None:
        """Say the pack's answer to a question; `question`: the name of its intent."""
        self._saying.reason = None
        tempo = digits(*astuple(self._workout.this_set.tempo))
        self._saying.say_line(now, self._pack.answers[question], tempo=tempo)

    def repeat(self, now: float) -> None:
        """Say again what was said since the lifter last had the floor."""
        said, self._saying.turn_lines = self._saying.turn_lines, []
        if not said:
            self._saying.say(now, "setup.none")
        for line in said:
            if self._saying.floor.has_line(line.source, now + FADE_S):
                # The line had to be heard, so it is being said again already.
                continue
            self._saying.say_words(now, line.text, line.source)

    def say_reason(self, now: float) -> None:
        """Say the reason for what was said last."""
        if self._saying.reason is None:
            self._saying.say(now, "setup.none")
        else:
            self._saying.say_line(now, self._saying.reason)

    def say_help(self, now: float) -> None:
        """Say what can be said here."""
        self.say_with_hint(now, f"help.{self._workout.state}")

    def be_quiet(self, now: float) -> None:
        """Fall silent after "stop" where nothing moves."""
        self._saying.silence(now)
        self._saying.say(now, "stop.quiet")

    def say_listening(self, now: float) -> None:
        """Say that somebody listens."""
        self._saying.say(now, "wake.answer")

    def say_with_hint(self, now: float, prompt: str) -> float:
        """Say a prompt that names commands, and how they begin here; returns when it will have been said."""
        ends = self._saying.say(now, prompt)
        return ends if self._wake_word is None else self._saying.say(now, "wake.hint", word=self._wake_word)

    def say_left(self, now: float) -> None:
        """Say how many repetitions of the open set, seconds of the rest or sets are left."""
        if self._workout.state is State.BREAK:
            self.say_rest(now)
        elif self._workout.progress.is_set_open and self._workout.set_fulfilled:
            self._saying.say(now, "status.none_left")
        elif self._workout.progress.is_set_open:
            self._saying.say(now, "status.reps_left", reps=repetitions(self._workout.reps_left))
        elif self._workout.state is State.RESTING:
            self._resting.say_left(now)
        else:
            self._saying.say(now, "status.sets_left", sets=sets(self._workout.sets_left))

    def say_next_set(self, now: float) -> None:
        """Say how the next set begins."""
        planned = self._workout.this_set
        self._saying.say_for_kind(now, "left.next", planned.kind, set=in_words(planned.number))

    def say_set(self, now: float) -> None:
        """Say which set of how many it is."""
        planned = self._workout.this_set
        warms_up = planned.kind is SetKind.WARM_UP
        total = len(ramp(self._workout.plan)) if warms_up else self._workout.plan.sets
        number = min(planned.number, total)
        self._saying.say_for_kind(now, "status.set", planned.kind, set=in_words(number), sets=in_words(total))

    def say_sets_today(self, now: float) -> None:
        """Say how many sets are done today."""
        done = len(self._workout.progress.working_sets)
        if done:
            self._saying.say(now, "status.sets_today", sets=sets(done))
        else:
            self._saying.say(now, "summary.none")

    def say_last_time(self, now: float) -> None:
        """Say what was done in the last workout."""
        last = self._past.last_workout
        if last is None:
            self._saying.say(now, "log.nothing")
        elif last.load is None:
            self._saying.say(now, "last.told_bare", each=series(last.reps_by_set))
        else:
            weight = load(last.load.amount, last.load.unit)
            self._saying.say(now, "last.told", load=weight, each=series(last.reps_by_set))

    def say_rep(self, now: float) -> None:
        """Say how many repetitions of the open set are done; at rest, of the last set."""
        progress = self._workout.progress
        reps = progress.sets_done[-1].reps if progress.sets_done and not progress.is_set_open else progress.rep
        self._saying.say(now, "status.rep", rep=repetitions(reps))

    def say_rest(self, now: float) -> None:
        """Say how much of the rest is left, or how long the plan's rest is."""
        if self._workout.state is State.BREAK:
            self._saying.say(now, "rest.remaining", seconds=about(self._workout.break_ends - now))
        elif self._resting.is_between_sets:
            self._resting.say_left(now)
        else:
            self._saying.say(now, "rest.is", seconds=duration(self._workout.plan.rest))

    def say_load(self, now: float) -> None:
        """Say which load is on the platform."""
        weight = self._workout.stage.load
        if weight is None:
            self._saying.say(now, "load.none")
        else:
            self._saying.say(now, "load.is", load=load(weight.amount, weight.unit))

    def say_side(self, now: float) -> None:
        """Say which side is under way or comes next."""
        side = self._workout.stage.side
        if side is None:
            self._saying.say(now, "sides.off")
        else:
            self._saying.say(now, "set.side", side=side.value)

    def say_summary(self, now: float) -> None:
        """Say what was done today."""
        counted = self._workout.progress.working_sets or self._workout.progress.sets_done
        if not counted:
            self._saying.say(now, "summary.none")
            return
        done = {"sets": sets(len(counted)), "reps": repetitions(sum(one.reps for one in counted))}
        weight = counted[-1].load
        if weight is None:
            self._saying.say(now, "summary", **done)
        else:
            self._saying.say(now, "summary.load", load=load(weight.amount, weight.unit), **done)
