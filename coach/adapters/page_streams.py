"""What every open page is told, and when.

Law: a page that is behind is told the latest state and none before it; nothing waits for it but that. All of it runs on
the server's loop but for `show` and `close`, which any thread may call.
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
from coach.ports import Happening
from coach.snapshot import Snapshot

MOST_PAGES = 56
"""Fifty, and a few that were left open somewhere."""
BEAT_S = 1.0
"""Each page is told the coach's time so often, and knows by it that the coach is there."""
LEAST_S = 0.02
"""Between two states: what happens at once is told at once."""


@dataclass(slots=True, eq=False, weakref_slot=True)
class _Page:
    """A page that is open."""

    waiting: bytes | None = None
    """What it is to be told next."""
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, message: bytes) -> None:
        self.waiting = message
        self.ready.set()


class Streams:
    """All of them, and the view they are told."""

    def __init__(self, now: Callable[[], float], renewed: Callable[[], bool]) -> None:
        """`now`: session seconds. `renewed`: asked every second, whether all pages have to come in anew."""
        self._now = now
        self._renewed = renewed
        self._lock = Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        """None: it has not begun, or is over."""
        self._called = False
        """The loop was told that there is something new, and has not looked yet."""
        self._view = View()
        self._told: dict[str, object] = {}
        self._pages: WeakSet[_Page] = WeakSet()
        """A page that is gone before it was told anything leaves no other trace."""
        self._changed = asyncio.Event()
        self._over = False

    @property
    def view(self) -> View:
        """The latest."""
        return self._view

    # --- any thread

    def show(self, happening: Happening) -> None:
        """The observer: it only takes note, and calls the loop."""
        view = seen(self._view, happening)
        if view is self._view:
            return
        self._view = view
        # A snapshot follows everything else.
        if isinstance(happening, Snapshot) and not self._called:
            self._called = True
            self._call(self._changed.set)

    def close(self) -> None:
        """Nobody is told anything any more."""
        self._call(self._end)

    def _call(self, what: Callable[[], None]) -> None:
        with self._lock:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(what)

    # --- the loop

    async def run(self) -> None:
        """Until it is closed."""
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
        """What one more page is told, from the whole state on; None: there is no room."""
        if len(self._pages) >= MOST_PAGES or self._over:
            return None
        page = _Page()
        self._pages.add(page)
        page.tell(self._message(told(self._view)))
        return self._messages(page)

    def send_away(self) -> None:
        """Every page has to come in anew."""
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
