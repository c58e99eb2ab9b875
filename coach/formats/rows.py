"""Sets as other programs keep them: one row for each set, and all rows of a workout with the same title and time.

Law: times are wall-clock times without a zone. A time that is written is local to the place where the lifter trained.
A time that is read is taken as local to this machine. An imported set has no time of its own: it gets the time at which
its workout ends.

One of our sets becomes one row for each of its loads; all but the first of these rows are drop sets. A set done one
side after the other becomes the rows of the side that did more, because these programs know no sides. Repetitions in
reserve (0 to 9) become the RPE (10 to 1). A set that failed has the type "failure".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from itertools import groupby

from coach.formats.csv_table import read_table
from coach.formats.findings import Findings
from coach.formats.row_cells import RowCells
from coach.ports import StoredSession
from coach.records import GotStuck, ImportedExtra, Record, SessionBegan, SetAmended, SetEnded, WorkoutEnded
from coach.training.log import LoggedSet, LoggedWorkout
from coach.training.overview import intent_words
from coach.training.plan import Load, SetDone, SetKind, amount_and_unit, reps_by_side

NORMAL, WARM_UP, DROP, FAILURE = "normal", "warmup", "dropset", "failure"
TITLES: Mapping[str, str] = {"leg_press": "Leg Press (Machine)"}
"""Titles that other programs use for our exercises; any other exercise keeps its name."""
_EXERCISE_OF_TITLE: Mapping[str, str] = {title: name for name, title in TITLES.items()} | {"Leg Press": "leg_press"}
SESSION_EXTRAS = ("title", "description", "exercise_title", "exercise_notes", "superset_id")
SET_EXTRAS = ("set_type", "distance", "seconds", "rpe")
"""Names of `ImportedExtra` records about a session, and about a set."""


@dataclass(frozen=True, slots=True)
class Row:
    """A set, or the part of one that was done with one load."""

    title: str
    """Title of the workout."""
    began: datetime
    """When the workout began: wall-clock time without a zone."""
    seconds: float
    """Seconds from the beginning of the workout to its end."""
    exercise: str
    """Title of the exercise."""
    index: int
    """Position of the row among the rows of its exercise, from 0."""
    load: Load | None
    reps: int
    kind: str = NORMAL
    rpe: str = ""
    extras: Mapping[str, str] = field(default_factory=dict)
    """Values by name (`SESSION_EXTRAS`, `SET_EXTRAS`), without empty ones."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file held."""

    sessions: tuple[StoredSession, ...]
    left_out: int = 0
    """Number of rows without repetitions: the coach has nothing to count in them."""
    without_zone: bool = False
    """The times are wall-clock times, and may have no seconds."""


def rows_of(workouts: Iterable[LoggedWorkout]) -> Iterator[Row]:
    """Returns the rows of all workouts, the oldest first; a workout without sets has no rows."""
    oldest_first = sorted(workouts, key=lambda workout: workout.began)
    for workout in oldest_first:
        extras = {extra.name: extra.value for extra in workout.extras if not extra.set}
        exercise = extras.pop("exercise_title", TITLES.get(workout.exercise, workout.exercise))
        first = datetime.fromisoformat(workout.first_session).replace(tzinfo=None)
        ended = first + timedelta(seconds=round(workout.last_record_at - workout.began, 3))
        began = first.replace(microsecond=0)
        seconds = (ended.replace(microsecond=0) - began).total_seconds()
        stuck = {report.set for report in workout.reports if report.kind == GotStuck.kind}
        extras.setdefault("exercise_notes", _notes(workout))
        common = Row(extras.pop("title", "") or exercise, began, seconds, exercise, 0, None, 0)
        parts = [
            (done, part, place, place == len(loads) - 1)
            for done in workout.sets
            for loads in (by_load(done),)
            for place, part in enumerate(loads)
        ]
        for index, (done, part, place, last) in enumerate(parts):
            set_extras = {extra.name: extra.value for extra in workout.extras if extra.set == done.number}
            first_kind = WARM_UP if done.kind is SetKind.WARM_UP else FAILURE if done.number in stuck else NORMAL
            default_kind = DROP if place else first_kind
            yield replace(
                common,
                index=index,
                load=part.load,
                reps=part.reps,
                kind=set_extras.pop("set_type", default_kind),
                rpe=set_extras.pop("rpe", _rpe(done)) if last else "",
                extras={name: value for name, value in (extras | set_extras).items() if value},
            )


def by_load(done: LoggedSet) -> tuple[SetDone, ...]:
    """Returns the parts of a set with one load each, of the side that did more repetitions.

    In a rest-pause set, neighbouring parts with the same load are joined.
    """
    sides = reps_by_side(done.parts)
    most = max(sides, key=lambda side: sides[side])
    found: list[SetDone] = []
    for part in (each for each in done.parts if each.side is most):
        if found and found[-1].load == part.load and done.kind is SetKind.REST_PAUSE:
            found[-1] = replace(found[-1], reps=found[-1].reps + part.reps)
        else:
            found.append(part)
    return tuple(found)


def _rpe(done: LoggedSet) -> str:
    """Returns the set's RPE; empty if the repetitions in reserve are unknown or off the scale."""
    return "" if done.in_reserve is None or not 0 <= done.in_reserve <= 9 else str(10 - done.in_reserve)


