"""Timers without a clock: set one, cancel it, ask which falls due next, run those that are due. Time is an argument.

Law: a timer belongs to the scene that made it. No scene sets or cancels the timer of another scene: it asks that scene.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count

Act = Callable[[float], None]
"""Called with the moment at which the timer was due. This is never later than the event that made the timer run."""


@dataclass(frozen=True, slots=True)
class Due:
    """A moment and what happens then."""

    at: float
    number: int
    """Rises with each setting: timers with the same moment run in the order in which they were set."""
    act: Act


class Timer:
    """Holds at most one moment to come."""

    def __init__(self, numbers: Iterator[int]) -> None:
        """Use `Deadlines.timer`; `numbers` is shared by all timers of a conversation."""
        self._numbers = numbers
        self._due: Due | None = None

    @property
    def due(self) -> Due | None:
        """The moment that is set, with its act; None when the timer is not set."""
        return self._due

    @property
    def is_set(self) -> bool:
        """Whether the timer's moment is still to come."""
        return self._due is not None

    def set(self, at: float, act: Act) -> None:
        """Call `act` at `at`; forget any earlier setting."""
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
        """Cancel all timers."""
        for timer in self._timers:
            timer.cancel()

    def next(self) -> float | None:
        """The earliest moment that is set; None when no timer is set."""
        return min((timer.due.at for timer in self._timers if timer.due), default=None)

    def run_due(self, now: float) -> None:
        """Run every timer that is due by `now`, the earliest first, including timers that are set meanwhile."""
        while first := _first(self._timers, now):
            _run(first)

    def run_once(self, now: float, *timers: Timer) -> None:
        """Run only these timers, as far as they are due by `now`: the earliest first, each at most once."""
        left = list(timers)
        while first := _first(left, now):
            left.remove(first)
            _run(first)


def _first(timers: Iterable[Timer], now: float) -> Timer | None:
    """The timer that falls due first, if that is by `now`."""
    due = [(timer.due.at, timer.due.number, timer) for timer in timers if timer.due and timer.due.at <= now]
    return min(due)[2] if due else None


def _run(timer: Timer) -> None:
    due = timer.due
    if due is not None:
        timer.cancel()
        due.act(due.at)
