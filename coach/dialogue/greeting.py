"""How a session begins: the greeting, and one question to a lifter who has trained before.

Law: the coach asks one question. Yes continues a workout that was left; "continue" does so until another workout is
begun. Anything else begins a new workout, and what was logged stays.
"""

from __future__ import annotations

from dataclasses import replace

from coach.dialogue.answering import Answering
from coach.dialogue.confirming import Confirming, Question, Request
from coach.dialogue.context import Context, Scene
from coach.dialogue.hurt import Hurt
from coach.dialogue.logbook import Logbook
from coach.dialogue.preferences import Preferences
from coach.dialogue.states import Move
from coach.dialogue.training_set import TrainingSet
from coach.language.numbers import in_words
from coach.language.speech import load, repetitions, series, sets
from coach.records import GotStuck, SessionBegan, SessionResumed
from coach.training.past import LastWorkout, UnfinishedWorkout
from coach.training.plan_text import write
from coach.training.structure import next_set

RESUME_INTENT = "Resume"
"""Name of the intent that says yes to continuing a workout."""


class Greeting(Scene):
    """Greets, and continues a workout that was left."""

    def __init__(
        self,
        context: Context,
        answering: Answering,
        training_set: TrainingSet,
        confirming: Confirming,
        hurt: Hurt,
        logbook: Logbook,
        preferences: Preferences,
    ) -> None:
        super().__init__(context)
        self._answering = answering
        self._training_set = training_set
        self._confirming = confirming
        self._hurt = hurt
        self._logbook = logbook
        self._preferences = preferences

    def begin(self, now: float) -> None:
        """Apply the lifter's preferences, and write the first record."""
        self._preferences.begin()
        plan = self._workout.plan
        self._outbox.write(
            SessionBegan(now, self._pack.id, plan.sets, plan.reps, plan.rest, str(plan.tempo), write(plan))
        )

    def greet(self, now: float) -> None:
        """Say the first words, and ask the question."""
        if self._past.unfinished is not None:
            self._offer_to_resume(now, self._past.unfinished)
        else:
            self._answering.say_with_hint(now, "greeting")
            self._offer_same_plan(now)

    @property
    def can_resume_workout(self) -> bool:
        """Whether a workout was left and no other was begun."""
        progress = self._workout.progress
        return self._past.unfinished is not None and not (progress.sets_done or progress.is_set_open)

    def resume_workout(self, now: float) -> None:
        """Continue the unfinished workout."""
        unfinished = self._past.unfinished
        if unfinished is None:
            return
        self._workout.plan = unfinished.plan
        self._preferences.mark_written()
        self._logbook.forget()
        self._workout.progress = unfinished.progress
        self._hurt.remember_reports(unfinished.pain_count)
        if GotStuck.kind in unfinished.reported or any(map(self._pack.is_gravest, unfinished.reported)):
            self._workout.no_higher_load = True
        self._outbox.write(SessionResumed(now, unfinished.last_session))
        if unfinished.is_set_open:
            self._training_set.resume_earlier(now)
        else:
            self._workout.state_machine.fire(Move.RESUME_WORKOUT)
            self._answering.say_next_set(now)

    def wait(self, request: Request) -> None:
        """The lifter wants time to answer."""
        self._saying.say(request.at, "countdown.hold")
        if request.question is not None:
            self._confirming.question = request.question

    def _offer_to_resume(self, now: float, unfinished: UnfinishedWorkout) -> None:
        if unfinished.is_set_open:
            planned = next_set(unfinished.plan, unfinished.progress)
            reps = repetitions(unfinished.progress.set_reps)
            self._saying.say_for_kind(now, "left.open", planned.kind, set=in_words(planned.number), reps=reps)
        else:
            self._saying.say(now, "left.between", sets=sets(len(unfinished.sets)))
        self._confirming.question = Question(RESUME_INTENT, self.resume_workout, "left.anew", keeps_waiting=True)

    def _offer_same_plan(self, now: float) -> None:
        """Ask a lifter who trained before whether to do the same again. A plan from a file is left as it is."""
        last = self._past.last_workout
        if self._workout.plan.name or last is None or last.load is None or not last.can_be_planned:
            return
        weight = load(last.load.amount, last.load.unit)
        self._saying.say(now, "last.same", load=weight, each=series((last.reps,) * last.sets))
        self._confirming.question = Question(
            "", lambda at: self._take_same_plan(at, last), "load.none", keeps_waiting=True
        )

    def _take_same_plan(self, now: float, last: LastWorkout) -> None:
        plan = self._workout.plan
        self._workout.plan = replace(plan, sets=last.sets, reps=last.reps, load=last.load)
        self._saying.say(now, "last.taken")
