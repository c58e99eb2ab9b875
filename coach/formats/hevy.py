"""Hevy's CSV. Its times have no seconds. Its weights are in kg, or in lb in the files of users who train in pounds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo

from coach.formats.csv_table import write_table
from coach.formats.findings import Findings
from coach.formats.row_cells import MAX_LOAD, MAX_REPS, MAX_WORKOUT_S, MONTHS, RowCells
from coach.formats.rows import Imported, Row, amount, read_rows, rows_of
from coach.training.log import LoggedWorkout
from coach.training.plan import Load

COLUMNS = (
    "title",
    "start_time",
    "end_time",
    "description",
    "exercise_title",
    "superset_id",
    "exercise_notes",
    "set_index",
    "set_type",
    "weight_kg",
    "reps",
    "distance_km",
    "duration_seconds",
    "rpe",
)
REQUIRED_COLUMNS = frozenset({"title", "start_time", "end_time", "exercise_title", "set_type", "reps"})
_EXTRAS = {
    "description": "description",
    "superset_id": "superset_id",
    "exercise_notes": "exercise_notes",
    "distance": "distance_km",
    "seconds": "duration_seconds",
}
"""Names from `rows.SESSION_EXTRAS` and `rows.SET_EXTRAS`, with their columns in Hevy's CSV."""


def write(workouts: Iterable[LoggedWorkout]) -> str:
    """Returns a file with all sets, the oldest first."""
    return write_table(COLUMNS, map(_cells, rows_of(workouts)))


def _cells(row: Row) -> list[str]:
    values = {
        "title": row.title,
        "start_time": _time_text(row.began),
        "end_time": _time_text(row.began + timedelta(seconds=row.seconds)),
        "exercise_title": row.exercise,
        "set_index": str(row.index),
        "set_type": row.kind,
        "weight_kg": "" if row.load is None else amount(row.load.in_unit("kg")),
        "reps": str(row.reps),
        "rpe": row.rpe,
        **{column: row.extras.get(name, "") for name, column in _EXTRAS.items()},
    }
    return [values[column] for column in COLUMNS]


def _time_text(time: datetime) -> str:
    """Returns the time, such as "28 Mar 2026, 17:29"; the months are English in every locale."""
    return f"{time.day} {MONTHS[time.month - 1].capitalize()} {time.year}, {time.hour:02}:{time.minute:02}"


def read(text: str, findings: Findings, zone: tzinfo | None) -> Imported:
    """Reads a whole file; DataError lists every finding."""
    return read_rows(text, findings, zone, _row)


def _row(cells: RowCells) -> Row:
    began, ended = cells.time("start_time"), cells.time("end_time")
    seconds = (ended - began).total_seconds()
    if cells.is_good and not 0 <= seconds <= MAX_WORKOUT_S:
        cells.report("end_time", f"{cells.text('end_time')!r} does not follow its start_time", "mend one of them")
    unit = "lb" if "weight_lbs" in cells.by_column else "kg"
    weight = cells.number("weight_lbs" if unit == "lb" else "weight_kg", MAX_LOAD)
    rpe = cells.number("rpe", 10)
    return Row(
        cells.required_text("title"),
        began,
        seconds,
        cells.required_text("exercise_title"),
        # The position is only for writing.
        0,
        None if weight is None else Load(weight, unit),
        cells.whole_number("reps", MAX_REPS) or 0,
        cells.text("set_type") or "normal",
        cells.text("rpe").strip() if rpe else "",
        {name: cells.text(column) for name, column in _EXTRAS.items() if cells.text(column)},
    )
