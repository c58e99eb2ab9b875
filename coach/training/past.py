"""What was trained before today, as far as the coach speaks of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from coach.records import Pain
from coach.training.log import LoggedSet, LoggedWorkout, OpenSet, counted
from coach.training.plan import HEAVIEST, REPS, SETS, Kind, Load, Plan, Progress, SetDone, Side
from coach.training.structure import kind_of, next_set, taken_up

TAKEN_UP_S = 4 * 3600.0
"""So long after its last record a workout may be gone on with."""
_MOST_PAINS = 1
"""After more of them the coach has ended the training of that day."""


@dataclass(frozen=True, slots=True)
class Last:
    """The last workout in which a repetition was done, without its warm-ups."""

    sets: int
    reps: int
    """Of its longest set, of a drop set or one with short breaks until the first break."""
    load: Load | None
    """With which its last set began, or ended if that was changed by voice."""
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
    """Of the set that was open, on the side under way; 0: none was, or no repetition was done on it."""
    pains: int = 0
    """How often something hurt."""
    reported: frozenset[str] = frozenset()
    """What else was reported: names of intents, such as "BackLifted", or of the record, such as "stuck"."""
    kind: Kind = Kind.WORKING
    """Of the set that was open."""
    sides: tuple[tuple[Side, int], ...] = ()
    """The side under way and the one before it with their repetitions, where one is trained at a time."""

    @property
    def open(self) -> bool:
        """A set was open, and a repetition done in it."""
        return self.reps > 0 or bool(self.sides)

    @property
    def progress(self) -> Progress:
        """Where it goes on."""
        done = Progress(self.sets)
        return taken_up(self.plan, done, self.kind, self.sides or ((None, self.reps),)) if self.open else done

    @property
    def can_be_taken_up(self) -> bool:
        """Whether the coach offers to go on with it."""
        begun = bool(self.sets) or self.open
        to_come = len(self.progress.working) < self.plan.sets
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
        done = [each for each in counted(one).sets if each.kind is not Kind.WARM_UP]
        # A drop set goes on with less load, and like short breaks with repetitions of its own.
        begun = [SetDone(each.reps, each.load) if each.kind is Kind.WORKING else each.parts[0] for each in done]
        loads = [load for part in begun if (load := _spoken(part.load)) is not None]
        if done:
            reps = max(part.reps for part in begun)
            yield Last(len(done), reps, loads[-1] if loads else None, tuple(each.reps for each in done))


def _spoken(load: Load | None) -> Load | None:
    """The load to the nearest quarter, as it is said: an imported file may have any. None: it is no load."""
    if load is None or not 0.125 < load.amount <= HEAVIEST:
        return None
    return load.quartered


def _left(workout: LoggedWorkout, now: float, plan: Plan) -> Left:
    logged = list(workout.sets)
    left = workout.open
    plan = _as_it_was(plan, logged, left)
    if logged and workout.ended and logged[-1].ended == workout.last and not _fulfilled(plan, logged):
        # The end of the workout closed it.
        closed = logged.pop()
        left = OpenSet(closed.number, closed.sides, closed.began, closed.kind)
    sets = tuple(SetDone(one.reps, one.load, one.left, one.kind) for one in logged)
    pains = sum(one.kind == Pain.kind for one in workout.reported)
    reported = frozenset(one.what or one.kind for one in workout.reported if one.kind != Pain.kind)
    found = Left(workout.latest, now - workout.last, plan, sets, pains=pains, reported=reported)
    if left is None or not left.reps:
        return found
    progress = taken_up(plan, Progress(sets), left.kind, left.sides)
    stages = next_set(plan, progress).stages
    if progress.stage == len(stages) - 1 and progress.rep >= stages[-1].reps:
        done = progress.close_set(stages[-1].load, left.kind).done
        return replace(found, sets=done)
    sides = tuple((side, reps) for side, reps in left.sides if side is not None)
    return replace(found, reps=progress.rep, kind=left.kind, sides=sides)


def _as_it_was(plan: Plan, logged: Sequence[LoggedSet], left: OpenSet | None) -> Plan:
    """The plan, with the kind of the last set as its record has it: what is said of one set alone is no preference."""
    kinds = [*(one.kind for one in logged), *([] if left is None else [left.kind])]
    number = sum(kind is not Kind.WARM_UP for kind in kinds)
    if not kinds or kinds[-1] is Kind.WARM_UP or kinds[-1] is kind_of(plan, number):
        return plan
    return plan.with_kind(number, kinds[-1])


def _fulfilled(plan: Plan, logged: Sequence[LoggedSet]) -> bool:
    """Whether the last of the sets was done as planned."""
    *before, last = logged
    done = Progress(tuple(SetDone(one.reps, one.load, kind=one.kind) for one in before))
    planned = next_set(plan, done.begin_set(last.kind))
    return all(reps >= planned.reps for _, reps in last.sides) and len(last.sides) == len(planned.sides)
