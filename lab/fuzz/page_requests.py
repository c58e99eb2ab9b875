"""Requests to the page: whole, broken and lying ones, of strangers and of whoever has the token.

Law: a stranger reads nothing of the session and does nothing; nobody makes the server fail, hang or print.
"""

from __future__ import annotations

import atexit
import logging
import re
import socket
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from random import Random
from select import select
from tempfile import TemporaryDirectory
from typing import TypeVar

import pytest

from coach.commands import ListenFor
from coach.page.buttons import BUTTONS
from coach.ports import WorldError
from coach.settings import Page
from coach.snapshot import PlannedSet, Snapshot, SpokenLine
from lab.fuzz.changes import changed
from lab.rigs.corner import Served, served

T = TypeVar("T")
SECRET = b"Nobody else shall read this"
QUIET_S = 0.03
"""An answer that comes at all comes sooner; later ones only say less."""
PATIENCE_S = 20
"""Longer than the server waits for anybody."""
_METHODS = ("GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "get", "G\xcbT", "PRI", "")
_PATHS = (
    *("/", "/events", "/press", "/enter", "/page.js", "/page.css", "/icon.svg", "/state", "*", "", "events"),
    *("/../page-token", "/%2e%2e/page-token", "/events/", "//events", "/Events", "/events?token=TOKEN", "/events%00"),
    *("/press/../events", "/\xff", "/%ff%fe", "http://HOST/events", "http://evil.example/events", "/" + "a" * 9000),
    *("/events;x", "/events#x", "/page.js/../../page_token.py", "/static/", "/.git/config", "/events\r\nX: y"),
)
_HOSTS = (
    "HOST",
    "HOST",
    "HOST",
    "evil.example",
    "localhost:1",
    "HOST, HOST",
    "[::1]:80",
    "",
    "\xff",
    "a" * 300,
    "HOST.",
)
_ORIGINS = (
    "http://HOST",
    "http://HOST",
    None,
    "null",
    "http://evil.example",
    "https://HOST",
    "http://HOST.evil",
    "\xff",
)
_TYPES = ("application/json", None, "text/plain", "application/json; charset=utf-16", "a/b;" * 99)
_COOKIES = (
    "coach-PORT=TOKEN",
    *(
        None,
        None,
        None,
        "coach-PORT=",
        "coach-PORT=x",
        "coach-PORT=" + "x" * 43,
        "coach-PORT=\xe9",
        "=;=;",
        "coach-PORT",
    ),
)
_VERSIONS = ("HTTP/1.1", "HTTP/1.0", "HTTP/2", "HTTP/0.9", "HTTP/1.1 ", "")
_BODIES = (
    *(b'{"button": "Stop"}', b'{"button": "StartSet"}', b'{"token": "x"}', b"{}", b"[]", b"null", b"", b"[" * 499),
    *(b'{"button": {}}', b'{"button": "\\ud800"}', b'{"token": "\\ud800"}', b'{"token": "\xff"}', b'{"token": 1e999}'),
    *(b'{"button": "Stop", "button": 1}', b"9" * 511, b"x" * 600, b"x" * 70_000, b'\xef\xbb\xbf{"button": "Stop"}'),
    *(b'{"token": "' + b"a" * 490 + b'"}', "{'button': 'Stop'}".encode("utf-16"), b'{"token": null}'),
)
_MORE = (
    *("Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-origin", "Expect: 100-continue", "Upgrade: websocket"),
    *("Connection: Upgrade", "Connection: close", "Transfer-Encoding: gzip", "Range: bytes=0-", "Content-Encoding: br"),
    *("X-Forwarded-For: 127.0.0.1", "X-Forwarded-Host: HOST", "Authorization: Bearer x", "Host: HOST", "Origin: x"),
    *(
        "Content-Length: 5",
        "Content-Length: -1",
        "Content-Length: 99999999999999999999",
        "X: " + "y" * 9000,
        ": x",
        " x",
    ),
    *("Cookie: " + "; ".join(f"a{number}=b" for number in range(99)), "Accept: \x00", "X" * 9000, "Upgrade: h2c"),
)


def make_requests(chance: Random) -> bytes:
    """A request; HOST, PORT and TOKEN stand for those of the server."""
    content = _request(chance)
    if chance.random() < 0.3:
        content = changed(content, [_request(chance)], chance)
    if chance.random() < 0.1:
        content += _request(chance)
    # Most are strangers.
    return content if chance.random() < 0.3 else content.replace(b"TOKEN", b"t" * 43)


def _request(chance: Random) -> bytes:
    """Most of it as it should be."""

    def one_of(values: tuple[T, ...]) -> T:
        return values[0] if chance.random() < 0.8 else chance.choice(values)

    body = chance.choice(_BODIES[:3]) if chance.random() < 0.6 else chance.choice(_BODIES)
    likely = chance.random() < 0.8
    path = chance.choice(_PATHS[:4] if likely else _PATHS)
    sends = path in ("/press", "/enter")
    method = ("POST" if sends else "GET") if likely else chance.choice(_METHODS)
    headers = [f"Host: {one_of(_HOSTS)}"]
    for name, values in (("Origin", _ORIGINS), ("Content-Type", _TYPES), ("Cookie", _COOKIES)):
        value = one_of(values)
        if value is not None and (sends or chance.random() < 0.5):
            headers.append(f"{name}: {value}")
    headers += chance.sample(_MORE, one_of((0, 0, 1, 3)))
    if chance.random() < 0.2:
        headers.append("Transfer-Encoding: chunked")
        size = one_of((f"{len(body):x}", "ffffffffffffffff", "-1", "g", "0"))
        body = size.encode() + b"\r\n" + body + one_of((b"\r\n0\r\n\r\n", b"\r\n", b""))
    elif sends or chance.random() < 0.2:
        headers.append(f"Content-Length: {len(body) + one_of((0, 1, -1, 10**6))}")
    else:
        body = b""
    end = "\n" if chance.random() < 0.03 else "\r\n"
    head = end.join([f"{method} {path} {one_of(_VERSIONS)}".rstrip(), *headers, "", ""])
    return head.encode("latin-1") + body


def send_requests(path: Path, chance: Random) -> None:
    """Send what stands in the file; WorldError: it was refused. AssertionError: it must not have come to this."""
    page, printed = _page()
    content = path.read_bytes()
    stranger = b"TOKEN" not in content
    for name, value in (("HOST", page.host), ("PORT", str(page.port)), ("TOKEN", page.token)):
        content = content.replace(name.encode(), value.encode())
    before = len(page.requests)
    with socket.socket() as sock:
        sock.settimeout(PATIENCE_S)
        # Each case is another client, so that no rate hides what would come.
        sock.bind((f"127.{chance.randrange(1, 255)}.{chance.randrange(256)}.{chance.randrange(1, 255)}", 0))
        sock.connect(("127.0.0.1", page.port))
        answer = _answer(sock, content)
    assert not printed, printed
    assert b"Traceback" not in answer
    assert b"page-token" not in answer
    assert {words for words, _ in page.requests[before:]} <= {button.words for button in BUTTONS.values()}
    if stranger:
        assert SECRET not in answer
        assert page.token.encode() not in answer
        assert len(page.requests) == before, page.requests[before:]
    statuses = [int(status) for status in re.findall(rb"^HTTP/1\.1 (\d+) ", answer, re.MULTILINE)]
    assert all(status < 500 or status == 503 for status in statuses), statuses
    if not any(200 <= status < 300 for status in statuses):
        raise WorldError(f"refused: {statuses}")


def _answer(sock: socket.socket, content: bytes) -> bytes:
    """All that comes back until the other side ends it."""
    answer = b""
    try:
        sock.sendall(content)
        # Whoever ends his side before the answer is here gets none.
        while select([sock], [], [], QUIET_S)[0] and (some := sock.recv(1 << 16)):
            answer += some
        sock.shutdown(socket.SHUT_WR)
        while some := sock.recv(1 << 16):
            answer += some
    except OSError as error:
        assert not isinstance(error, TimeoutError), "the server neither answers nor ends it"
        # It was refused before it was sent to the end.
        return answer
    return answer


@cache
def _page() -> tuple[Served, list[str]]:
    """A page for the whole network, and what its server logged; it ends with the process."""
    stack = ExitStack()
    atexit.register(stack.close)
    folder = stack.enter_context(TemporaryDirectory())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", folder)
        page = stack.enter_context(served(Page(True, "0.0.0.0", 0)))
    page.address = f"http://127.0.0.1:{page.port}/#token={page.token}"
    page.show(ListenFor(frozenset(BUTTONS)))
    line = SpokenLine(SECRET.decode(), 0.0, 4.0)
    plan = PlannedSet(10, 3, 90, "4-1-2-0", 82.5, "kg")
    page.show(Snapshot(0.0, "ready", 1, 0, 0, None, plan, (line,), None, False))
    printed: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            printed.append(self.format(record))

    for name in ("uvicorn.error", "asyncio"):
        logging.getLogger(name).addHandler(Kept())
    return page, printed
