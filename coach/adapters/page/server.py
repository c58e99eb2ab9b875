"""The server of the page, joined to a live session: a thread with its own event loop.

Law: the session's thread never waits for the server. It only replaces a view (`streams.py`).
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Thread

from uvicorn import Config, Server

from coach.adapters.page.access import Access, is_loopback
from coach.adapters.page.app import app
from coach.adapters.page.protocol import MAX_CONNECTIONS, MAX_HEADER_BYTES, PATIENCE_S, BoundedProtocol
from coach.adapters.page.streams import Streams
from coach.adapters.page.token import TokenFile, token_file
from coach.ports import Observer, SessionAccess, WorldError
from coach.settings import Page

SOURCE = "page"
END_S = 1
"""Seconds that responses under way may still take when the coach ends."""


@contextmanager
def page_server(page: Page, report: Callable[[str], None], session: SessionAccess) -> Iterator[Observer]:
    """Serves the page while it is entered. Raises WorldError if that fails. `report`: takes the page's address."""
    listening = _listening(page)
    address, port = listening.getsockname()[:2]
    try:
        token = None if is_loopback(address) else TokenFile(token_file())
        report(page_address(address, port, token, page.names))
    except WorldError:
        listening.close()
        raise
    access = Access(port, token, page.names)
    streams = Streams(session.now, lambda: token is not None and token.has_changed())
    application = app(access, streams, lambda words: session.request(words, SOURCE))
    server = Server(
        Config(
            application,
            http=BoundedProtocol,
            ws="none",
            loop="asyncio",
            lifespan="off",
            interface="asgi3",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            limit_concurrency=MAX_CONNECTIONS + 1,
            timeout_keep_alive=int(PATIENCE_S),
            timeout_graceful_shutdown=END_S,
            h11_max_incomplete_event_size=MAX_HEADER_BYTES,
        )
    )
    log = logging.getLogger("uvicorn.error")
    log.setLevel(logging.ERROR)
    log.addFilter(_is_our_bug)
    thread = Thread(target=lambda: asyncio.run(_serve(server, streams, listening)), name="page", daemon=True)
    thread.start()
    try:
        yield streams.observe
    finally:
        server.should_exit = True
        streams.close()
        thread.join()


async def _serve(server: Server, streams: Streams, listening: socket.socket) -> None:
    sending = asyncio.create_task(streams.run())
    await server.serve([listening])
    streams.close()
    await sending


def _is_our_bug(record: logging.LogRecord) -> bool:
    """Keeps tracebacks of our own bugs. Drops uvicorn's lines about bad requests and about responses cut at the end."""
    return record.exc_info is not None and not isinstance(record.exc_info[1], asyncio.CancelledError)


def _listening(page: Page) -> socket.socket:
    try:
        found = socket.getaddrinfo(page.address or None, page.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, address = found[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise WorldError(
            f"the page's address {page.address!r} means nothing here ({error.strerror}): {_REMEDY}"
        ) from error
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(MAX_CONNECTIONS)
    except OSError as error:
        listening.close()
        raise WorldError(
            f"the page cannot be served at {page.address} port {page.port} ({error.strerror}): {_REMEDY}"
        ) from error
    return listening


_REMEDY = "set page.port (0: any that is free) or page.address"


def page_address(address: str, port: int, token: TokenFile | None, names: Sequence[str] = ()) -> str:
    """Returns the address to open in a browser. The token stands behind the #; a browser never sends that part.

    `names`: other names that lead to the page; the returned address has the first one.
    """
    shown = _own_address() if address in ("0.0.0.0", "::") else address
    host = names[0] if names else f"[{shown}]" if ":" in shown else shown
    return f"http://{host}:{port}/{'' if token is None else f'#token={token.read_or_make()}'}"


def _own_address() -> str:
    """Returns the address of this computer in its network; without a network, its name."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # Nothing is sent: the system only chooses the address that it would send from.
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return f"{socket.gethostname().partition('.')[0]}.local"
