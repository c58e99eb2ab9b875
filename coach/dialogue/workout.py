"""The state of the workout: what is planned, what was done, where it stands, how it is coached. Says nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from coach.dialogue.platform import Platform
from coach.dialogue.states import Moves, State
from coach.snapshot import CountedPhase
from coach.training.plan import Plan, Progress


class Verbosity(Enum):
    """How much is said between the counts."""

    COUNTS_ONLY = 0
    FEW = 1
    FULL = 2


@dataclass(slots=True)
class Workout:
    """Changed by the scenes; nothing outside `dialogue` sees it."""

    plan: Plan
    moves: Moves
    progress: Progress = field(default_factory=Progress)
    platform: Platform = field(default_factory=Platform)
    phase: CountedPhase | None = None
    """The phase that was counted last, over or not."""
    own_pace: bool = False
    """The lifter says when a set begins, instead of the countdown."""
    verbosity: Verbosity = Verbosity.FULL
    volume: float = 0.0
    """Decibels below full."""
    pace: int = 100
    """Per cent of the usual speed of sentences."""

    @property
    def state(self) -> State:
        """The outermost state."""
        return self.moves.parent

    @property
    def in_set(self) -> bool:
        """A set runs: the lifter is under the load and the coach counts."""
        return self.state is State.SET

    @property
    def counted(self) -> CountedPhase | None:
        """The phase that is being counted; None while nothing is, and in the countdown."""
        phase = self.phase
        return phase if phase is not None and self.moves.state == f"{State.SET}.{phase.name}" else None

    @property
    def sets_left(self) -> int:
        """Sets of the plan that are not done."""
        return max(0, self.plan.sets - len(self.progress.done))

    @property
    def reps_left(self) -> int:
        """Repetitions of the open set that are not done."""
        return max(0, self.plan.reps - self.progress.rep)
