"""What the coach knows of earlier workouts: how many, the last one, and an unfinished one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from coach.records import PainReported
from coach.training.log import LoggedSet, LoggedWorkout, OpenSet, with_open_set
from coach.training.plan import MAX_LOAD, REPS, SETS, Load, Plan, Progress, SetDone, SetKind, Side
from coach.training.structure import kind_of, next_set, resumed_progress

RESUMABLE_S = 4 * 3600.0
"""Largest number of seconds since its last record after which a workout can be resumed."""
_MAX_PAINS = 1
"""Largest number of pain reports with which a workout can be resumed; after more the coach ends the day's training."""


@dataclass(frozen=True, slots=True)
class LastWorkout:
    """The last workout in which a repetition was done, without its warm-ups."""

    sets: int
    reps: int
    """Largest number of repetitions of a set; in a drop or rest-pause set only those before the first break count."""
    load: Load | None
    """Load of the last set that has a load: the load it ended with; of a drop or rest-pause set, the first load."""
    reps_by_set: tuple[int, ...] = ()
    """Repetitions of every set."""

    @property
    def can_be_planned(self) -> bool:
        """Whether it can be offered as today's plan: it has a load, and its sets and repetitions are within bounds."""
        return self.load is not None and self.sets in SETS and self.reps in REPS


@dataclass(frozen=True, slots=True)
class UnfinishedWorkout:
    """A workout that broke off, or was ended, before its plan was fulfilled."""

    last_session: str
    """Beginning of the workout's last session, as in `ports.StoredSession.began`."""
    age_s: float
    """Seconds since the workout's last record; negative if the machine's clock was wrong then or is wrong now."""
    plan: Plan
    """The plan as it was when the workout was left."""
    sets: tuple[SetDone, ...] = ()
    reps: int = 0
    """Repetitions in the open set, on its current side; 0: no set was open, or no repetition was done on that side."""
    pain_count: int = 0
    """How often pain was reported."""
    reported: frozenset[str] = frozenset()
    """Other reports: names of intents, such as "BackLifted", or kinds of records, such as "stuck"."""
    kind: SetKind = SetKind.WORKING
    """Kind of the open set."""
    sides: tuple[tuple[Side, int], ...] = ()
    """If one side is trained at a time: the sides trained in the open set, in order, with their repetitions."""

    @property
    def is_set_open(self) -> bool:
        """Whether a set was open in which a repetition was done."""
        return self.reps > 0 or bool(self.sides)

    @property
    def progress(self) -> Progress:
        """The progress with which the workout is resumed."""
        done = Progress(self.sets)
        if not self.is_set_open:
            return done
        return resumed_progress(self.plan, done, self.kind, self.sides or ((None, self.reps),))

    @property
    def can_be_resumed(self) -> bool:
        """Whether the coach offers to resume the workout."""
        begun = bool(self.sets) or self.is_set_open
        to_come = len(self.progress.working_sets) < self.plan.sets
        return begun and to_come and abs(self.age_s) <= RESUMABLE_S and self.pain_count <= _MAX_PAINS


@dataclass(frozen=True, slots=True)
class Past:
    """All workouts before this one."""

    workout_count: int = 0
    """Number of earlier sessions with at least one set."""
    last_workout: LastWorkout | None = None
    unfinished: UnfinishedWorkout | None = None
    """The workout that can be resumed, if there is one."""

    @property
    def has_offer(self) -> bool:
        """Whether the greeting offers to resume the unfinished workout, or to use the load of the last one."""
        return self.unfinished is not None or (self.last_workout is not None and self.last_workout.can_be_planned)

    @classmethod
    def of(
        cls,
        count: int,
        newest_first: Iterable[LoggedWorkout],
        exercise: str,
        now: float,
        plan_of: Callable[[LoggedWorkout], Plan | None],
    ) -> Past:
        """`count`: number of sessions in which a set was done. `newest_first`: at least as many workouts as needed to
        find one of the exercise. `now`: seconds since 1970. `plan_of`: returns the plan that a workout had when it was
        left, if it had one.
        """
        of_exercise = (one for one in newest_first if one.exercise == exercise)
        newest = next(of_exercise, None)
        if newest is None:
            return cls(count)
        plan = plan_of(newest)
        left = None if plan is None else _unfinished(newest, now, plan)
        last = next(_last_workouts(chain([newest], of_exercise)), None)
        return cls(count, last, left if left is not None and left.can_be_resumed else None)


