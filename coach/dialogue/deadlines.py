"""Moments to come: set, cancel, ask for the next, take what is due. Time is an argument.

Law: a timer belongs to the scene that made it. No scene sets or cancels the timer of another: it asks that scene.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count

Act = Callable[[float], None]
"""Called with the moment it was due, which is not later than the event that brought it up."""


@dataclass(frozen=True, slots=True)
class Due:
    """What a timer waits for."""

    at: float
    number: int
    """Rises with every setting: equal moments fall due in the order in which they were set."""
    act: Act


class Timer:
    """At most one moment to come."""

    def __init__(self, numbers: Iterator[int]) -> None:
        """Made by `Deadlines.timer`; `numbers` is shared by all timers of a conversation."""
        self._numbers = numbers
        self._due: Due | None = None

    @property
    def due(self) -> Due | None:
        """What it waits for; None when it is not set."""
        return self._due

    @property
    def is_set(self) -> bool:
        """Whether its moment is still to come."""
        return self._due is not None

    def set(self, at: float, act: Act) -> None:
        """`act` falls due at `at`; an earlier setting is forgotten."""
        self._due = Due(at, next(self._numbers), act)

    def cancel(self) -> None:
        """Forget the moment, if there is one."""
        self._due = None


class Deadlines:
    """All timers of a conversation."""

    def __init__(self) -> None:
        self._timers: list[Timer] = []
        self._numbers = count()

    def timer(self) -> Timer:
        """A new timer, not set."""
        timer = Timer(self._numbers)
        self._timers.append(timer)
        return timer

    def clear(self) -> None:
        """Cancel all."""
        for timer in self._timers:
            timer.cancel()

    def next(self) -> float | None:
        """The earliest moment."""
        return min((timer.due.at for timer in self._timers if timer.due), default=None)

    def run_due(self, now: float) -> None:
        """Carry out everything due by `now`, earliest first, including what is set meanwhile."""
        while first := _first(self._timers, now):
            _run(first)

    def run_once(self, now: float, *timers: Timer) -> None:
        """Carry out these alone, as far as they are due by `now`: earliest first, each once."""
        left = list(timers)
        while first := _first(left, now):
            left.remove(first)
            _run(first)


def _first(timers: Iterable[Timer], now: float) -> Timer | None:
    """The timer that falls due first, if it does by `now`."""
    due = [(timer.due.at, timer.due.number, timer) for timer in timers if timer.due and timer.due.at <= now]
    return min(due)[2] if due else None


def _run(timer: Timer) -> None:
    due = timer.due
    if due is not None:
        timer.cancel()
        due.act(due.at)
