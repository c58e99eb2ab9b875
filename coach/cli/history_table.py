"""Workouts as a table for a terminal, and as JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from coach.training import overview
from coach.training.log import LoggedSet, LoggedWorkout
from coach.training.overview import NumberedWorkout
from coach.training.plan import SetDone, SetKind

HEADS = ("#", "when", "exercise", "reps", "load", "rest", "tempo", "reported")
_DROPPED_COLUMNS = ("tempo", "rest", "exercise")
"""Columns that are left out on a narrow terminal, in this order."""
_MIN_LAST_WIDTH = 12
"""Least width of the last column, in letters: it is cut to this width before other columns are left out."""


def table_lines(found: Sequence[NumberedWorkout], width: int | None) -> list[str]:
    """Returns a table with its heads; lines have at most `width` letters (None: any length)."""
    rows = [dict(zip(HEADS, HEADS, strict=True)), *map(_cells, found)]
    widths = {head: max(len(row[head]) for row in rows) for head in HEADS}
    columns = list(HEADS)
    for head in _DROPPED_COLUMNS:
        least = sum(widths[column] + 2 for column in columns[:-1]) + min(widths[HEADS[-1]], _MIN_LAST_WIDTH)
        if width is not None and least > width:
            columns.remove(head)
    lines = []
    for row in rows:
        cells = [row[head].rjust(widths[head]) if head == "#" else row[head].ljust(widths[head]) for head in columns]
        line = "  ".join(cells).rstrip()
        lines.append(line if width is None or len(line) <= width else line[: width - 3] + "...")
    return lines


def _cells(numbered: NumberedWorkout) -> dict[str, str]:
    workout = numbered.workout
    taken, planned = overview.rest_taken(workout.sets), overview.rest_planned(workout.sets)
    cells = (
        str(numbered.number),
        datetime.fromisoformat(workout.first_session).strftime("%Y-%m-%d %H:%M"),
        overview.exercise_words(workout.exercise)[:30],
        " ".join(map(_reps, workout.sets)),
        _loads(workout),
        "" if taken is None or planned is None else f"{taken:.0f}/{planned:.0f} s",
        " ".join(dict.fromkeys(done.tempo for done in workout.sets if done.tempo)),
        _reported(workout),
    )
    return {head: cell or "-" for head, cell in zip(HEADS, cells, strict=True)}


def _reps(done: LoggedSet) -> str:
    """Returns repetitions such as "10"; a warm-up is "(8)", two sides are "10/9", a set with breaks is "10+5+5"."""
    sides = dict.fromkeys(part.side for part in done.parts)
    reps = "/".join("+".join(str(part.reps) for part in done.parts if part.side is side) for side in sides)
    return f"({reps})" if done.kind is SetKind.WARM_UP else reps


def _loads(workout: LoggedWorkout) -> str:
    """Returns the loads in the order in which they were used."""
    loads = (part.load for done in workout.sets for part in done.parts)
    return ", ".join(dict.fromkeys(load.text for load in loads if load is not None))


def _reported(workout: LoggedWorkout) -> str:
    """Returns what was reported, pain first."""
    stuck = sum(counts.kind == "stuck" for counts in workout.reports)
    counts = [
        *overview.pain_counts(workout).items(),
        *([("Stuck", stuck)] if stuck else []),
        *overview.fault_counts(workout).items(),
    ]
    texts = [overview.intent_words(what) + (f" x{count}" if count > 1 else "") for what, count in counts]
    if workout.open_set is not None:
        texts.append(f"set {workout.open_set.number} not finished")
    return ", ".join(texts)


def as_json(numbered: NumberedWorkout) -> dict[str, object]:
    """Returns a workout as JSON values. Times are in seconds; times of reports count from the workout's beginning."""
    workout = numbered.workout
    return {
        "number": numbered.number,
        "session": workout.first_session,
        "exercise": workout.exercise,
        "seconds": round(workout.last_record_at - workout.began, 3),
        "ended": workout.ended,
        "sets": [_set(done) for done in workout.sets],
        "reported": [
            {
                "at": round(said.at - workout.began, 3),
                "kind": said.kind,
                "what": said.intent or None,
                "set": said.set,
                "reps_done": said.rep,
                "phase": said.phase,
            }
            for said in workout.reports
        ],
        "open_set": None if workout.open_set is None else workout.open_set.number,
    }


def _set(done: LoggedSet) -> dict[str, object]:
    return {
        "set": done.number,
        "kind": done.kind.value,
        "reps": done.reps,
        "parts": [_part(part) for part in done.parts],
        "left": done.in_reserve,
        "tempo": done.tempo,
        "rest_planned": done.rest_planned,
        "rest_taken": None if done.rest_taken is None else round(done.rest_taken, 3),
    }


def _part(part: SetDone) -> dict[str, object]:
    load = part.load
    return {"reps": part.reps, "load": load and load.amount, "unit": load and load.unit, "side": part.side}