def _last_workouts(workouts: Iterable[LoggedWorkout]) -> Iterator[LastWorkout]:
    """Those workouts in which a repetition was done, in the same order."""
    for one in workouts:
        done = [each for each in with_open_set(one).sets if each.kind is not SetKind.WARM_UP]
        # Behind its first stage a drop set has less load, and drop and rest-pause sets have fewer repetitions.
        begun = [SetDone(each.reps, each.load) if each.kind is SetKind.WORKING else each.parts[0] for each in done]
        loads = [load for part in begun if (load := _spoken(part.load)) is not None]
        if done:
            reps = max(part.reps for part in begun)
            yield LastWorkout(len(done), reps, loads[-1] if loads else None, tuple(each.reps for each in done))


def _spoken(load: Load | None) -> Load | None:
    """The load to the nearest quarter, as it is said: an imported file may have any load. None: it cannot be said."""
    if load is None or not 0.125 < load.amount <= MAX_LOAD:
        return None
    return load.quartered


def _unfinished(workout: LoggedWorkout, now: float, plan: Plan) -> UnfinishedWorkout:
    logged = list(workout.sets)
    left = workout.open_set
    plan = _with_last_kind(plan, logged, left)
    if logged and workout.ended and logged[-1].ended == workout.last_record_at and not _fulfilled(plan, logged):
        # The end of the workout closed this set before it was fulfilled: it is open again.
        closed = logged.pop()
        left = OpenSet(closed.number, closed.sides, closed.began, closed.kind)
    sets = tuple(SetDone(one.reps, one.load, one.in_reserve, one.kind) for one in logged)
    pains = sum(one.kind == PainReported.kind for one in workout.reports)
    reported = frozenset(one.intent or one.kind for one in workout.reports if one.kind != PainReported.kind)
    found = UnfinishedWorkout(
        workout.last_session, now - workout.last_record_at, plan, sets, pain_count=pains, reported=reported
    )
    if left is None or not left.reps:
        return found
    progress = resumed_progress(plan, Progress(sets), left.kind, left.sides)
    stages = next_set(plan, progress).stages
    if progress.stage == len(stages) - 1 and progress.rep >= stages[-1].reps:
        done = progress.close_set(stages[-1].load, left.kind).sets_done
        return replace(found, sets=done)
    sides = tuple((side, reps) for side, reps in left.sides if side is not None)
    return replace(found, reps=progress.rep, kind=left.kind, sides=sides)


def _with_last_kind(plan: Plan, logged: Sequence[LoggedSet], left: OpenSet | None) -> Plan:
    """The plan, with the last set's kind from the journal: a kind said for one set only is not kept as a preference."""
    kinds = [*(one.kind for one in logged), *([] if left is None else [left.kind])]
    number = sum(kind is not SetKind.WARM_UP for kind in kinds)
    if not kinds or kinds[-1] is SetKind.WARM_UP or kinds[-1] is kind_of(plan, number):
        return plan
    return plan.with_kind(number, kinds[-1])


def _fulfilled(plan: Plan, logged: Sequence[LoggedSet]) -> bool:
    """Whether the last set of these was done as planned."""
    *before, last = logged
    done = Progress(tuple(SetDone(one.reps, one.load, kind=one.kind) for one in before))
    planned = next_set(plan, done.begin_set(last.kind))
    return all(reps >= planned.reps for _, reps in last.sides) and len(last.sides) == len(planned.sides)
