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
from typing import Any

from wyoming.event import Event, Eventable, read_event, write_event
from wyoming.info import Describe

from coach.adapters.wyoming.address import Address

CONNECT_SECONDS = 1.0
"""Longest time for connecting. In a local network it takes some milliseconds."""
_MAX_LINE = 1 << 16
"""Most bytes of a header; the library's own headers have less than 200."""
_MAX_DATA = 1 << 21
"""Most bytes of an event's data; a server with 150 voices needs 100,000 to list them."""
_MAX_PAYLOAD = 1 << 20
"""Most bytes of one piece of sound, 20 s; servers send 1 to 8 thousand."""
_MAX_ALL = 1 << 24
"""Most bytes that one exchange may bring: five minutes of speech."""
_MAX_EVENTS = 20_000
"""Most events that one exchange may bring."""
_PIECE = 1 << 16
"""Bytes that are received at once."""
_PARSE_ERRORS = (ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""All exceptions that reading a foreign server's JSON as an event can raise."""

SocketAddress = tuple[socket.AddressFamily, Any]
"""An address family, and one address of it in the form that sockets take."""


class ServerError(Exception):
    """The server is not reachable, is too slow or breaks the protocol. The message is a few words for people."""


class LateError(ServerError):
    """The server takes too long; the next request may be quicker."""


def resolve(address: Address) -> Sequence[SocketAddress]:
    """The host's addresses. Waits for a name server, however long that takes. ServerError: the host is unknown."""
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ServerError(f"nobody knows a computer {address.host!r}") from error
    return [(family, place) for family, _, _, _, place in found]


class Connection:
    """A connection for one request. Its methods fail once its time is over."""

    def __init__(self, at: Sequence[SocketAddress], seconds: float) -> None:
        """Connect. Everything together may take this many seconds. ServerError: the server cannot be reached."""
        self._until = time.monotonic() + seconds
        self._received = bytearray()
        self._bytes = self._events = 0
        self._socket = self._connected(at)

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, *events: Eventable) -> None:
        """Send all of these events; ServerError."""
        written = BytesIO()
        for event in events:
            write_event(event.event(), written)
        try:
            self._socket.settimeout(self._seconds_left())
            self._socket.sendall(written.getbuffer())
        except OSError as error:
            raise _server_error(error) from error

    def receive(self) -> Event:
        """The next event. Its data may hold any values; ServerError."""
        self._events += 1
        if self._events > _MAX_EVENTS:
            raise ServerError("it sends events without end")
        line = self._read_line()
        head = _json_object(line)
        data = self._read(_size(head, "data_length", _MAX_DATA))
        if data:
            _json_object(data)
        payload = self._read(_size(head, "payload_length", _MAX_PAYLOAD))
        try:
            event = read_event(BytesIO(line + data + payload))
        except _PARSE_ERRORS as error:
            raise _protocol_error() from error
        if event is None or not isinstance(event.type, str) or not isinstance(event.data, dict):
            raise _protocol_error()
        return event

    def describe(self) -> dict[str, Any]:
        """What the server says it offers, unchecked; ServerError."""
        self.send(Describe())
        while (event := self.receive()).type != "info":
            pass
        return event.data

    def _connected(self, at: Sequence[SocketAddress]) -> socket.socket:
        last: OSError | None = None
        for family, place in at:
            made = socket.socket(family, socket.SOCK_STREAM)
            try:
                made.settimeout(min(CONNECT_SECONDS, self._seconds_left()))
                made.connect(place)
                made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError as error:
                made.close()
                last = error
            else:
                return made
        raise ServerError("it has no address") if last is None else _server_error(last)

    def _seconds_left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise LateError("it does not answer in time")
        return left

    def _read_line(self) -> bytes:
        searched = 0
        while (end := self._received.find(b"\n", searched)) < 0:
            searched = len(self._received)
            if searched > _MAX_LINE:
                raise _protocol_error()
            self._fill()
        return self._taken(end + 1)

    def _read(self, size: int) -> bytes:
        while len(self._received) < size:
            self._fill()
        return self._taken(size)

    def _taken(self, size: int) -> bytes:
        taken = bytes(self._received[:size])
        del self._received[:size]
        return taken

    def _fill(self) -> None:
        try:
            self._socket.settimeout(self._seconds_left())
            piece = self._socket.recv(_PIECE)
        except OSError as error:
            raise _server_error(error) from error
        if not piece:
            raise ServerError("it hung up")
        self._bytes += len(piece)
        if self._bytes > _MAX_ALL:
            raise ServerError("it sends without end")
        self._received += piece


def _json_object(text: bytes) -> dict[str, Any]:
    try:
        table = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _protocol_error() from error
    if not isinstance(table, dict):
        raise _protocol_error()
    return table


def _size(head: dict[str, Any], name: str, most: int) -> int:
    size = head.get(name)
    if size is None:
        return 0
    if not isinstance(size, int) or not 0 <= size <= most:
        raise _protocol_error()
    return size


def _protocol_error() -> ServerError:
    return ServerError("what it sends is not Wyoming's protocol")


def _server_error(error: OSError) -> ServerError:
    if isinstance(error, TimeoutError):
        return LateError("it does not answer in time")
    return ServerError((error.strerror or str(error)).lower())
