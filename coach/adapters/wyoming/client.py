"""One exchange with a Wyoming server: lines of JSON and PCM over TCP, as Home Assistant's voice services speak it.

Law: what a server sends is bounded in size, number and time. Whatever it sends, the result is an event or a
`ServerError`.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Sequence
from io import BytesIO
from types import TracebackType
from typing import Any

from wyoming.event import Event, Eventable, read_event, write_event
from wyoming.info import Describe

from coach.adapters.wyoming.address import Address

CONNECT_SECONDS = 1.0
"""The longest that a connection may take; in one's own network it takes some milliseconds."""
_LINE = 1 << 16
"""Most bytes of a header; the library's own headers have less than 200."""
_DATA = 1 << 21
"""Most bytes of an event's data; a server with 150 voices needs 100,000 to list them."""
_PAYLOAD = 1 << 20
"""Most bytes of one piece of sound, 20 s; servers send 1 to 8 thousand."""
_ALL = 1 << 24
"""Most bytes that one exchange may bring: five minutes of speech."""
_EVENTS = 20_000
_PIECE = 1 << 16
_BROKEN = (ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""All exceptions that reading a foreign server's JSON as an event can raise."""

Place = tuple[socket.AddressFamily, Any]
"""An address family, and one address of it in the form that sockets take."""


class ServerError(Exception):
    """The server is not reachable, is too slow or breaks the protocol: in a few words, for people."""


class LateError(ServerError):
    """The server takes too long. The next request may be quicker."""


def places(address: Address) -> Sequence[Place]:
    """The host's addresses; waits for a name server, as long as that takes. ServerError when the host is unknown."""
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as fault:
        raise ServerError(f"nobody knows a computer {address.host!r}") from fault
    return [(family, place) for family, _, _, _, place in found]


class Connection:
    """A connection for one request, closed when its time is over."""

    def __init__(self, at: Sequence[Place], seconds: float) -> None:
        """Connect; everything together may take this many seconds. ServerError."""
        self._until = time.monotonic() + seconds
        self._received = bytearray()
        self._bytes = self._events = 0
        self._socket = self._connected(at)

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._socket.close()

    def send(self, *events: Eventable) -> None:
        """Send all of these events; ServerError."""
        written = BytesIO()
        for event in events:
            write_event(event.event(), written)
        try:
            self._socket.settimeout(self._left())
            self._socket.sendall(written.getbuffer())
        except OSError as fault:
            raise _told(fault) from fault

    def receive(self) -> Event:
        """The next event. Its data may hold any values; ServerError."""
        self._events += 1
        if self._events > _EVENTS:
            raise ServerError("it sends events without end")
        line = self._line()
        head = _table(line)
        data = self._exactly(_size(head, "data_length", _DATA))
        if data:
            _table(data)
        payload = self._exactly(_size(head, "payload_length", _PAYLOAD))
        try:
            event = read_event(BytesIO(line + data + payload))
        except _BROKEN as fault:
            raise _garbage() from fault
        if event is None or not isinstance(event.type, str) or not isinstance(event.data, dict):
            raise _garbage()
        return event

    def describe(self) -> dict[str, Any]:
        """What the server says it offers, unchecked; ServerError."""
        self.send(Describe())
        while (event := self.receive()).type != "info":
            pass
        return event.data

    def _connected(self, at: Sequence[Place]) -> socket.socket:
        fault: OSError | None = None
        for family, place in at:
            one = socket.socket(family, socket.SOCK_STREAM)
            try:
                one.settimeout(min(CONNECT_SECONDS, self._left()))
                one.connect(place)
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError as error:
                one.close()
                fault = error
            else:
                return one
        raise ServerError("it has no address") if fault is None else _told(fault)

    def _left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise LateError("it does not answer in time")
        return left

    def _line(self) -> bytes:
        searched = 0
        while (end := self._received.find(b"\n", searched)) < 0:
            searched = len(self._received)
            if searched > _LINE:
                raise _garbage()
            self._fill()
        return self._taken(end + 1)

    def _exactly(self, size: int) -> bytes:
        while len(self._received) < size:
            self._fill()
        return self._taken(size)

    def _taken(self, size: int) -> bytes:
        taken = bytes(self._received[:size])
        del self._received[:size]
        return taken

    def _fill(self) -> None:
        try:
            self._socket.settimeout(self._left())
            piece = self._socket.recv(_PIECE)
        except OSError as fault:
            raise _told(fault) from fault
        if not piece:
            raise ServerError("it hung up")
        self._bytes += len(piece)
        if self._bytes > _ALL:
            raise ServerError("it sends without end")
        self._received += piece


def _table(text: bytes) -> dict[str, Any]:
    try:
        table = json.loads(text)
    except (ValueError, RecursionError) as fault:
        raise _garbage() from fault
    if not isinstance(table, dict):
        raise _garbage()
    return table


def _size(head: dict[str, Any], name: str, most: int) -> int:
    size = head.get(name)
    if size is None:
        return 0
    if not isinstance(size, int) or not 0 <= size <= most:
        raise _garbage()
    return size


def _garbage() -> ServerError:
    return ServerError("what it sends is not Wyoming's protocol")


def _told(fault: OSError) -> ServerError:
    if isinstance(fault, TimeoutError):
        return LateError("it does not answer in time")
    return ServerError((fault.strerror or str(fault)).lower())
