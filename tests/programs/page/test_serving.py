"""The page as it is served: who gets in, and how much anybody may ask. See `lab/fuzz/page_requests.py`."""

from __future__ import annotations

import json
import socket
import struct
import subprocess
import sys
import threading
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest

from coach import cli
from coach.adapters.page import protocol as page_protocol
from coach.adapters.page.app import MAX_BODY_BYTES
from coach.adapters.page.protocol import MAX_CONNECTIONS
from coach.adapters.page.streams import MAX_PAGES
from coach.ports import SessionAccess, WorldError
from coach.settings import Page, Settings
from coach.snapshot import SpokenLine
from coach.wiring.links import links
from lab.rigs.corner import Served, served
from tests.programs.page.shown import SECRET, everywhere, show, snapshot, wait_until


def test_a_page_for_this_computer_needs_no_token(local: Served) -> None:
    assert "#" not in local.address
    status, headers, content = local.ask("GET", "/")
    assert status == 200
    assert b'data-name="Stop"' in content
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")
    for path in ("/page.js", "/page.css", "/icon.svg"):
        assert local.ask("GET", path)[0] == 200
    assert local.ask("GET", "/events")[0] == 200
    assert local.send("press", button="Louder") == 204
    assert local.requests == [("louder", "page")]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": ""},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Host": "evil.example"},
        {"Host": "evil.example:8377", "Origin": "http://evil.example:8377"},
        {"Content_Type": "text/plain"},
        {"Content_Type": ""},
    ],
)
def test_what_another_page_sends_does_nothing(headers: dict[str, str], local: Served) -> None:
    status, _, content = local.ask("POST", "/press", b'{"button": "Stop"}', **headers)
    assert status in (403, 415)
    assert not local.requests
    assert SECRET.encode() not in content


@pytest.mark.parametrize("headers", [{"Origin": "http://evil.example"}, {"Sec_Fetch_Site": "cross-site"}])
def test_another_page_hears_nothing(headers: dict[str, str], local: Served) -> None:
    assert local.ask("GET", "/events", None, **headers)[0] == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[" * 500, 400),
        (b"[]", 400),
        (b'{"button": ["Stop"]}', 400),
        (b'{"button": "stop the workout"}', 400),
        (b'{"button": "Stop"}' + b" " * MAX_BODY_BYTES, 413),
        (b"\xff\xfe", 400),
    ],
)
def test_what_is_no_button_is_refused(body: bytes, status: int, local: Served) -> None:
    assert local.ask("POST", "/press", body)[0] == status
    assert not local.requests


def test_what_is_not_live_is_refused_but_stop_never_is(local: Served) -> None:
    show(local, live=frozenset())
    assert local.send("press", button="StartSet") == 409
    assert local.send("press", button="Stop") == 204
    assert local.requests == [("stop", "page")]


def test_commands_come_at_a_rate_and_stop_has_its_own() -> None:
    with served() as page:
        show(page)
        answers = [page.send("press", button="Louder") for _ in range(25)]
        assert answers[:10] == [204] * 10
        assert 429 in answers
        assert page.send("press", button="Stop") == 204


def test_without_the_token_nobody_reads_or_does_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with everywhere() as page:
        for cookie in ("", f"coach-{page.port}=", f"coach-{page.port}={'x' * 43}", f"coach={page.token}"):
            assert page.ask("GET", "/events", Cookie=cookie)[0] == 403
            assert page.ask("POST", "/press", b'{"button": "Stop"}', Cookie=cookie)[0] == 403
        assert page.ask("GET", f"/events?token={page.token}")[0] == 403
        assert page.send("enter", token="x" * 43) == 403
        assert not page.requests
        status, headers, _ = page.ask("POST", "/enter", json.dumps({"token": page.token}).encode())
        assert status == 204
        cookie = headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert page.ask("GET", "/events", Cookie=cookie.partition(";")[0])[0] == 200
        assert page.ask("POST", "/press", b'{"button": "Stop"}', Cookie=cookie.partition(";")[0])[0] == 204
        guesses = [page.send("enter", token=str(number)) for number in range(20)]
        assert guesses[-1] == 429


# --- bounds


def _connect(page: Served, *, small: bool = False) -> socket.socket:
    sock = socket.socket()
    if small:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    sock.settimeout(20)
    sock.connect(("127.0.0.1", page.port))
    return sock


def _listen(page: Served, *, small: bool = False) -> socket.socket:
    """An open page that has read its first message."""
    sock = _connect(page, small=small)
    sock.sendall(f"GET /events HTTP/1.1\r\nHost: {page.host}\r\n\r\n".encode())
    read = b""
    while b"\n\n" not in read.partition(b"\r\n\r\n")[2] and b" 503 " not in read:
        some = sock.recv(1 << 16)
        assert some
        read += some
    sock.sendall(b"")
    return sock if b" 200 " in read.partition(b"\r\n")[0] else _refused(sock)


def _refused(sock: socket.socket) -> socket.socket:
    sock.close()
    return sock


