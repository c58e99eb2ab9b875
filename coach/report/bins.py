"""Workouts in order, few enough to be plotted: each for itself, or those of a week, a month, a quarter or a year."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby

from coach.training.log import LoggedSet, LoggedWorkout

MOST = 60
"""Places on a plot of 18 cm that can be told apart."""


@dataclass(frozen=True, slots=True)
class Bin:
    """The workouts of some time."""

    label: str
    workouts: tuple[LoggedWorkout, ...]

    @property
    def sets(self) -> list[LoggedSet]:
        """Of all of them."""
        return [one for workout in self.workouts for one in workout.sets]


@dataclass(frozen=True, slots=True)
class Bins:
    """The oldest first."""

    each: str
    """What a place stands for: workout, week, month, quarter or year."""
    bins: tuple[Bin, ...]


def moment(workout: LoggedWorkout) -> datetime:
    """When it began, by the clock where was trained."""
    return datetime.fromisoformat(workout.session)


def day(time: datetime) -> str:
    """Such as "28 Mar 2026"."""
    return f"{time.day} {time:%b %Y}"


def _week(time: datetime) -> str:
    return day(time - timedelta(days=time.weekday()))


_SIZES: Sequence[tuple[str, Callable[[datetime], str]]] = (
    ("week", _week),
    ("month", lambda time: f"{time:%b %Y}"),
    ("quarter", lambda time: f"Q{(time.month + 2) // 3} {time.year}"),
    ("year", lambda time: str(time.year)),
)


def binned(oldest_first: Sequence[LoggedWorkout]) -> Bins:
    """In the smallest places that are few enough."""
    if len(oldest_first) <= MOST:
        return Bins("workout", tuple(Bin(day(moment(one)), (one,)) for one in oldest_first))
    found = Bins("", ())
    for each, label_of in _SIZES:
        groups = groupby(oldest_first, partial(_label, label_of))
        found = Bins(each, tuple(Bin(label, tuple(workouts)) for label, workouts in groups))
        if len(found.bins) <= MOST:
            break
    return replace(found, bins=found.bins[-MOST:])


def _label(label_of: Callable[[datetime], str], workout: LoggedWorkout) -> str:
    return label_of(moment(workout))
