"""Strong's CSV. If it does not name the unit of its weights, the user gives the unit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import tzinfo
from functools import partial

from coach.formats.csv_table import write_table
from coach.formats.findings import Findings
from coach.formats.row_cells import MAX_LOAD, MAX_REPS, MAX_WORKOUT_S, RowCells
from coach.formats.rows import DROP, FAILURE, NORMAL, WARM_UP, Imported, Row, amount, read_rows, rows_of
from coach.training.log import LoggedWorkout
from coach.training.plan import Load

COLUMNS = (
    "Date",
    "Workout Name",
    "Duration",
    "Exercise Name",
    "Set Order",
    "Weight",
    "Reps",
    "Distance",
    "Seconds",
    "RPE",
)
REQUIRED_COLUMNS = frozenset({"Date", "Workout Name", "Exercise Name", "Set Order", "Reps"})
_KINDS = {"W": WARM_UP, "D": DROP, "F": FAILURE}
_MARKS = {kind: mark for mark, kind in _KINDS.items()}
_DURATION = re.compile(r"(?:(\d{1,3})h)? ?(?:(\d{1,5})m)? ?(?:(\d{1,6})s)?")
_EXTRAS = {"distance": "Distance", "seconds": "Seconds"}
"""Names from `rows.SET_EXTRAS`, with their columns in Strong's CSV."""


def write(workouts: Iterable[LoggedWorkout], unit: str) -> str:
    """Returns a file with all sets, the oldest first; `unit` of the weights: kg or lb."""
    return write_table(COLUMNS, (_cells(row, unit) for row in rows_of(workouts)))


def _cells(row: Row, unit: str) -> list[str]:
    values = {
        "Date": row.began.isoformat(sep=" "),
        "Workout Name": row.title,
        "Duration": _duration_text(row.seconds),
        "Exercise Name": row.exercise,
        "Set Order": _MARKS.get(row.kind, str(row.index + 1)),
        "Weight": "" if row.load is None else amount(row.load.in_unit(unit)),
        "Reps": str(row.reps),
        "RPE": row.rpe,
        **{column: row.extras.get(name, "") for name, column in _EXTRAS.items()},
    }
    return [values[column] for column in COLUMNS]


def _duration_text(seconds: float) -> str:
    """Returns the duration, such as "1h 5m"; in seconds if it is shorter than a minute."""
    minutes, rest = divmod(int(seconds), 60)
    if not minutes:
        return f"{rest}s"
    return f"{minutes // 60}h {minutes % 60}m" if minutes >= 60 else f"{minutes}m"


def read(text: str, findings: Findings, zone: tzinfo | None, unit: str) -> Imported:
    """Reads a whole file; DataError lists every finding. Rest timers and notes have no repetitions: left out."""
    return read_rows(text, findings, zone, partial(_row, unit=unit))


def _row(cells: RowCells, unit: str) -> Row:
    order = cells.text("Set Order").strip()
    named = cells.text("Weight Unit").strip().lower()
    weight = cells.number("Weight", MAX_LOAD)
    rpe = cells.number("RPE", 10)
    return Row(
        cells.required_text("Workout Name"),
        cells.time("Date"),
        _seconds(cells),
        cells.required_text("Exercise Name"),
        # The position is only for writing.
        0,
        # Strong writes 0 in a row without a weight.
        Load(weight, {"kg": "kg", "lb": "lb", "lbs": "lb"}.get(named, unit)) if weight else None,
        cells.whole_number("Reps", MAX_REPS) or 0,
        _KINDS.get(order, NORMAL),
        cells.text("RPE").strip() if rpe else "",
        {name: cells.text(column) for name, column in _EXTRAS.items() if cells.number(column, 1e9)},
    )


def _seconds(cells: RowCells) -> float:
    """Returns the seconds in "1h 5m", "45m", "50s", "01:05:00" or a plain number of seconds."""
    found = cells.text("Duration").strip()
    seconds = 0.0
    if match := _DURATION.fullmatch(found):
        seconds = sum(int(count or 0) * size for count, size in zip(match.groups(), (3600, 60, 1), strict=True))
    elif clock := re.fullmatch(r"(\d{1,3}):([0-5]\d):([0-5]\d)", found):
        seconds = int(clock[1]) * 3600 + int(clock[2]) * 60 + int(clock[3])
    elif re.fullmatch(r"\d{1,9}", found):
        seconds = float(found)
    else:
        seconds = -1.0
    if not 0 <= seconds <= MAX_WORKOUT_S:
        cells.report("Duration", f"{found[:40]!r} is no duration", "write it like 1h 5m")
    return float(seconds)