def test_fifty_pages_and_a_few_and_then_no_more(local: Served) -> None:
    pages = [_listen(local) for _ in range(MAX_PAGES)]
    try:
        assert all(page.fileno() >= 0 for page in pages)
        assert _listen(local).fileno() < 0, "it was told 503"
        assert local.send("press", button="Stop") == 204, "commands have room"
        idle = [_connect(local) for _ in range(MAX_CONNECTIONS - MAX_PAGES)]
        wait_until(lambda: local.ask("GET", "/")[0] == 503)
        for sock in idle:
            sock.close()
        pages.pop().close()
        wait_until(lambda: local.ask("GET", "/events")[0] == 200)
    finally:
        for sock in pages:
            sock.close()


def test_pages_that_are_closed_at_once_take_no_room() -> None:
    with served() as page:
        for number in range(2 * MAX_PAGES):
            with closing(_connect(page)) as sock:
                sock.sendall(f"GET /events HTTP/1.1\r\nHost: {page.host}\r\n\r\n".encode())
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            if number % 20 == 0:
                assert page.ask("GET", "/")[0] == 200
        wait_until(lambda: page.ask("GET", "/events")[0] == 200)
        pages = [_listen(page) for _ in range(MAX_PAGES - 1)]
        assert all(one.fileno() >= 0 for one in pages)
        for one in pages:
            one.close()


def test_half_a_request_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_protocol, "PATIENCE_S", 0.2)
    halves = (b"", b"G", b"GET /events HTTP/1.1\r\nHost:", b"GET / HTTP/1.1\r\nHost: HOST\r\n\r\nGET / HT")
    with served() as page:
        socks = [_connect(page) for _ in halves]
        for sock, half in zip(socks, halves, strict=True):
            sock.sendall(half.replace(b"HOST", page.host.encode()))
        for sock in socks:
            _read_to_the_end(sock)
            assert not _is_open(sock)
            sock.close()


def _read_to_the_end(sock: socket.socket) -> None:
    """However it ends."""
    with suppress(ConnectionError):
        while sock.recv(1 << 16):
            pass


def test_a_page_that_does_not_read_is_cut_off_and_costs_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_protocol, "PATIENCE_S", 0.2)
    monkeypatch.setattr("coach.adapters.page.streams.MIN_INTERVAL_S", 0.0)
    with served() as page, closing(_listen(page, small=True)) as deaf, closing(_listen(page)) as reading:
        until = time.monotonic() + 30
        while _is_open(deaf):
            assert time.monotonic() < until
            for number in range(8):
                page.show(snapshot(page.clock(), state=f"setup.{number}", saying=(SpokenLine("x" * 300, 0, 1),) * 8))
                assert reading.recv(1 << 20)
        assert _is_open(reading)


def _is_open(sock: socket.socket) -> bool:
    """Whether the other side has not ended it; nothing is read."""
    info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)
    return info[0] == 1


def test_it_ends_with_open_pages_and_half_requests() -> None:
    before = threading.active_count()
    with served() as page:
        socks = [_listen(page), _listen(page), _connect(page), _connect(page)]
        socks[-1].sendall(b"POST /press HTTP/1.1\r\nContent-Le")
    for sock in socks:
        _read_to_the_end(sock)
        sock.close()
    assert threading.active_count() == before


def test_a_port_that_is_taken_is_one_line() -> None:
    with served() as page:
        settings = Settings(page=Page(True, port=page.port))
        (link,) = links(settings, print)
        with pytest.raises(WorldError, match=r"page\.port") as error, link(SessionAccess(print, lambda: 0.0)):
            pass
        assert "\n" not in str(error.value)
    (link,) = links(Settings(page=Page(True, "no.such.name.invalid")), print)
    with pytest.raises(WorldError, match=r"page\.address"), link(SessionAccess(print, lambda: 0.0)):
        pass


def test_without_a_page_nothing_of_it_is_loaded() -> None:
    asks = """
import sys
import coach.cli.sessions, coach.wiring.live
from coach.settings import Settings
from coach.wiring.links import links
assert not links(Settings(), print)
print([name for name in ("coach.page", "starlette", "uvicorn", "segno", "h11") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_address_for_a_phone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    phone = ["serve", "--qr", "--address", "0.0.0.0", "--port", "8400"]
    assert cli.main(phone) == 0
    first = capsys.readouterr().out
    assert ":8400/#token=" in first
    assert cli.main(phone) == 0
    assert capsys.readouterr().out == first, "a bookmark goes on working"
    assert cli.main([*phone, "--new-token"]) == 0
    assert capsys.readouterr().out != first
    assert cli.main([*phone, "--set", "page.names=corner.local"]) == 0
    assert capsys.readouterr().out.startswith("http://corner.local:8400/#token=")
    assert cli.main(["serve", "--qr"]) == 1
    assert "this computer only" in capsys.readouterr().err


def test_a_log_is_told_no_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    messages: list[str] = []
    (link,) = links(Settings(page=Page(True, "0.0.0.0", 0)), messages.append)
    with link(SessionAccess(print, lambda: 0.0)):
        (line,) = messages
    assert "token=" not in line
    assert "coach serve --qr" in line
