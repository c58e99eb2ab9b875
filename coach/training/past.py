"""What was trained before today, as far as the coach speaks of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from coach.records import Pain
from coach.training.log import LoggedWorkout, counted
from coach.training.plan import HEAVIEST, REPS, SETS, Load, Plan, SetDone

TAKEN_UP_S = 4 * 3600.0
"""So long after its last record a workout may be gone on with."""
_MOST_PAINS = 1
"""After more of them the coach has ended the training of that day."""


@dataclass(frozen=True, slots=True)
class Last:
    """The last workout in which a repetition was done."""

    sets: int
    reps: int
    """Of its longest set."""
    load: Load | None
    each: tuple[int, ...] = ()
    """Repetitions of every set."""

    @property
    def can_be_planned(self) -> bool:
        """It can be offered as the plan of today: with a load, and of a size that is coached."""
        return self.load is not None and self.sets in SETS and self.reps in REPS


@dataclass(frozen=True, slots=True)
class Left:
    """A workout that broke off, or was ended, before its plan was fulfilled."""

    session: str
    """Beginning of its last session, as `ports.KeptSession.began` has it."""
    age: float
    """Seconds since its last record; less than nothing where the clock was wrong meanwhile."""
    plan: Plan
    """As it was then."""
    sets: tuple[SetDone, ...] = ()
    reps: int = 0
    """Of the set that was open; 0: none was, or no repetition was done in it."""
    pains: int = 0
    """How often something hurt."""

    @property
    def can_be_taken_up(self) -> bool:
        """Whether the coach offers to go on with it."""
        begun = bool(self.sets or self.reps)
        to_come = len(self.sets) < self.plan.sets
        return begun and to_come and abs(self.age) <= TAKEN_UP_S and self.pains <= _MOST_PAINS


@dataclass(frozen=True, slots=True)
class Past:
    """All workouts before this one."""

    workouts: int = 0
    """In which a set was done."""
    last: Last | None = None
    left: Left | None = None
    """None: there is nothing that can be gone on with."""

    @property
    def asks(self) -> bool:
        """The greeting asks something: whether to go on, or whether the load shall be that of the last workout."""
        return self.left is not None or (self.last is not None and self.last.can_be_planned)

    @classmethod
    def of(
        cls,
        count: int,
        newest_first: Iterable[LoggedWorkout],
        exercise: str,
        now: float,
        plan_of: Callable[[LoggedWorkout], Plan | None],
    ) -> Past:
        """`count`: of all workouts; `newest_first`: at least as many as it takes to find one of the exercise.

        `now`: seconds since 1970. `plan_of` tells the plan that a workout had when it was left, if it had one.
        """
        of_exercise = (one for one in newest_first if one.exercise == exercise)
        newest = next(of_exercise, None)
        if newest is None:
            return cls(count)
        plan = plan_of(newest)
        left = None if plan is None else _left(newest, now, plan)
        last = next(_trained(chain([newest], of_exercise)), None)
        return cls(count, last, left if left is not None and left.can_be_taken_up else None)


def _trained(workouts: Iterable[LoggedWorkout]) -> Iterator[Last]:
    for one in workouts:
        done = counted(one).sets
        each = tuple(each.reps for each in done)
        loads = [load for each in done if (load := _spoken(each.load)) is not None]
        if each:
            yield Last(len(each), max(each), loads[-1] if loads else None, each)


def _spoken(load: Load | None) -> Load | None:
    """The load to the nearest half, as it is said: an imported file may have any. None: it is no load."""
    if load is None or not 0.25 < load.amount <= HEAVIEST:
        return None
    return load.halved


def _left(workout: LoggedWorkout, now: float, plan: Plan) -> Left:
    sets = [SetDone(one.reps, one.load, one.left) for one in workout.sets]
    reps = workout.open.reps if workout.open is not None else 0
    if sets and workout.ended and workout.sets[-1].ended == workout.last and sets[-1].reps < plan.reps:
        # The end of the workout closed it.
        reps = sets.pop().reps
    elif reps >= plan.reps:
        sets.append(SetDone(reps, plan.load))
        reps = 0
    pains = sum(one.kind == Pain.kind for one in workout.reported)
    return Left(workout.latest, now - workout.last, plan, tuple(sets), reps, pains)
