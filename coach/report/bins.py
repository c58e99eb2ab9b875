"""Puts workouts into few enough bins to be plotted: one for each workout, week, month, quarter or year."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby

from coach.training.log import LoggedSet, LoggedWorkout

MAX_BINS = 60
"""Most bins that can be distinguished on a plot of 18 cm."""


@dataclass(frozen=True, slots=True)
class Bin:
    """The workouts of one place on a plot."""

    label: str
    workouts: tuple[LoggedWorkout, ...]

    @property
    def sets(self) -> list[LoggedSet]:
        """The sets of all workouts in the bin."""
        return [logged_set for workout in self.workouts for logged_set in workout.sets]


@dataclass(frozen=True, slots=True)
class Bins:
    """All bins, the oldest first."""

    period: str
    """What a bin stands for: a workout, week, month, quarter or year."""
    bins: tuple[Bin, ...]


def start_time(workout: LoggedWorkout) -> datetime:
    """When the workout began, in local time of the place where the lifter trained."""
    return datetime.fromisoformat(workout.first_session)


def date_text(time: datetime) -> str:
    """Returns the day, such as "28 Mar 2026"."""
    return f"{time.day} {time:%b %Y}"


def _week(time: datetime) -> str:
    return date_text(time - timedelta(days=time.weekday()))


_SIZES: Sequence[tuple[str, Callable[[datetime], str]]] = (
    ("week", _week),
    ("month", lambda time: f"{time:%b %Y}"),
    ("quarter", lambda time: f"Q{(time.month + 2) // 3} {time.year}"),
    ("year", lambda time: str(time.year)),
)


def binned(oldest_first: Sequence[LoggedWorkout]) -> Bins:
    """Returns the workouts in the smallest bins that are few enough."""
    if len(oldest_first) <= MAX_BINS:
        return Bins("workout", tuple(Bin(date_text(start_time(workout)), (workout,)) for workout in oldest_first))
    found = Bins("", ())
    for each, label_of in _SIZES:
        groups = groupby(oldest_first, partial(_label, label_of))
        found = Bins(each, tuple(Bin(label, tuple(workouts)) for label, workouts in groups))
        if len(found.bins) <= MAX_BINS:
            break
    return replace(found, bins=found.bins[-MAX_BINS:])


def _label(label_of: Callable[[datetime], str], workout: LoggedWorkout) -> str:
    return label_of(start_time(workout))
