"""Asks how hard the last set was, and proposes the load of the next set.

Law: the coach proposes, the lifter decides; a lifter who says nothing keeps the load. After pain, a stuck platform or
the gravest fault of the exercise the coach proposes no higher load in this workout. After any other reported fault it
proposes none for the next set.
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
"""The lifter says how hard the set was: "it was easy"."""
MAX_IN_RESERVE = 5
"""Most repetitions that answer how many were left. "Twelve reps" is a setting for the next set."""
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
        if not (self._workout.asks_effort and done and self._can_propose) or self._focus.reports_in_set:
            return
        self._ask(now, "effort.ask")

    def _ask(self, now: float, prompt: str) -> None:
        ends = self._saying.say(now, prompt)
        # A yes does not answer the question: the coach then says which words do.
        on_yes = partial(self._ask, prompt="effort.number")
        question = Question(
            EFFORT_INTENT, on_yes, "effort.same", "effort.number", keeps_waiting=True, answer_intents=_EFFORT_ANSWERS
        )
        self._wait_for(ends, question)

    def log_reps_left(self, now: float, in_reserve: int) -> None:
        """Log how many repetitions were left in the last set, and propose a load for the next set."""
        self._logbook.log_reps_left(now, in_reserve)
        load = self._workout.stage.load
        if load is None or not self._can_propose:
            return
        loads = proposals(in_reserve, load, self._may_propose_more)
        if not loads:
            return
        # The largest.
        proposed = loads[-1]
        words = spoken_load(proposed.amount, proposed.unit)
        ends = self._saying.say(now, "effort.choose" if len(loads) > 1 else "effort.propose", load=words)
        # To the question "this load or the same?" a yes keeps the load.
        on_yes = self.keep_load if len(loads) > 1 else lambda at: self._loading.take_load(at, proposed)
        question = Question(
            "",
            on_yes,
            "effort.same",
            "effort.hint",
            keeps_waiting=True,
            answer_intents=_LOAD_ANSWERS,
            proposed_load=proposed,
        )
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
        """Change the load by a step; during a warm-up, the load of the working sets.

        A step towards a proposed load takes the proposed load.
        """
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

    def turn_question(self, now: float, on: bool) -> None:
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
        return not self._workout.no_higher_load and not self._focus.reports_in_set
