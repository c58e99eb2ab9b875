"""What loses something is asked about first, when the words were not sure or sets of the plan are still to come.

Law: one question at a time. Whatever the lifter says next, it has been answered, unless it is to be said again or
nothing is lost by it. Nothing is counted while it waits, nor after it until the lifter asks to go on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from coach.content.model import Line
from coach.content.schema import Group
from coach.dialogue.context import Context
from coach.dialogue.ending import Ending
from coach.dialogue.logbook import Logbook
from coach.dialogue.states import RUNNING, State
from coach.dialogue.training_set import TrainingSet
from coach.language.grammar import Intent
from coach.training.plan import Load


@dataclass(frozen=True, slots=True)
class Question:
    """What a yes-or-no question is about."""

    intent: str
    """To say this again is a yes."""
    yes: Callable[[float], None]
    """Called with the moment of the yes."""
    no: str = "end.cancelled"
    """What is said to a no."""
    hint: str = ""
    """What is said to words that were not understood; empty: what can be said here."""
    patient: bool = False
    """Nothing is lost by it: it waits on while the lifter asks something else."""
    answers: frozenset[str] = frozenset()
    """Intents that answer it, besides yes and no: while it waits they are live, and need no wake word."""
    proposed: Load | None = None
    """The load it is about."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the lifter asked for."""

    at: float
    intent: Intent
    sure: bool = True
    """The words were clearly heard."""
    question: Question | None = None
    """What the coach had asked."""
    follows: bool = False
    """It was said in one breath behind something else, whose answer is still to be heard."""
    began: float = 0.0
    """When the lifter began to say it."""

    @property
    def confirmed(self) -> bool:
        """It is what the coach had asked about."""
        return self.question is not None and self.question.intent == self.intent.name


class Confirming:
    """Finishes the set, ends the workout and takes back, perhaps after a question."""

    def __init__(self, context: Context, training_set: TrainingSet, ending: Ending, logbook: Logbook) -> None:
        self._workout = context.workout
        self._saying = context.saying
        self._set = training_set
        self._ending = ending
        self._logbook = logbook
        self._question: Question | None = None
        self.owed: tuple[Line, ...] = ()
        """What the lifter had not heard when it was asked."""

    @property
    def asks(self) -> bool:
        """A question waits for its yes or no."""
        return self._question is not None

    @property
    def answers(self) -> frozenset[str]:
        """Intents that answer the question that waits, besides yes and no."""
        return frozenset() if self._question is None else self._question.answers

    @property
    def question(self) -> Question | None:
        """The one that waits."""
        return self._question

    def drop(self, question: Question | None) -> None:
        """It waits no longer, if it still does."""
        if self._question is question:
            self._question = None

    def stays(self, group: Group) -> bool:
        """Whether the question waits on behind an intent of that group."""
        return self._question is not None and self._question.patient and group in (Group.STATUS, Group.QUESTION)

    def take(self, keep: bool) -> Question | None:
        """The question that waits; it waits no longer, unless it is to be kept."""
        question = self._question
        if not keep:
            self._question = None
        return question

    def finish_set(self, request: Request) -> None:
        """If the words were sure."""
        if request.sure or request.confirmed:
            self._set.finish(request.at)
        else:
            self._ask(request, "finish.confirm", self._set.finish)

    def end_workout(self, request: Request) -> None:
        """If the words were sure and nothing of the plan is lost. Under the load the platform comes first."""
        if self._set.under_load and self._workout.state is not State.STOPPED:
            self._set.stand_by(request.at)
        if request.confirmed or (request.sure and not self._would_lose()):
            self._ending.say_goodbye(request.at)
        else:
            self._ask(request, "end.confirm", self._ending.say_goodbye)

    def next_lifter(self, request: Request) -> None:
        """If the words were sure and nothing of this lifter's plan is lost."""
        name = str(request.intent.slots.get("lifter", ""))

        def over(now: float) -> None:
            self._ending.make_way(now, name)

        if request.confirmed or (request.sure and not self._would_lose()):
            over(request.at)
        else:
            self._ask(request, "end.confirm", over)

    def undo(self, request: Request) -> None:
        """If the words were sure."""
        if request.sure or request.confirmed:
            self._logbook.undo(request.at)
        else:
            self._ask(request, "undo.confirm", self._logbook.undo)

    def put(self, question: Question) -> None:
        """It was asked, and waits for its answer."""
        self._question = question

    def yes(self, request: Request) -> None:
        """Do what the question was about."""
        if request.question is not None:
            request.question.yes(request.at)

    def no(self, request: Request) -> None:
        """Leave it."""
        if request.question is not None:
            self._saying.say(request.at, request.question.no)

    def ask_whether(self, now: float, intent: str, line: Line, yes: Callable[[float], None]) -> None:
        """Ask whether this was meant; nothing is counted now. Yes does it."""
        self._question = Question(intent, yes)
        if self._workout.state in RUNNING:
            self._set.pause(now)
        self._saying.say_line(now, line)
        self._set.going_on.stand_by(now)

    def _would_lose(self) -> bool:
        """Whether sets of the plan are still to come in a workout that was begun."""
        progress = self._workout.progress
        begun = bool(progress.done) or progress.open
        return begun and self._workout.sets_left > 0 and self._workout.state is not State.FINISHED

    def _ask(self, request: Request, prompt: str, yes: Callable[[float], None]) -> None:
        self.ask_whether(request.at, request.intent.name, self._saying.pack.prompts[prompt], yes)
