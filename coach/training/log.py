"""What was logged of a workout, put together from its records: what counts now, not how it came to be.

Times are seconds since 1970 (UTC), as `ports.KeptSession.second` has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from coach.ports import KeptSession
from coach.records import (
    Amended,
    Began,
    Correction,
    Extra,
    Pain,
    Preference,
    Record,
    Rep,
    Resumed,
    Set,
    SetBegan,
    Stop,
    Stuck,
    Workout,
)
from coach.training.plan import Kind, Load, SetDone, Side, reps_by_side, reps_of

FIRST_EXERCISE = "leg_press"
"""The first version of the coach had no other, and its journal does not name it."""
_KINDS = {kind.value: kind for kind in Kind}
_SIDES = {side.value: side for side in Side}


@dataclass(frozen=True, slots=True)
class LoggedSet:
    """A set in which at least one repetition counts."""

    number: int
    """From 1."""
    parts: tuple[SetDone, ...]
    """Repetitions by their load and side, in order."""
    ended: float
    began: float | None = None
    """None: an old journal does not tell."""
    tempo: str | None = None
    left: int | None = None
    """Repetitions that the lifter could still have done."""
    rest_planned: int | None = None
    """Seconds before this set."""
    rest_taken: float | None = None
    """Seconds from the end of the set before to the beginning of this one."""
    kind: Kind = Kind.WORKING

    @property
    def reps(self) -> int:
        """Of all parts; where sides were trained one after the other, of the side that did more."""
        return reps_of(self.parts)

    @property
    def sides(self) -> tuple[tuple[Side | None, int], ...]:
        """Repetitions of each side, in the order in which they were done."""
        return tuple(reps_by_side(self.parts).items())

    @property
    def load(self) -> Load | None:
        """Of the last part."""
        return self.parts[-1].load


@dataclass(frozen=True, slots=True)
class Reported:
    """Something the lifter reported, or a set that was interrupted."""

    at: float
    kind: str
    """Of the record: correction, stop, stuck or pain."""
    what: str
    """Name of the intent, such as "BackLifted"; empty for stop and stuck."""
    set: int
    rep: int
    """Repetitions done until then."""
    phase: str | None = None


@dataclass(frozen=True, slots=True)
class OpenSet:
    """A set that was begun and is not over in the journal."""

    number: int
    sides: tuple[tuple[Side | None, int], ...]
    """Repetitions of each side, in the order in which they were done; none: no repetition."""
    began: float | None
    kind: Kind = Kind.WORKING

    @property
    def reps(self) -> int:
        """Of the side that did more."""
        return max((reps for _, reps in self.sides), default=0)


@dataclass(frozen=True, slots=True)
class LoggedWorkout:
    """One workout, of one session or of several of which each resumed the one before."""

    session: str
    """Beginning of its first session, as `ports.KeptSession.began` has it."""
    began: float
    last: float
    """Of the last record."""
    sets: tuple[LoggedSet, ...] = ()
    open: OpenSet | None = None
    reported: tuple[Reported, ...] = ()
    plan: Began | None = None
    """None: an old journal does not tell."""
    ended: bool = False
    """The lifter ended it; else the coach or the machine did."""
    extras: tuple[Extra, ...] = ()
    """What an imported file said beside."""
    latest: str = ""
    """Beginning of its last session."""
    wanted: Mapping[str, str] = field(default_factory=dict)
    """The preferences that were written in it."""

    @property
    def exercise(self) -> str:
        """Name of the pack."""
        return self.plan.exercise if self.plan is not None else FIRST_EXERCISE

    @property
    def reps(self) -> int:
        """Of all sets that are over."""
        return sum(one.reps for one in self.sets)


def workouts(newest_first: Iterable[KeptSession]) -> Iterator[LoggedWorkout]:
    """The newest first. A session in which nothing was trained or reported is none, unless another resumed it."""
    for sessions in _together(newest_first):
        found = _logged(sessions)
        if found is not None:
            yield found


def _together(newest_first: Iterable[KeptSession]) -> Iterator[list[KeptSession]]:
    """Sessions of which each resumed the one before, the oldest first."""
    later: list[KeptSession] = []
    for session in newest_first:
        if later and session.began != later[0].earlier:
            # What comes between was another lifter's, or a session that was left at once.
            yield [session]
            continue
        later.insert(0, session)
        if not session.earlier:
            yield later
            later = []
    if later:
        yield later


def without_warm_ups(workout: LoggedWorkout) -> LoggedWorkout:
    """The same with its working sets only; as it is where it has nothing but warm-ups."""
    working = tuple(one for one in workout.sets if one.kind is not Kind.WARM_UP)
    return replace(workout, sets=working) if working else workout


def counted(workout: LoggedWorkout) -> LoggedWorkout:
    """The same with the set that was never ended, because the machine died in it, as far as it was done."""
    cut_off = workout.open
    if cut_off is None or not cut_off.reps:
        return workout
    # A warm-up does not tell the load of a working set.
    alike = [one for one in workout.sets if (one.kind is Kind.WARM_UP) == (cut_off.kind is Kind.WARM_UP)]
    load = alike[-1].load if alike else None
    tempo = workout.sets[-1].tempo if workout.sets else None
    parts = tuple(SetDone(reps, load, side=side) for side, reps in cut_off.sides)
    done = LoggedSet(cut_off.number, parts, workout.last, cut_off.began, tempo, kind=cut_off.kind)
    return replace(workout, sets=tuple(_with_rests([*workout.sets, done])))


@dataclass(frozen=True, slots=True)
class _Begun:
    """How a set was begun last; nothing of it: an old journal does not tell."""

    at: float | None = None
    rest: int | None = None
    kind: Kind = Kind.WORKING


@dataclass(slots=True)
class _Fold:
    """The workout so far."""

    sets: dict[int, LoggedSet] = field(default_factory=dict)
    begun: dict[int, _Begun] = field(default_factory=dict)
    reps: dict[int, dict[Side | None, int]] = field(default_factory=dict)
    """By set and side."""
    reported: list[Reported] = field(default_factory=list)
    plan: Began | None = None
    ended: bool = False
    extras: list[Extra] = field(default_factory=list)
    wanted: dict[str, str] = field(default_factory=dict)

    def take(self, moment: float, record: Record) -> None:
        match record:
            case Began():
                self.plan = self.plan or record
            case Resumed():
                self.ended = False
            case SetBegan(_, number, rest, sort):
                self.begun[number] = _Begun(moment, rest, _kind(sort))
                self.reps[number] = {}
            case Rep(_, number, rep, side):
                self.reps.setdefault(number, {})[_side(side)] = rep
                # The end of a workout closed it, and the next session opened it again.
                self.sets.pop(number, None)
            case Set():
                self._set(moment, record)
            case Amended():
                self._amend(moment, record)
            case Correction(_, what, number, rep, phase):
                self.reported.append(Reported(moment, record.kind, what, number, rep, phase))
            case Pain(_, what, number, rep):
                self.reported.append(Reported(moment, record.kind, what, number, rep))
            case Stop(_, number, rep) | Stuck(_, number, rep):
                self.reported.append(Reported(moment, record.kind, "", number, rep))
            case Extra():
                self.extras.append(record)
            case Preference(_, name, value):
                self.wanted[name] = value
            case Workout():
                self.ended = True

    def _set(self, moment: float, record: Set) -> None:
        part = SetDone(record.reps, _load(record.load, record.unit), side=_side(record.side))
        before = self.sets.get(record.set)
        if before is not None and before.ended == moment:
            # Parts of one set are written at once, when it is over.
            self.sets[record.set] = replace(before, parts=(*before.parts, part))
            return
        begun = self.begun.get(record.set, _Begun())
        self.sets[record.set] = LoggedSet(
            record.set,
            (part,),
            moment,
            begun.at,
            record.tempo,
            rest_planned=begun.rest,
            kind=_kind(record.sort),
        )

    def _amend(self, moment: float, record: Amended) -> None:
        load = _load(record.load, record.unit)
        before = self.sets.get(record.set) or LoggedSet(record.set, (), moment)
        parts = before.parts
        if (record.reps, load) != (before.reps, parts[-1].load if parts else None):
            parts = (SetDone(record.reps, load),)
        self.sets[record.set] = replace(before, parts=parts, left=record.left)


def _kind(sort: str | None) -> Kind:
    """A kind that is not known here is taken for a working set."""
    return _KINDS.get(sort or "", Kind.WORKING)


def _side(side: str | None) -> Side | None:
    return _SIDES.get(side or "")


def _load(amount: float | None, unit: str | None) -> Load | None:
    return None if amount is None or unit is None else Load(amount, unit)


def _logged(sessions: Sequence[KeptSession]) -> LoggedWorkout | None:
    """Of sessions that belong together, the oldest first; None when nothing was trained or reported."""
    fold = _Fold()
    last = sessions[0].second
    for session in sessions:
        for record in session.records:
            last = max(last, session.second + record.at)
            fold.take(session.second + record.at, record)
    done = [one for one in fold.sets.values() if one.reps]
    open_set = _open(fold)
    if not done and open_set is None and not fold.reported:
        return None
    return LoggedWorkout(
        session=sessions[0].began,
        began=sessions[0].second,
        last=last,
        sets=tuple(_with_rests(done)),
        open=open_set,
        reported=tuple(fold.reported),
        plan=fold.plan,
        ended=fold.ended,
        extras=tuple(fold.extras),
        latest=sessions[-1].began,
        wanted=fold.wanted,
    )


def _open(fold: _Fold) -> OpenSet | None:
    """The set behind the last one that is over, if a repetition was done in it or it was begun."""
    number = max({*fold.begun, *fold.reps}, default=0)
    if not number or number in fold.sets or fold.ended:
        return None
    begun = fold.begun.get(number, _Begun())
    return OpenSet(number, tuple(fold.reps.get(number, {}).items()), begun.at, begun.kind)


def _with_rests(done: Sequence[LoggedSet]) -> Iterator[LoggedSet]:
    before: LoggedSet | None = None
    for one in sorted(done, key=lambda each: each.number):
        if before is not None and one.began is not None:
            yield replace(one, rest_taken=one.began - before.ended)
        else:
            yield one
        before = one
