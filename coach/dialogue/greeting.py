"""How a session begins: the greeting, and one question to a lifter who has trained before.

Law: the coach asks one question. Yes continues a workout that was left; "continue" does so until another workout is
begun. Anything else begins a new workout, and what was logged stays.
"""

from __future__ import annotations

from dataclasses import replace

from coach.dialogue.confirming import Confirming, Question, Request
from coach.dialogue.context import Context
from coach.dialogue.hurt import Hurt
from coach.dialogue.logbook import Logbook
from coach.dialogue.preferences import Preferences
from coach.dialogue.states import Move
from coach.dialogue.telling import Telling
from coach.dialogue.training_set import TrainingSet
from coach.language.numbers import in_words
from coach.language.speech import load, repetitions, series, sets
from coach.records import GotStuck, SessionBegan, SessionResumed
from coach.training.past import Last, Left
from coach.training.structure import next_set
from coach.training.written import write

RESUME = "Resume"
"""Name of the intent that says yes to continuing a workout."""


class Greeting:
    """Greets, and continues a workout that was left."""

    def __init__(
        self,
        context: Context,
        telling: Telling,
        training_set: TrainingSet,
        confirming: Confirming,
        hurt: Hurt,
        logbook: Logbook,
        preferences: Preferences,
    ) -> None:
        self._pack = context.pack
        self._past = context.past
        self._workout = context.workout
        self._saying = context.saying
        self._outbox = context.outbox
        self._telling = telling
        self._set = training_set
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
        if self._past.left is not None:
            self._offer(now, self._past.left)
        else:
            self._telling.with_hint(now, "greeting")
            self._ask_for_the_same(now)

    @property
    def offers(self) -> bool:
        """Whether a workout was left and no other was begun."""
        progress = self._workout.progress
        return self._past.left is not None and not (progress.done or progress.open)

    def take_up(self, now: float) -> None:
        """Continue the workout that was left."""
        left = self._past.left
        if left is None:
            return
        self._workout.plan = left.plan
        self._preferences.accept()
        self._logbook.forget()
        self._workout.progress = left.progress
        self._hurt.remember(left.pains)
        if GotStuck.kind in left.reported or any(map(self._pack.breaks_first_law, left.reported)):
            self._workout.cautious = True
        self._outbox.write(SessionResumed(now, left.session))
        if left.open:
            self._set.take_up(now)
        else:
            self._workout.moves.fire(Move.TAKE_UP)
            planned = self._workout.this_set
            self._saying.say_of(now, "left.next", planned.kind, set=in_words(planned.number))

    def wait(self, request: Request) -> None:
        """The lifter wants time to answer."""
        self._saying.say(request.at, "countdown.hold")
        if request.question is not None:
            self._confirming.put(request.question)

    def _offer(self, now: float, left: Left) -> None:
        if left.open:
            planned = next_set(left.plan, left.progress)
            reps = repetitions(left.progress.set_reps)
            self._saying.say_of(now, "left.open", planned.kind, set=in_words(planned.number), reps=reps)
        else:
            self._saying.say(now, "left.between", sets=sets(len(left.sets)))
        self._confirming.put(Question(RESUME, self.take_up, "left.anew", patient=True))

    def _ask_for_the_same(self, now: float) -> None:
        """Ask a lifter who trained before whether to do the same again. A plan from a file is left as it is."""
        last = self._past.last
        if self._workout.plan.name or last is None or last.load is None or not last.can_be_planned:
            return
        weight = load(last.load.amount, last.load.unit)
        self._saying.say(now, "last.same", load=weight, each=series((last.reps,) * last.sets))
        self._confirming.put(Question("", lambda at: self._take_the_same(at, last), "load.none", patient=True))

    def _take_the_same(self, now: float, last: Last) -> None:
        plan = self._workout.plan
        self._workout.plan = replace(plan, sets=last.sets, reps=last.reps, load=last.load)
        self._saying.say(now, "last.taken")
