"""Timers without a clock: set one, cancel it, ask which falls due next, run those that are due. Time is an argument.

Law: a timer belongs to the scene that made it. No scene sets or cancels the timer of another scene: it asks that scene.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import count

Callback = Callable[[float], None]
"""Called with the moment at which the timer was due. This is never later than the event that made the timer run."""


@dataclass(frozen=True, slots=True)
class ScheduledCall:
    """A moment, and the function that is called then."""

    at: float
    number: int
    """Rises with each setting: timers with the same moment run in the order in which they were set."""
    callback: Callback


class Timer:
    """Holds at most one moment to come."""

    def __init__(self, numbers: Iterator[int]) -> None:
        """Use `Deadlines.timer`; `numbers` is shared by all timers of a conversation."""
        self._numbers = numbers
        self.scheduled: ScheduledCall | None = None
        """The call to come; None: the timer is not set."""

    @property
    def is_set(self) -> bool:
        """Whether the timer's moment is still to come."""
        return self.scheduled is not None

    def set(self, at: float, callback: Callback) -> None:
        """Call `callback` at `at`; forget any earlier setting."""
        self.scheduled = ScheduledCall(at, next(self._numbers), callback)

    def cancel(self) -> None:
        """Forget the moment, if there is one."""
        self.scheduled = None


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

    def earliest(self) -> float | None:
        """The earliest moment that is set; None when no timer is set."""
        return min((timer.scheduled.at for timer in self._timers if timer.scheduled), default=None)

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
    due = [(call.at, call.number, timer) for timer in timers if (call := timer.scheduled) and call.at <= now]
    return min(due)[2] if due else None


def _run(timer: Timer) -> None:
    call = timer.scheduled
    if call is not None:
        timer.cancel()
        call.callback(call.at)
