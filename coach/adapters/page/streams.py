"""Sends the state of the session to every open page.

Law: at most one message waits for a page. A page that is behind gets the latest state and no earlier one. Any thread
may call `observe` and `close`; everything else runs on the server's event loop.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from threading import Lock
from weakref import WeakSet

from coach.page.state import page_state
from coach.page.view import View, updated
from coach.ports import Observed
from coach.snapshot import Snapshot

MAX_PAGES = 56
"""50 pages, and a few that somebody forgot to close."""
HEARTBEAT_S = 1.0
"""Seconds between two messages with the coach's time. From these messages a page knows that the connection works."""
MIN_INTERVAL_S = 0.02
"""Least seconds between two states, so that changes of one moment become one message."""


@dataclass(slots=True, eq=False, weakref_slot=True)
class _OpenPage:
    """A page that is open in a browser."""

    waiting: bytes | None = None
    """The next message; empty: the stream ends."""
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    def send(self, message: bytes) -> None:
        self.waiting = message
        self.ready.set()


class Streams:
    """All open pages, and the view that they show."""

    def __init__(self, now: Callable[[], float], token_changed: Callable[[], bool]) -> None:
        """`now`: session seconds. `token_changed`: asked every second; True: every page must connect again."""
        self._now = now
        self._token_changed = token_changed
        self._lock = Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        """None: the loop does not run yet, or has ended."""
        self._wake_pending = False
        """The loop was woken, and has not looked at the view yet."""
        self.view = View()
        """The latest view; only `observe` replaces it."""
        self._sent: dict[str, object] = {}
        self._pages: WeakSet[_OpenPage] = WeakSet()
        """Weak references, because the generator of a request that ends before its first message is never closed."""
        self._changed = asyncio.Event()
        self._ending = False

    # --- any thread

    def observe(self, observed: Observed) -> None:
        """Observes the session: replaces the view and wakes the loop. Takes some microseconds."""
        view = updated(self.view, observed)
        if view is self.view:
            return
        self.view = view
        # A snapshot follows every event and its commands.
        if isinstance(observed, Snapshot) and not self._wake_pending:
            self._wake_pending = True
            self._call(self._changed.set)

    def close(self) -> None:
        """Ends all streams."""
        self._call(self._end)

    def _call(self, action: Callable[[], None]) -> None:
        with self._lock:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(action)

    # --- the loop

    async def run(self) -> None:
        """Sends changes until `close`."""
        with self._lock:
            self._loop = asyncio.get_running_loop()
        heartbeats = asyncio.create_task(self._send_heartbeats())
        self._changed.set()
        try:
            while not self._ending:
                await self._changed.wait()
                self._changed.clear()
                self._wake_pending = False
                self._send_state()
                await asyncio.sleep(MIN_INTERVAL_S)
        finally:
            heartbeats.cancel()
            with self._lock:
                self._loop = None
            self.end_streams()

    def open(self) -> AsyncIterator[bytes] | None:
        """Returns the messages for one more page, beginning with the whole state; None: too many pages are open."""
        if len(self._pages) >= MAX_PAGES or self._ending:
            return None
        page = _OpenPage()
        self._pages.add(page)
        page.send(self._message(page_state(self.view)))
        return self._messages(page)

    def end_streams(self) -> None:
        """Ends the stream of every page. The pages then try to connect again."""
        for page in self._pages:
            page.send(b"")

    async def _messages(self, page: _OpenPage) -> AsyncIterator[bytes]:
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

    def _send_state(self) -> None:
        state = page_state(self.view)
        if state == self._sent:
            return
        self._sent = state
        message = self._message(state)
        for page in self._pages:
            page.send(message)

    async def _send_heartbeats(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            if self._token_changed():
                self.end_streams()
                continue
            message = self._message({})
            for page in self._pages:
                if page.waiting is None:
                    page.send(message)

    def _message(self, state: dict[str, object]) -> bytes:
        return b"data: %s\n\n" % json.dumps({"now": round(self._now(), 4), **state}, separators=(",", ":")).encode()

    def _end(self) -> None:
        self._ending = True
        self._changed.set()
