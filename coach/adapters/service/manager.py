"""Notifies the service manager that started the coach, such as systemd: when the coach listens, works and ends.

Law: without NOTIFY_SOCKET nothing is sent. If the manager takes no message, the coach neither fails nor waits.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from coach.adapters.service.status import Status
from coach.ports import Observed, SessionAccess

FEEDS = 4
"""Signs of life within the watchdog's time. Two are the convention; with four, a busy machine may lose one or two."""
RETRY_S = 30.0
"""Seconds before a failed start is tried again. At once the same fault would most likely come again."""
_MAX_LETTERS = 300
"""Most characters of a status, which is one line on a screen."""


class ServiceManager:
    """Speaks sd_notify's protocol: lines of NAME=VALUE in a datagram."""

    def __init__(
        self,
        environ: Mapping[str, str] = os.environ,
        clock: Callable[[], float] = time.monotonic,
        pid: int | None = None,
    ) -> None:
        """`clock`: seconds. `pid`: this process's id, to know whether the watchdog is for it; None: ask the system."""
        name = environ.get("NOTIFY_SOCKET", "")
        # An abstract name is written with @. Addresses of other kinds (vsock) are for virtual machines.
        self._address = "\0" + name[1:] if name.startswith("@") else name if name.startswith("/") else ""
        self._clock = clock
        self._pause = _watchdog_seconds(environ, os.getpid() if pid is None else pid) / FEEDS
        self._fed_at = -self._pause
        self._ready = False

    @property
    def ready(self) -> bool:
        """Whether the manager was notified that the coach listens."""
        return self._ready

    def alive(self) -> None:
        """Report that all threads work. The first call also means that the coach listens. May be called often."""
        now = self._clock()
        if not self._address or (self._ready and (self._pause == 0.0 or now - self._fed_at < self._pause)):
            return
        self._fed_at = now
        if self._ready:
            self._notify("WATCHDOG=1")
        else:
            self._ready = True
            self._notify("READY=1", "WATCHDOG=1")

    def status(self, text: str) -> None:
        """Show one line for people."""
        self._notify(f"STATUS={_one_line(text)}")

    def cannot_start(self, reason: str, wait: Callable[[float], None] = time.sleep) -> None:
        """Report why, and delay the next try. Returns at once without a manager, or when the coach has listened."""
        if not self._address or self._ready:
            return
        again = f"STATUS=cannot start: {_one_line(reason)} (next try in {RETRY_S:g} s)"
        self._notify(again, f"EXTEND_TIMEOUT_USEC={round((RETRY_S + 10) * 1e6)}")
        wait(RETRY_S)

    @contextmanager
    def link(self, _reach: SessionAccess) -> Iterator[Callable[[Observed], None]]:
        """Watch a session to report its status; afterwards report that the coach is ending."""
        try:
            yield Status(self.status) if self._address else lambda _: None
        finally:
            self._notify("STOPPING=1", "STATUS=ending")

    def _notify(self, *lines: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as way:
                way.setblocking(False)
                way.sendto("\n".join(lines).encode("utf-8", "replace"), self._address)
        except OSError:
            # The manager is gone, or its queue is full. Important messages are sent again.
            return


def _watchdog_seconds(environ: Mapping[str, str], pid: int) -> float:
    """The watchdog's time in seconds; 0.0: none is set, or it watches another process."""
    if environ.get("WATCHDOG_PID", str(pid)) != str(pid):
        return 0.0
    microseconds = environ.get("WATCHDOG_USEC", "")
    return int(microseconds) / 1e6 if microseconds.isdecimal() and microseconds.isascii() else 0.0


def _one_line(text: str) -> str:
    """The first line that is not blank, shortened."""
    line = next((line for line in map(str.strip, text.splitlines()) if line), "")
    line = "".join(letter if letter.isprintable() else " " for letter in line).strip()
    return line if len(line) <= _MAX_LETTERS else f"{line[: _MAX_LETTERS - 3]}..."