def _notes(workout: LoggedWorkout) -> str:
    """Returns what has no column of its own: the tempo, and the reports."""
    tempos = dict.fromkeys(done.tempo for done in workout.sets if done.tempo)
    notes = [f"Tempo {', '.join(tempos)}."] if tempos else []
    notes += ["One side after the other."] if any(part.side for done in workout.sets for part in done.parts) else []
    notes += [
        f"Set {report.set}, after rep {report.rep}: {intent_words(report.intent)}."
        for report in workout.reports
        if report.intent
    ]
    return " ".join(notes)


def read_rows(text: str, findings: Findings, zone: tzinfo | None, row_of: Callable[[RowCells], Row]) -> Imported:
    """Reads a whole file, each row with `row_of`; DataError lists every finding. `zone`: None means this machine's."""
    rows: list[Row] = []
    left_out = 0
    for number, by_column in read_table(text, findings):
        cells = RowCells(number, by_column, findings)
        row = row_of(cells)
        if cells.is_good and row.reps:
            rows.append(row)
        left_out += cells.is_good and not row.reps
    findings.raise_if_any()
    return Imported(sessions_of(rows, zone), left_out, without_zone=True)


def sessions_of(rows: Sequence[Row], zone: tzinfo | None) -> tuple[StoredSession, ...]:
    """Returns a session for each exercise of a workout, the oldest first. `zone`: None means this machine's."""
    by_workout: dict[tuple[datetime, str], list[Row]] = {}
    for row in rows:
        by_workout.setdefault((row.began, row.title), []).append(row)
    used: set[datetime] = set()
    sessions = []
    blocks = [
        list(block)
        for workout in sorted(by_workout.values(), key=lambda rows_of_workout: rows_of_workout[0].began)
        for _, block in groupby(workout, lambda row: row.exercise)
    ]
    for block in blocks:
        began = block[0].began
        while began in used:
            # No two sessions begin at the same time.
            began += timedelta(milliseconds=1)
        used.add(began)
        moment = began.astimezone() if zone is None else began.replace(tzinfo=zone)
        late = (began - block[0].began).total_seconds()
        sessions.append(StoredSession(moment.isoformat(), moment.timestamp(), tuple(_records(block, late))))
    return tuple(sessions)


def _records(block: Sequence[Row], late: float) -> Iterator[Record]:
    """Returns the records of one exercise; `late`: seconds from the workout's beginning to its session's."""
    sets = _sets(block)
    first = block[0]
    end = max(0.0, first.seconds - late)
    exercise = _EXERCISE_OF_TITLE.get(first.exercise, first.exercise)
    yield SessionBegan(0.0, exercise, len(sets), max(sum(row.reps for row in set_rows) for set_rows in sets), 0, "")
    usual = {"title": first.exercise, "exercise_title": TITLES.get(exercise, exercise)}
    extras = {"title": first.title, "exercise_title": first.exercise, **first.extras}
    for name in SESSION_EXTRAS:
        if extras.get(name, "") and extras[name] != usual.get(name):
            yield ImportedExtra(0.0, 0, name, extras[name])
    for number, set_rows in enumerate(sets, 1):
        # `SetEnded` records with the same number and time are parts of one set. Here all times are the same.
        for row in set_rows:
            sort = SetKind.WARM_UP.value if row.kind == WARM_UP else None
            load, unit = amount_and_unit(row.load)
            yield SetEnded(end, number, row.reps, load, unit, sort=sort)
        yield from _records_about_set(set_rows, number, end)
    yield WorkoutEnded(end, len(sets), sum(row.reps for row in block))


def _records_about_set(set_rows: Sequence[Row], number: int, end: float) -> Iterator[Record]:
    """Records about one set besides its repetitions and loads."""
    first, last = set_rows[0], set_rows[-1]
    if first.kind == FAILURE:
        yield GotStuck(end, number, sum(row.reps for row in set_rows))
    elif first.kind not in (NORMAL, WARM_UP):
        yield ImportedExtra(end, number, "set_type", first.kind)
    for name in SET_EXTRAS:
        if value := last.extras.get(name, ""):
            yield ImportedExtra(end, number, name, value)
    if last.rpe:
        left = int(10 - float(last.rpe))
        load, unit = amount_and_unit(last.load)
        yield SetAmended(end, number, sum(row.reps for row in set_rows), load, unit, left)
        if last.rpe != str(10 - left):
            yield ImportedExtra(end, number, "rpe", last.rpe)


def _sets(block: Sequence[Row]) -> list[list[Row]]:
    """Returns the rows of each set. A drop-set row belongs to the row before it, unless one of them has extras."""
    sets: list[list[Row]] = []
    for row in block:
        if sets and _continues_set(sets[-1][-1], row):
            sets[-1].append(row)
        else:
            sets.append([row])
    return sets


def _continues_set(before: Row, row: Row) -> bool:
    without_extras = not any(name in each.extras for each in (before, row) for name in SET_EXTRAS)
    return without_extras and row.kind == DROP and before.kind in (NORMAL, DROP, FAILURE) and not before.rpe


def amount(value: float) -> str:
    """Returns the number in its shortest exact form."""
    return format(round(value, 9), ".12g")
