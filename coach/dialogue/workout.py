"""The state of the workout: what is planned, what was done, where it stands, how it is coached. It says nothing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum

from coach.dialogue.platform import Platform
from coach.dialogue.states import MOVING, State, StateMachine
from coach.snapshot import Alert, CountedPhase
from coach.training.plan import Load, Plan, Progress, SetKind, SetPlan, Stage
from coach.training.structure import next_set, working_load


class Verbosity(Enum):
    """How much is said between the counts."""

    COUNTS_ONLY = 0
    FEW = 1
    FULL = 2


@dataclass(slots=True)
class Workout:
    """The state that the scenes change; nothing outside `dialogue` sees it."""

    plan: Plan
    state_machine: StateMachine
    progress: Progress = field(default_factory=Progress)
    platform: Platform = field(default_factory=Platform)
    latest_phase: CountedPhase | None = None
    """The phase that was counted last, whether it is over or not."""
    lifter_begins: bool = False
    """The lifter says when a set begins; the coach does not count down by itself."""
    asks_effort: bool = True
    """After a set the coach asks how many repetitions were left."""
    alert: Alert | None = None
    """None: there is no alarm."""
    several_lifters: bool = False
    """Several lifters train one after the other."""
    no_higher_load: bool = False
    """Something was reported today after which no higher load is proposed."""
    unit: str = "kg"
    """Unit of loads that are said without a unit: kg or lb."""
    lifter_counts: bool = False
    """The lifter says each repetition; there is no beat."""
    verbosity: Verbosity = Verbosity.FULL
    volume: float = 0.0
    """Volume in decibels below full."""
    speaking_pace: int = 100
    """Speed of sentences in per cent of the usual speed."""
    break_ends: float = 0.0
    """Session seconds at which the break under way ends."""

    @property
    def state(self) -> State:
        """The outermost state of the conversation."""
        return self.state_machine.outermost_state

    @property
    def in_set(self) -> bool:
        """Whether a set runs: the lifter is under the load and the coach counts."""
        return self.state is State.SET

    @property
    def without_beat(self) -> bool:
        """Whether the lifter is moving without a beat."""
        return self.state_machine.state == MOVING

    @property
    def counted_phase(self) -> CountedPhase | None:
        """The phase that is being counted; None while nothing is counted, and during the countdown."""
        phase = self.latest_phase
        return phase if phase is not None and self.state_machine.state == f"{State.SET}.{phase.name}" else None

    @property
    def this_set(self) -> SetPlan:
        """The set that is open, or the one that comes next."""
        return next_set(self.plan, self.progress)

    @property
    def stage(self) -> Stage:
        """The stage under way, or the first of the next set; without the repetitions that an earlier stage left out."""
        stages = self.this_set.stages
        # The plan may have become shorter meanwhile.
        stage = stages[min(self.progress.stage, len(stages) - 1)]
        return replace(stage, reps=max(1, stage.reps - self.progress.missed_reps))

    @property
    def target_load(self) -> Load | None:
        """The load that a change by voice applies to: in a warm-up the working load."""
        return working_load(self.plan, 1) if self.this_set.kind is SetKind.WARM_UP else self.stage.load

    @property
    def next_stage(self) -> Stage | None:
        """The stage after the one under way in the open set; None: the stage under way is the last."""
        stages = self.this_set.stages
        following = self.progress.stage + 1
        return stages[following] if following < len(stages) else None

    @property
    def sets_left(self) -> int:
        """Working sets of the plan that are not done."""
        return max(0, self.plan.sets - len(self.progress.working_sets))

    @property
    def reps_left(self) -> int:
        """Repetitions of the stage under way that are not done."""
        return max(0, self.stage.reps - self.progress.rep)

    @property
    def set_fulfilled(self) -> bool:
        """Whether nothing of the open set is left to do."""
        return not self.reps_left and self.next_stage is None
