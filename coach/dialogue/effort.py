"""Asks how hard the last set was, and proposes the load of the next set.

Law: the coach proposes, the lifter decides; a lifter who says nothing keeps the load. The coach proposes no higher load
for the rest of the workout after pain, a stuck platform or a fault against the exercise's first law, and none for the
next set after any next_load fault.
"""

from __future__ import annotations

from functools import partial

from coach.dialogue.confirming import Confirming, Question
from coach.dialogue.context import Context, Scene
from coach.dialogue.loading import Loading
from coach.dialogue.logbook import Logbook
from coach.dialogue.states import State
from coach.language.speech import load as spoken_load
from coach.training.effort import proposals, stepped
from coach.training.plan import Load, SetKind

EFFORT_INTENT = "HowHard"
MAX_IN_RESERVE = 5
"""Most repetitions that answer how many were left. A larger number of "reps" is a setting for the next set."""
_EFFORT_ANSWERS = frozenset({EFFORT_INTENT, "RepNumber", "LeftOver", "DontKnow", "OneMore", "SetReps"})
_LOAD_ANSWERS = frozenset({"SameLoad", "TakeProposed", "LoadNumber", "RepNumber", "Heavier", "Lighter", "SetLoad"})
ANSWER_S = 20.0
"""Seconds that a question waits for its answer. Meanwhile a bare number is live, and gym talk is full of numbers."""


class Effort(Scene):
    """Asks how many repetitions were left, and proposes a load for the next set."""

    def __init__(self, context: Context, logbook: Logbook, loading: Loading, confirming: Confirming) -> None:
        super().__init__(context)
        self._logbook = logbook
        self._loading = loading
        self._confirming = confirming
        self._answer_timer = context.deadlines.timer()
        """When the question is given up."""

    def ask(self, now: float) -> None:
        """A set was done as planned and another follows: ask how many repetitions were left."""
        done = self._workout.progress.sets_done
        if not (self._workout.asks_effort and done and self._can_propose) or self._focus.reports:
            return
        self._ask(now, "effort.ask")

    def _ask(self, now: float, prompt: str) -> None:
        ends = self._saying.say(now, prompt)
        # A yes does not answer the question: the coach then says what does.
        on_yes = partial(self._ask, prompt="effort.number")
        question = Question(
            EFFORT_INTENT, on_yes, "effort.same", "effort.number", keeps_waiting=True, answer_intents=_EFFORT_ANSWERS
        )
        self._wait_for(ends, question)

    def log_in_reserve(self, now: float, in_reserve: int) -> None:
        """The lifter says how many repetitions were left in the last set."""
        self._logbook.log_in_reserve(now, in_reserve)
        load = self._workout.stage.load
        if load is None or not self._can_propose:
            return
        loads = proposals(in_reserve, load, self._may_propose_more)
        if not loads:
            return
        proposed = loads[-1]
        words = spoken_load(proposed.amount, proposed.unit)
        ends = self._saying.say(now, "effort.choose" if len(loads) > 1 else "effort.propose", load=words)
        # Where the coach offers a choice, a yes adds no load.
        on_yes = self.keep_load if len(loads) > 1 else lambda at: self._loading.take_load(at, proposed)
        question = Question("", on_yes, "effort.same", "effort.hint", True, _LOAD_ANSWERS, proposed)
        self._wait_for(ends, question)

    def _wait_for(self, ends: float, question: Question) -> None:
        self._confirming.question = question
        self._answer_timer.set(ends + ANSWER_S, lambda _: self._confirming.drop(question))

    def keep_load(self, now: float) -> None:
        """The lifter keeps the load."""
        self._saying.say(now, "effort.same")

    def accept_proposal(self, now: float, question: Question | None) -> None:
        """The lifter takes the load that was proposed."""
        if question is not None and question.proposed_load is not None:
            self._loading.take_load(now, question.proposed_load)

    def take_amount(self, now: float, amount: int) -> None:
        """The lifter names a load without its unit: use the unit of the load before."""
        load = self._workout.stage.load
        if load is not None:
            self._loading.take_load(now, Load(float(amount), load.unit))

    def step_load(self, now: float, steps: int, question: Question | None) -> None:
        """Change the load by a step, in a warm-up the working load. A step towards a proposed load takes that load."""
        load = self._workout.target_load
        if load is None:
            self._saying.say(now, "load.none")
            return
        proposed = None if question is None else question.proposed_load
        if proposed is not None and (proposed.amount > load.amount) == (steps > 0):
            self._loading.take_load(now, proposed)
            return
        next_load = stepped(load, steps)
        if next_load is None:
            self._saying.say(now, "limit")
        else:
            self._loading.take_load(now, next_load)

    def set_question(self, now: float, on: bool) -> None:
        """Turn the question after a set on or off."""
        self._workout.asks_effort = on
        self._saying.say(now, "effort.on" if on else "effort.off")

    @property
    def _can_propose(self) -> bool:
        """Whether the last set was a working set, and the next set exists and has the same load."""
        workout = self._workout
        done, load = workout.progress.sets_done, workout.stage.load
        return (
            workout.state in (State.RESTING, State.READY)
            and bool(done and workout.sets_left)
            and done[-1].kind is SetKind.WORKING
            and load is not None
            and done[-1].load == load
        )

    @property
    def _may_propose_more(self) -> bool:
        return not self._workout.no_higher_load and not self._focus.reports
