"""Asks before something is lost: when the words were not sure, or when sets of the plan are still to come.

Law: one question at a time. The next words of the lifter end the question, with two exceptions: the lifter asks to hear
it again; or the question has `keeps_waiting`, and the lifter asks for the status or something that the pack answers. No
repetition is counted while a question waits, nor after it until the lifter asks to go on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from coach.content.model import Line
from coach.content.schema import Group
from coach.dialogue.context import Context, Scene
from coach.dialogue.ending import Ending
from coach.dialogue.logbook import Logbook
from coach.dialogue.states import RUNNING_STATES, State
from coach.dialogue.training_set import TrainingSet
from coach.language.grammar import Intent
from coach.training.plan import Load


@dataclass(frozen=True, slots=True)
class Question:
    """A question that waits for its answer, mostly a yes or a no."""

    intent_name: str
    """Name of the intent that was asked about: saying it again is a yes. Empty: no intent was asked about."""
    on_yes: Callable[[float], None]
    """Called with the moment of the yes."""
    no_prompt: str = "end.cancelled"
    """Id of the prompt that is said after a no. The default, "Still with you.", fits every question."""
    hint_prompt: str = ""
    """Id of the prompt that is said after words that were not understood; empty: the help of this state."""
    keeps_waiting: bool = False
    """The question stays open after the lifter asked something else: nothing is lost if it is answered later."""
    answer_intents: frozenset[str] = frozenset()
    """Intents that answer the question, besides yes and no. While it waits they are live and need no wake word."""
    proposed_load: Load | None = None
    """The load that was proposed; None: the question is not about a load."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the lifter asked for."""

    at: float
    """When the request is carried out, in session seconds."""
    intent: Intent
    is_sure: bool = True
    """The words were clearly heard."""
    question: Question | None = None
    """The coach's question that waited when the lifter spoke; None: there was none."""
    same_breath: bool = False
    """The request was said in one breath after another request, which the coach is still answering."""
    began: float = 0.0
    """When the lifter began to say the request, in session seconds."""

    @property
    def is_confirmed(self) -> bool:
        """Whether the request repeats what the coach has asked about."""
        return self.question is not None and self.question.intent_name == self.intent.name


class Confirming(Scene):
    """Asks before finishing a set, ending the workout or an undo. Keeps the question that waits, whoever asked it."""

    def __init__(self, context: Context, training_set: TrainingSet, ending: Ending, logbook: Logbook) -> None:
        super().__init__(context)
        self._training_set = training_set
        self._ending = ending
        self._logbook = logbook
        self.question: Question | None = None
        """The question that waits; None: there is none."""
        self.lines_to_repeat: tuple[Line, ...] = ()
        """Lines that the question interrupted. The conversation sets them, and says them after the answer."""

    @property
    def is_asking(self) -> bool:
        """Whether a question waits for its answer."""
        return self.question is not None

    @property
    def answer_intents(self) -> frozenset[str]:
        """Intents that answer the waiting question, besides yes and no."""
        return frozenset() if self.question is None else self.question.answer_intents

    def drop(self, question: Question | None) -> None:
        """Stop waiting for this question, if it is still the one that waits."""
        if self.question is question:
            self.question = None

    def keeps_waiting_after(self, group: Group) -> bool:
        """Whether the question keeps waiting after an intent of that group."""
        return self.question is not None and self.question.keeps_waiting and group in (Group.STATUS, Group.QUESTION)

    def take_question(self, keep: bool) -> Question | None:
        """The question that waits. It stops waiting, unless `keep`."""
        question = self.question
        if not keep:
            self.question = None
        return question

    def finish_set(self, request: Request) -> None:
        """Finish the set; ask first if the words were not sure."""
        if request.is_sure or request.is_confirmed:
            self._training_set.finish(request.at)
        else:
            self._ask(request, "finish.confirm", self._training_set.finish)

    def end_workout(self, request: Request) -> None:
        """End the workout; ask first if the words were not sure or sets of the plan would be lost.

        If the lifter holds the load, the coach first tells the lifter to put the catches in.
        """
        if self._training_set.under_load and self._workout.state is not State.STOPPED:
            self._training_set.rack_and_wait(request.at)
        if request.is_confirmed or (request.is_sure and not self._would_lose()):
            self._ending.say_goodbye(request.at)
        else:
            self._ask(request, "end.confirm", self._ending.say_goodbye)

    def change_lifter(self, request: Request) -> None:
        """Let another lifter begin; ask first if the words were not sure or sets of the plan would be lost."""
        name = str(request.intent.slots.get("lifter", ""))

        def end(now: float) -> None:
            self._ending.end_for_next_lifter(now, name)

        if request.is_confirmed or (request.is_sure and not self._would_lose()):
            end(request.at)
        else:
            self._ask(request, "end.confirm", end)

    def undo(self, request: Request) -> None:
        """Take back what was logged last; ask first if the words were not sure."""
        if request.is_sure or request.is_confirmed:
            self._logbook.undo(request.at)
        else:
            self._ask(request, "undo.confirm", self._logbook.undo)

    def accept_no(self, now: float, question: Question) -> None:
        """The lifter said no: change nothing, and say so."""
        self._saying.say(now, question.no_prompt)

    def ask_to_confirm(self, now: float, intent_name: str, line: Line, on_yes: Callable[[float], None]) -> None:
        """Ask with `line` whether this was meant, and call `on_yes` after a yes. Nothing is counted now."""
        self.question = Question(intent_name, on_yes)
        if self._workout.state in RUNNING_STATES:
            self._training_set.pause(now)
        self._saying.say_line(now, line)
        self._training_set.continuation.ask_if_unanswered(now)

    def _would_lose(self) -> bool:
        """Whether sets of the plan are still to come in a workout that was begun."""
        progress = self._workout.progress
        begun = bool(progress.sets_done) or progress.is_set_open
        return begun and self._workout.sets_left > 0 and self._workout.state is not State.FINISHED

    def _ask(self, request: Request, prompt: str, on_yes: Callable[[float], None]) -> None:
        self.ask_to_confirm(request.at, request.intent.name, self._pack.prompts[prompt], on_yes)
