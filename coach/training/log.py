"""Builds the log of a workout from its records: what counts now, without the changes that led to it.

Times are seconds since 1970 (UTC), as in `ports.StoredSession.unix_time`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from coach import records
from coach.ports import StoredSession
from coach.training.plan import Load, SetDone, SetKind, Side, reps_by_side, reps_of

FIRST_EXERCISE = "leg_press"
"""The exercise of journals that name none: the first version of the coach had only this one."""
_KINDS = {kind.value: kind for kind in SetKind}
_SIDES = {side.value: side for side in Side}


@dataclass(frozen=True, slots=True)
class LoggedSet:
    """A set in which at least one repetition counts."""

    number: int
    """Number of the set in its workout, from 1."""
    parts: tuple[SetDone, ...]
    """The parts of the set in order, each with one load and one side."""
    ended: float
    began: float | None = None
    """None: an old journal does not say."""
    tempo: str | None = None
    in_reserve: int | None = None
    """Repetitions that the lifter could still have done."""
    rest_planned: int | None = None
    """Planned rest in seconds before this set."""
    rest_taken: float | None = None
    """Seconds from the end of the set before to the beginning of this one."""
    kind: SetKind = SetKind.WORKING

    @property
    def reps(self) -> int:
        """Repetitions of all parts; if one side was trained at a time, those of the side that did more."""
        return reps_of(self.parts)

    @property
    def sides(self) -> tuple[tuple[Side | None, int], ...]:
        """Repetitions of each side, in the order in which they were done."""
        return tuple(reps_by_side(self.parts).items())

    @property
    def load(self) -> Load | None:
        """Load of the last part."""
        return self.parts[-1].load


@dataclass(frozen=True, slots=True)
class Report:
    """Something the lifter reported in a set: a fault of form, pain, stop or stuck."""

    at: float
    kind: str
    """Kind of the record: correction, stop, stuck or pain."""
    intent: str
    """Name of the intent, such as "BackLifted"; empty for stop and stuck."""
    set: int
    rep: int
    """Repetitions that were done in the set until the report."""
    phase: str | None = None


@dataclass(frozen=True, slots=True)
class OpenSet:
    """A set that has begun and has not ended in the journal."""

    number: int
    sides: tuple[tuple[Side | None, int], ...]
    """Repetitions of each side, in the order in which they were done; empty: no repetition was done."""
    began: float | None
    kind: SetKind = SetKind.WORKING

    @property
    def reps(self) -> int:
        """Repetitions of the side that did more."""
        return max((reps for _, reps in self.sides), default=0)


@dataclass(frozen=True, slots=True)
class LoggedWorkout:
    """One workout, from one session or from several sessions of which each resumed the one before."""

    first_session: str
    """Beginning of the workout's first session, as in `ports.StoredSession.began`."""
    began: float
    last_record_at: float
    """Time of the last record."""
    sets: tuple[LoggedSet, ...] = ()
    open_set: OpenSet | None = None
    reports: tuple[Report, ...] = ()
    plan: records.SessionBegan | None = None
    """The plan at the beginning; None: an old journal does not say."""
    ended: bool = False
    """Whether the lifter ended the workout; else the coach or the machine did."""
    extras: tuple[records.ImportedExtra, ...] = ()
    """Data of an imported file that has no meaning here."""
    last_session: str = ""
    """Beginning of the workout's last session."""
    preferences: Mapping[str, str] = field(default_factory=dict)
    """The preferences that changed in the workout, by name."""

    @property
    def exercise(self) -> str:
        """Name of the exercise's pack."""
        return self.plan.exercise if self.plan is not None else FIRST_EXERCISE

    @property
    def reps(self) -> int:
        """Repetitions of all sets that have ended."""
        return sum(one.reps for one in self.sets)


def workouts(newest_first: Iterable[StoredSession]) -> Iterator[LoggedWorkout]:
    """The workouts, the newest first. A session without sets or reports is left out, unless another one resumed it."""
    for sessions in _grouped(newest_first):
        found = _logged(sessions)
        if found is not None:
            yield found


def _grouped(newest_first: Iterable[StoredSession]) -> Iterator[list[StoredSession]]:
    """Groups of sessions of which each resumed the one before; a group has its oldest session first."""
    later: list[StoredSession] = []
    for session in newest_first:
        if later and session.began != later[0].earlier_session:
            # The session in between was another lifter's, or was left at once.
            yield [session]
            continue
        later.insert(0, session)
        if not session.earlier_session:
            yield later
            later = []
    if later:
        yield later


def without_warm_ups(workout: LoggedWorkout) -> LoggedWorkout:
    """The workout with its working sets only; unchanged if it has only warm-ups."""
    working = tuple(one for one in workout.sets if one.kind is not SetKind.WARM_UP)
    return replace(workout, sets=working) if working else workout


def with_open_set(workout: LoggedWorkout) -> LoggedWorkout:
    """The workout with its open set added, as far as it was done: the machine stopped in the middle of this set."""
    cut_off = workout.open_set
    if cut_off is None or not cut_off.reps:
        return workout
    # Take the load from a set of the same sort: a warm-up has another load than a working set.
    alike = [one for one in workout.sets if (one.kind is SetKind.WARM_UP) == (cut_off.kind is SetKind.WARM_UP)]
    load = alike[-1].load if alike else None
    tempo = workout.sets[-1].tempo if workout.sets else None
    parts = tuple(SetDone(reps, load, side=side) for side, reps in cut_off.sides)
    done = LoggedSet(cut_off.number, parts, workout.last_record_at, cut_off.began, tempo, kind=cut_off.kind)
    return replace(workout, sets=tuple(_with_rests([*workout.sets, done])))


