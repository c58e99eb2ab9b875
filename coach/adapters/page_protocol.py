"""HTTP for the page, as uvicorn speaks it, with bounds that uvicorn does not have.

Law: a connection that sends no whole request, or does not read what it is sent, is ended after `PATIENCE_S`.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from asyncio import TimerHandle
from contextlib import suppress

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

MOST_CONNECTIONS = 72
"""Fifty pages, each with a request of its own beside what it listens to now and then. One more is told 503."""
_MOST_AT_ALL = 2 * MOST_CONNECTIONS
"""From then on nobody is told anything."""
PATIENCE_S = 5.0
MOST_HEADER = 8192
"""Bytes of a request's first line and headers."""
_BUFFER = 16384
"""Bytes that wait for a client that reads slowly: some messages; the kernel doubles it."""
_AT_ONCE = struct.pack("ii", 1, 0)
_VANISHED_MS = 10_000
"""A phone that left the network answers nothing: the kernel gives up after so long, not after a quarter of an hour."""


class BoundedProtocol(H11Protocol):
    """One connection."""

    _request_due: TimerHandle | None = None
    _reading_due: TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody connects."""
        super().connection_made(transport)
        if len(self.connections) > _MOST_AT_ALL:
            transport.abort()
            return
        transport.set_write_buffer_limits(high=_BUFFER)
        sock = transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _BUFFER)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _VANISHED_MS)
        self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        self._cancel_request_due()
        super().connection_lost(exc)
        if self._reading_due is not None:
            self._reading_due.cancel()

    def data_received(self, data: bytes) -> None:
        """Some of a request, or all of it."""
        super().data_received(data)
        if self._answering:
            self._cancel_request_due()

    def on_response_complete(self) -> None:
        """The next request is waited for, or the rest of the answer is on its way."""
        super().on_response_complete()
        # The next one may have been there already.
        if not self._answering:
            self._await_request()

    def pause_writing(self) -> None:
        """The client does not read."""
        super().pause_writing()
        self._reading_due = self.loop.call_later(PATIENCE_S, self._cut_off)

    def resume_writing(self) -> None:
        """It does."""
        super().resume_writing()
        if self._reading_due is not None:
            self._reading_due.cancel()
            self._reading_due = None

    def send_400_response(self, msg: str) -> None:
        """To what is no HTTP; in the middle of an answer there is no room for another."""
        if not self._answering and self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            super().send_400_response(msg)
        else:
            self.transport.abort()

    @property
    def _answering(self) -> bool:
        """A request is here, and its answer is not over."""
        return self.cycle is not None and not self.cycle.response_complete

    def _cut_off(self) -> None:
        """At once: what waits to be sent is thrown away, by the kernel too."""
        sock = self.transport.get_extra_info("socket")
        with suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        self.transport.abort()

    def _await_request(self) -> None:
        self._cancel_request_due()
        self._request_due = self.loop.call_later(PATIENCE_S, self._cut_off)

    def _cancel_request_due(self) -> None:
        if self._request_due is not None:
            self._request_due.cancel()
            self._request_due = None
