"""Uvicorn's HTTP connection, with limits that uvicorn lacks.

Law: a connection is cut after `PATIENCE_S` if the client sends no complete request, or does not read the response.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from asyncio import TimerHandle
from contextlib import suppress

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

MAX_CONNECTIONS = 72
"""56 streams, and room for the requests beside them. A further connection gets the response 503."""
_MAX_OPEN = 2 * MAX_CONNECTIONS
"""Beyond this number a further connection is closed without a response."""
PATIENCE_S = 5.0
"""Seconds that a client may take to send a request, or to read what was sent."""
MAX_HEADER_BYTES = 8192
"""Bytes of a request's first line and headers together."""
_BUFFER_BYTES = 16384
"""Bytes that may wait for a slow client, in asyncio and in the kernel, which doubles it."""
_NO_LINGER = struct.pack("ii", 1, 0)
"""Value of SO_LINGER with which closing a socket throws away what was not sent."""
_VANISHED_MS = 10_000
"""Milliseconds until the kernel gives up a phone that has left the network. The default is about 15 minutes."""


class BoundedProtocol(H11Protocol):
    """One connection of a client."""

    _request_due: TimerHandle | None = None
    """Cuts the connection if no complete request has arrived."""
    _reading_due: TimerHandle | None = None
    """Cuts the connection if the client has not read what was sent."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has connected."""
        super().connection_made(transport)
        if len(self.connections) > _MAX_OPEN:
            transport.abort()
            return
        transport.set_write_buffer_limits(high=_BUFFER_BYTES)
        sock = transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER_BYTES)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _VANISHED_MS)
        self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has ended."""
        self._cancel_request_due()
        super().connection_lost(exc)
        if self._reading_due is not None:
            self._reading_due.cancel()

    def data_received(self, data: bytes) -> None:
        """A part of a request has arrived, or all of it."""
        super().data_received(data)
        if self._answering:
            self._cancel_request_due()

    def on_response_complete(self) -> None:
        """The response is complete. Now the next request must arrive in time, or the connection must end in time."""
        super().on_response_complete()
        # The next request may have arrived already.
        if not self._answering:
            self._await_request()

    def pause_writing(self) -> None:
        """The client reads too slowly."""
        super().pause_writing()
        self._reading_due = self.loop.call_later(PATIENCE_S, self._cut_off)

    def resume_writing(self) -> None:
        """The client has caught up."""
        super().resume_writing()
        if self._reading_due is not None:
            self._reading_due.cancel()
            self._reading_due = None

    def send_400_response(self, msg: str) -> None:
        """The request is not valid HTTP. In the middle of another response the connection can only be cut."""
        if not self._answering and self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            super().send_400_response(msg)
        else:
            self.transport.abort()

    @property
    def _answering(self) -> bool:
        """A request has arrived, and its response is not complete."""
        return self.cycle is not None and not self.cycle.response_complete

    def _cut_off(self) -> None:
        """Ends the connection at once. The kernel throws away what waits to be sent."""
        sock = self.transport.get_extra_info("socket")
        with suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self.transport.abort()

    def _await_request(self) -> None:
        self._cancel_request_due()
        self._request_due = self.loop.call_later(PATIENCE_S, self._cut_off)

    def _cancel_request_due(self) -> None:
        if self._request_due is not None:
            self._request_due.cancel()
            self._request_due = None