@dataclass(frozen=True, slots=True)
class _Begun:
    """How a set was last begun. All defaults: an old journal does not say."""

    at: float | None = None
    rest: int | None = None
    kind: SetKind = SetKind.WORKING


@dataclass(slots=True)
class _WorkoutBuilder:
    """The workout as far as its records were read."""

    sets: dict[int, LoggedSet] = field(default_factory=dict)
    begun: dict[int, _Begun] = field(default_factory=dict)
    reps: dict[int, dict[Side | None, int]] = field(default_factory=dict)
    """Repetitions by set and side."""
    reports: list[Report] = field(default_factory=list)
    plan: records.SessionBegan | None = None
    ended: bool = False
    extras: list[records.ImportedExtra] = field(default_factory=list)
    preferences: dict[str, str] = field(default_factory=dict)

    def take(self, moment: float, record: records.Record) -> None:
        match record:
            case records.SessionBegan():
                self.plan = self.plan or record
            case records.SessionResumed():
                self.ended = False
            case records.SetBegan(_, number, rest, sort):
                self.begun[number] = _Begun(moment, rest, _kind(sort))
                self.reps[number] = {}
            case records.RepDone(_, number, rep, side):
                self.reps.setdefault(number, {})[_side(side)] = rep
                # A repetition in a closed set: the end of a session closed the set, and the next one opened it again.
                self.sets.pop(number, None)
            case records.SetEnded():
                self._set(moment, record)
            case records.SetAmended():
                self._amend(moment, record)
            case records.FaultReported(_, what, number, rep, phase):
                self.reports.append(Report(moment, record.kind, what, number, rep, phase))
            case records.PainReported(_, what, number, rep):
                self.reports.append(Report(moment, record.kind, what, number, rep))
            case records.StopSaid(_, number, rep) | records.GotStuck(_, number, rep):
                self.reports.append(Report(moment, record.kind, "", number, rep))
            case records.ImportedExtra():
                self.extras.append(record)
            case records.PreferenceChanged(_, name, value):
                self.preferences[name] = value
            case records.WorkoutEnded():
                self.ended = True

    def _set(self, moment: float, record: records.SetEnded) -> None:
        part = SetDone(record.reps, _load(record.load, record.unit), side=_side(record.side))
        before = self.sets.get(record.set)
        if before is not None and before.ended == moment:
            # All parts of a set are written at the same moment, when the set is over.
            self.sets[record.set] = replace(before, parts=(*before.parts, part))
            return
        begun = self.begun.get(record.set, _Begun())
        done = LoggedSet(record.set, (part,), moment, begun.at, record.tempo, kind=_kind(record.sort))
        self.sets[record.set] = replace(done, rest_planned=begun.rest)

    def _amend(self, moment: float, record: records.SetAmended) -> None:
        load = _load(record.load, record.unit)
        before = self.sets.get(record.set) or LoggedSet(record.set, (), moment)
        parts = before.parts
        if (record.reps, load) != (before.reps, parts[-1].load if parts else None):
            parts = (SetDone(record.reps, load),)
        self.sets[record.set] = replace(before, parts=parts, in_reserve=record.left)


def _kind(sort: str | None) -> SetKind:
    """The kind of a set as records write it; an unknown kind counts as a working set."""
    return _KINDS.get(sort or "", SetKind.WORKING)


def _side(side: str | None) -> Side | None:
    return _SIDES.get(side or "")


def _load(amount: float | None, unit: str | None) -> Load | None:
    return None if amount is None or unit is None else Load(amount, unit)


def _logged(sessions: Sequence[StoredSession]) -> LoggedWorkout | None:
    """The workout of sessions that belong together, the oldest first; None if nothing was trained or reported."""
    builder = _WorkoutBuilder()
    last = sessions[0].unix_time
    for session in sessions:
        for record in session.records:
            last = max(last, session.unix_time + record.at)
            builder.take(session.unix_time + record.at, record)
    done = [one for one in builder.sets.values() if one.reps]
    open_set = _open(builder)
    if not done and open_set is None and not builder.reports:
        return None
    return LoggedWorkout(
        first_session=sessions[0].began,
        began=sessions[0].unix_time,
        last_record_at=last,
        sets=tuple(_with_rests(done)),
        open_set=open_set,
        reports=tuple(builder.reports),
        plan=builder.plan,
        ended=builder.ended,
        extras=tuple(builder.extras),
        last_session=sessions[-1].began,
        preferences=builder.preferences,
    )


def _open(builder: _WorkoutBuilder) -> OpenSet | None:
    """The set of the highest number, if it has begun and has not ended, and the lifter did not end the workout."""
    number = max({*builder.begun, *builder.reps}, default=0)
    if not number or number in builder.sets or builder.ended:
        return None
    begun = builder.begun.get(number, _Begun())
    return OpenSet(number, tuple(builder.reps.get(number, {}).items()), begun.at, begun.kind)


def _with_rests(done: Sequence[LoggedSet]) -> Iterator[LoggedSet]:
    """The sets in order, each with the rest that was taken before it."""
    before: LoggedSet | None = None
    for one in sorted(done, key=lambda each: each.number):
        if before is not None and one.began is not None:
            yield replace(one, rest_taken=one.began - before.ended)
        else:
            yield one
        before = one
