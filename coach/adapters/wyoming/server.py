"""Knows whether a Wyoming server is reachable. A server that is gone is tried again, at growing intervals.

Law: a request to a server that is gone fails at once, without a connection. Only the thread that looks after the server
waits for a name server. Watchers are notified of every change once, on the thread that notices the change.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from threading import Event as Flag
from threading import Lock, Thread

from coach.adapters.wyoming.address import Address
from coach.adapters.wyoming.client import Connection, ServerError, SocketAddress, resolve

_SERVICES = ("asr", "tts", "wake", "intent", "handle", "mic", "snd")
"""The services of Wyoming's protocol."""
START_SECONDS = 2.0
"""Longest time for the first look, because the coach's start waits for it."""
LOOK_SECONDS = 15.0
"""Seconds between two looks at a server that is reachable: one connection and a question, 1 ms."""
FIRST_SECONDS = 1.0
"""Seconds before a server that is gone is asked again. The time doubles with each attempt."""
LONGEST_SECONDS = 60.0
"""Longest time between two attempts."""

Watcher = Callable[[str | None], None]
"""Called with the reason why the server is gone; None: it is back."""
Use = Callable[[Connection], None]
"""Uses the server once, in the way it will be used; ServerError."""


class WrongServerError(ServerError):
    """The server is reachable, but can never do what it is wanted for."""


class Server:
    """A Wyoming server, used for one of its services. Any thread may ask."""

    def __init__(self, address: Address, service: str, use: Use, use_seconds: float) -> None:
        """`service`: "asr" or "tts", as in the protocol. `use` must succeed within `use_seconds` before a server counts
        as back, because a server may describe itself and still fail.
        """
        self.address = address
        self._service = service
        self._use = use
        self._use_seconds = use_seconds
        self._addresses: Sequence[SocketAddress] = ()
        self._gone: str | None = "nobody has asked for it yet"
        self._lock = Lock()
        self._watchers: list[Watcher] = []
        self._wake = Flag()
        self._closing = Flag()
        self._thread: Thread | None = None

    @property
    def label(self) -> str:
        """What the server is for, for people; its address follows."""
        return {"asr": "the ears at", "tts": "the voice at"}[self._service]

    @property
    def gone(self) -> str | None:
        """Why the server cannot be used now, for people; None: it can be used."""
        return self._gone

    def find(self, seconds: float = START_SECONDS) -> str:
        """Look for the server; return its program and version. ServerError: it cannot be used now."""
        try:
            self._addresses = resolve(self.address)
            with Connection(self._addresses, seconds) as connection:
                identity = self._identity(connection.describe())
        except ServerError as error:
            self._gone = str(error)
            raise
        self._gone = None
        return identity

    def watch(self, watcher: Watcher) -> None:
        """Notify the watcher of every change from now on, and at once if the server is gone. Starts to look after the
        server.
        """
        with self._lock:
            self._watchers.append(watcher)
            gone = self._gone
            if self._thread is None:
                self._thread = Thread(target=self._look_after, name=f"helper {self._service}", daemon=True)
                self._thread.start()
        if gone is not None:
            watcher(gone)

    def open(self, seconds: float) -> Connection:
        """A connection for one request that may take this many seconds. ServerError at once, if the server is gone."""
        if self._gone is not None:
            raise ServerError(self._gone)
        return Connection(self._addresses, seconds)

    def attempt(self) -> float:
        """Use the server once for its service; return the seconds that this took. ServerError: the server fails."""
        began = time.monotonic()
        with self.open(self._use_seconds) as connection:
            self._use(connection)
        return time.monotonic() - began

    def lose(self, reason: str) -> None:
        """Note that the server failed a request."""
        with self._lock:
            if self._gone is not None:
                return
            self._gone = reason
            watchers = list(self._watchers)
        self._wake.set()
        for watcher in watchers:
            watcher(reason)

    def close(self) -> None:
        """Stop looking after the server; requests under way end by themselves."""
        self._closing.set()
        self._wake.set()

    def _look_after(self) -> None:
        wait = FIRST_SECONDS
        while not self._closing.is_set():
            if self._gone is None:
                wait = FIRST_SECONDS
                if not self._wake.wait(LOOK_SECONDS):
                    self._check()
                self._wake.clear()
            elif not self._closing.wait(wait):
                wait = min(LONGEST_SECONDS, 2 * wait)
                self._try_again()

    def _check(self) -> None:
        """Ask a reachable server to describe itself."""
        try:
            with self.open(START_SECONDS) as connection:
                connection.describe()
        except ServerError as error:
            self.lose(str(error))

    def _try_again(self) -> None:
        """Ask a server that is gone to describe itself, and use it once."""
        try:
            at = resolve(self.address)
            with Connection(at, START_SECONDS) as connection:
                self._identity(connection.describe())
            with Connection(at, self._use_seconds) as connection:
                self._use(connection)
        except ServerError:
            return
        with self._lock:
            self._addresses, self._gone = at, None
            watchers = list(self._watchers)
        for watcher in watchers:
            watcher(None)

    def _identity(self, info: dict[str, object]) -> str:
        """Name and version of the program that offers the service; WrongServerError: none does."""
        offered = info.get(self._service)
        programs = [program for program in offered if isinstance(program, dict)] if isinstance(offered, list) else []
        if not programs:
            others = ", ".join(service for service in _SERVICES if info.get(service))
            raise WrongServerError(f"it offers no {self._service}, only {others or 'nothing'}")
        # This text comes from another program, and becomes part of files and of file names.
        identity = " ".join(str(programs[0].get(key, ""))[:80] for key in ("name", "version"))
        return "".join(letter if letter.isprintable() else "?" for letter in identity)
