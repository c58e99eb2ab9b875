"""Sends the state of the session to every open page.

Law: at most one message waits for a page. A page that is behind gets the latest state and no earlier one. Any thread
may call `show` and `close`; everything else runs on the server's event loop.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from threading import Lock
from weakref import WeakSet

from coach.page.told import told
from coach.page.view import View, seen
from coach.ports import Observed
from coach.snapshot import Snapshot

MOST_PAGES = 56
"""Fifty pages, and a few that somebody forgot to close."""
BEAT_S = 1.0
"""Seconds between two messages with the coach's time; by them a page knows that the connection stands."""
LEAST_S = 0.02
"""Least seconds between two states, so that changes of one moment are one message."""


@dataclass(slots=True, eq=False, weakref_slot=True)
class _Page:
    """A page that is open."""

    waiting: bytes | None = None
    """The next message."""
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, message: bytes) -> None:
        self.waiting = message
        self.ready.set()


class Streams:
    """All open pages, and the view that they show."""

    def __init__(self, now: Callable[[], float], renewed: Callable[[], bool]) -> None:
        """`now`: session seconds. `renewed`: asked every second; True: every page has to enter again."""
        self._now = now
        self._renewed = renewed
        self._lock = Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        """None: it does not run yet, or has ended."""
        self._called = False
        """The loop was woken and has not looked at the view yet."""
        self._view = View()
        self._told: dict[str, object] = {}
        self._pages: WeakSet[_Page] = WeakSet()
        """Weak, because a request that ends before its first message is never told to end."""
        self._changed = asyncio.Event()
        self._over = False

    @property
    def view(self) -> View:
        """The latest view."""
        return self._view

    # --- any thread

    def show(self, happening: Observed) -> None:
        """Observes the session: replaces the view and wakes the loop, in some microseconds."""
        view = seen(self._view, happening)
        if view is self._view:
            return
        self._view = view
        # Every other happening is followed by a snapshot.
        if isinstance(happening, Snapshot) and not self._called:
            self._called = True
            self._call(self._changed.set)

    def close(self) -> None:
        """Ends all streams."""
        self._call(self._end)

    def _call(self, what: Callable[[], None]) -> None:
        with self._lock:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(what)

    # --- the loop

    async def run(self) -> None:
        """Sends changes until `close`."""
        with self._lock:
            self._loop = asyncio.get_running_loop()
        beats = asyncio.create_task(self._beat())
        self._changed.set()
        try:
            while not self._over:
                await self._changed.wait()
                self._changed.clear()
                self._called = False
                self._tell_state()
                await asyncio.sleep(LEAST_S)
        finally:
            beats.cancel()
            with self._lock:
                self._loop = None
            self.send_away()

    def enter(self) -> AsyncIterator[bytes] | None:
        """Returns the messages of one more page, the whole state first; None: too many pages are open."""
        if len(self._pages) >= MOST_PAGES or self._over:
            return None
        page = _Page()
        self._pages.add(page)
        page.tell(self._message(told(self._view)))
        return self._messages(page)

    def send_away(self) -> None:
        """Ends the stream of every page; the pages try to enter again."""
        for page in self._pages:
            page.tell(b"")

    async def _messages(self, page: _Page) -> AsyncIterator[bytes]:
        try:
            while True:
                await page.ready.wait()
                page.ready.clear()
                message, page.waiting = page.waiting, None
                if not message:
                    return
                yield message
        finally:
            self._pages.discard(page)

    def _tell_state(self) -> None:
        state = told(self._view)
        if state == self._told:
            return
        self._told = state
        message = self._message(state)
        for page in self._pages:
            page.tell(message)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            if self._renewed():
                self.send_away()
                continue
            message = self._message({})
            for page in self._pages:
                if page.waiting is None:
                    page.tell(message)

    def _message(self, state: dict[str, object]) -> bytes:
        return b"data: %s\n\n" % json.dumps({"now": round(self._now(), 4), **state}, separators=(",", ":")).encode()

    def _end(self) -> None:
        self._over = True
        self._changed.set()
