"""Holds the live session's events until their time has come.

Law: events are handed over in order of time, and a deadline goes before later events. An event's `at` may be ahead of
the clock when the event is put, because a line's last sample is mixed before it leaves. The `at` of an event that is
handed over is never before the `at` of the event before it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from heapq import heappop, heappush
from itertools import count
from queue import Empty, SimpleQueue

from coach.events import Event, TimePassed

SLICE_SECONDS = 0.05
"""Longest sleep: short enough for Ctrl-C, and for a session clock that does not run like the computer's."""

STALL_SECONDS = 0.5
"""A deadline that is handed over this much late was missed, by a slow disk or a computer that slept. The conversation
gets the present time instead of the deadline's, so that it skips what is past and does not say all of it at once."""


class LiveInbox:
    """Takes events of all threads, and hands them over on the session's clock."""

    def __init__(self, now: Callable[[], float], alive: Callable[[], None] = lambda: None) -> None:
        """`now`: session seconds. `alive`: called many times a second by the thread that waits for the next event."""
        self._now = now
        self._alive = alive
        self._arriving: SimpleQueue[Event] = SimpleQueue()
        self._waiting: list[tuple[float, int, Event]] = []
        self._order = count()
        self._latest = 0.0

    def put(self, event: Event) -> None:
        """Add an event. Any thread may call this."""
        self._arriving.put(event)

    def next(self, until: float | None) -> Event:
        """The next event, or `TimePassed` if none comes before `until`. Called by one thread.

        `TimePassed` carries `until`, or the present time after a stall.
        """
        while True:
            self._alive()
            self._sort_arrived()
            now = self._now()
            due = self._waiting[0][0] if self._waiting else None
            if due is not None and due <= now and (until is None or due <= until):
                return self._stamped(heappop(self._waiting)[2])
            if until is not None and until <= now:
                return self._stamped(TimePassed(until if now - until < STALL_SECONDS else now))
            times = [time - now for time in (due, until) if time is not None]
            self._wait(min([SLICE_SECONDS, *times]))

    def _sort_arrived(self) -> None:
        while not self._arriving.empty():
            self._store(self._arriving.get())

    def _wait(self, seconds: float) -> None:
        try:
            self._store(self._arriving.get(timeout=max(0.001, seconds)))
        except Empty:
            return

    def _store(self, event: Event) -> None:
        heappush(self._waiting, (event.at, next(self._order), event))

    def _stamped(self, event: Event) -> Event:
        self._latest = max(self._latest, event.at)
        return event if event.at == self._latest else replace(event, at=self._latest)
