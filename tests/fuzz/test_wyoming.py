"""A server that sends anything: the result is an answer or one `ServerError`, soon, and little of it is kept."""

from __future__ import annotations

import json
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from io import BytesIO
from random import Random

import numpy as np
import pytest
from wyoming.event import Event, write_event

from coach.adapters.wyoming import client as wyoming_client
from coach.adapters.wyoming.address import Address
from coach.adapters.wyoming.client import Connection, ServerError
from coach.adapters.wyoming.recognizer import transcribe
from coach.adapters.wyoming.server import Server, WrongServerError
from coach.adapters.wyoming.voice import synthesize
from lab.fuzz.changes import changed

BUDGET_S = 0.2
"""Seconds that an exchange may take."""
Answer = Callable[[socket.socket], None]

_FORM = {"rate": 22050, "width": 2, "channels": 1}
_START = Event("audio-start", _FORM)
_STOP = Event("audio-stop", {})
_CHUNK = Event("audio-chunk", _FORM, bytes(2000))


class Hostile:
    """Listens on this computer; a test decides what each connection is sent."""

    def __init__(self) -> None:
        self._listens = socket.create_server(("127.0.0.1", 0))
        self.answer: Answer = lambda _: None
        self.at = [(socket.AF_INET, self._listens.getsockname())]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                one, _ = self._listens.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(one, self.answer), daemon=True).start()

    @staticmethod
    def _answer(one: socket.socket, answer: Answer) -> None:
        with one:
            try:
                answer(one)
                # If something is unread, the system would throw away what was sent.
                one.shutdown(socket.SHUT_WR)
                one.settimeout(2)
                while one.recv(1 << 16):
                    pass
            except OSError:
                # The coach has hung up.
                return

    def close(self) -> None:
        self._listens.close()


@pytest.fixture(scope="module")
def hostile() -> Iterator[Hostile]:
    server = Hostile()
    yield server
    server.close()


def _written(*events: Event) -> bytes:
    written = BytesIO()
    for event in events:
        write_event(event, written)
    return written.getvalue()


def _uses() -> list[Callable[[Connection], object]]:
    return [
        lambda connection: transcribe(connection, np.zeros(1600, np.int16)),
        lambda connection: synthesize(connection, "Brace."),
        lambda connection: connection.describe(),
    ]


def _told(hostile: Hostile, use: Callable[[Connection], object]) -> str:
    """The error of a use of the connection; empty: none was raised."""
    try:
        with Connection(hostile.at, BUDGET_S) as connection:
            use(connection)
    except ServerError as fault:
        return str(fault)
    return ""


GOOD = {
    "transcript": _written(Event("transcript", {"text": "Start set."})),
    "speech": _written(_START, _CHUNK, _CHUNK, _STOP),
    "info": _written(Event("info", {"asr": [{"name": "a", "version": "1"}], "tts": []})),
}


@pytest.mark.parametrize("name", GOOD)
def test_changed_answers(hostile: Hostile, name: str) -> None:
    for number in range(150):
        sent = changed(GOOD[name], [*GOOD.values()], Random(f"{name} {number}"))
        hostile.answer = lambda one, sent=sent: one.sendall(sent)  # type: ignore[misc]
        for use in _uses():
            assert "\n" not in _told(hostile, use)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (b"", "it hung up"),
        (b"\n", "not Wyoming"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "not Wyoming"),
        (b"[]\n", "not Wyoming"),
        (b"{}\n", "not Wyoming"),
        (b'{"type": 3}\n', "not Wyoming"),
        (b'{"type": "transcript", "data": []}\n', "not Wyoming"),
        (b'{"type": "transcript", "data": null}\n', "not Wyoming"),
        (b'{"type": "transcript", "data_length": 2}\n[]', "not Wyoming"),
        (b'{"type": "transcript", "data_length": -1}\n', "not Wyoming"),
        (b'{"type": "transcript", "data_length": 1e9}\n', "not Wyoming"),
        (b'{"type": "transcript", "data_length": 99999999}\n', "not Wyoming"),
        (b'{"type": "transcript", "payload_length": 99999999}\n', "not Wyoming"),
        (b'{"type": "transcript", "payload_length": 9}\n', "it hung up"),
        (b"[" * 60_000 + b"\n", "not Wyoming"),
        (b'{"type": ' + b"9" * 60_000 + b"}\n", "not Wyoming"),
        (b"\xff\xfe\x00" * 9 + b"\n", "not Wyoming"),
        (b"x" * 100_000, "not Wyoming"),
        (_written(Event("transcript", {"text": 3})), "its transcript is not a text"),
        (_written(Event("transcript", {})), "its transcript is not a text"),
        (_written(Event("transcript", {"text": "a" * 501})), "its transcript is not a text"),
        (_written(Event("error", {"text": "no\nmodel"})), "it cannot transcribe"),
    ],
)
def test_what_is_no_transcript(hostile: Hostile, sent: bytes, told: str) -> None:
    hostile.answer = lambda one: one.sendall(sent)
    assert told in _told(hostile, _uses()[0])


@pytest.mark.parametrize(
    ("events", "told"),
    [
        ((_CHUNK, _START, _STOP), "its sound changes its format"),
        ((_STOP,), "its sound has no beginning"),
        ((_START, _START), "its sound has no beginning or two"),
        ((Event("audio-start", {}),), "it speaks at None Hz"),
        ((Event("audio-start", _FORM | {"rate": "1\n2\x1b"}),), r"it speaks at '1\n2\x1b' Hz"),
        ((Event("audio-start", _FORM | {"rate": 10**9}),), "it speaks at 1000000000 Hz"),
        ((Event("audio-start", _FORM | {"width": 4}),), "not of 16 bits"),
        ((Event("audio-start", _FORM | {"channels": 0}),), "not of 16 bits"),
        ((_START, Event("audio-chunk", _FORM | {"rate": 8000}, b"xx")), "its sound changes its format"),
        ((_START, Event("audio-chunk", _FORM, b"xxx")), "breaks off within a sample"),
        ((_START, *[_CHUNK] * 300, _STOP), "it speaks without end"),
        ((Event("error", {"text": "no voice"}),), "it cannot speak"),
    ],
)
def test_what_is_no_speech(hostile: Hostile, events: tuple[Event, ...], told: str) -> None:
    hostile.answer = lambda one: one.sendall(_written(*events))
    assert told in _told(hostile, _uses()[1])


def _forever(one: socket.socket, piece: bytes, pause: float = 0.0) -> None:
    end = time.monotonic() + 5
    while time.monotonic() < end:
        one.sendall(piece)
        time.sleep(pause)


@pytest.mark.parametrize(
    ("piece", "pause"),
    [
        (b"", 0.05),
        (b"x", 0.01),
        (_written(Event("ping", {})), 0.0),
        (_written(Event("ping", {}, bytes(500_000))), 0.0),
        (b" " * 60_000, 0.0),
        (_written(_START) + b'{"type": "audio-chunk", "payload_length": 1000000}\n', 0.1),
    ],
)
def test_what_never_ends_is_over_soon_and_costs_no_memory(hostile: Hostile, piece: bytes, pause: float) -> None:
    hostile.answer = lambda one: _forever(one, piece, pause)
    tracemalloc.start()
    began = time.monotonic()
    assert _told(hostile, _uses()[1])
    # A time-out for a busy machine; the budget is a fifth of a second.
    assert time.monotonic() - began < 3
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20e6


def test_what_is_sent_is_not_waited_for_for_ever(hostile: Hostile) -> None:
    """A server that reads nothing: the pipe to it fills up."""
    hostile.answer = lambda _: time.sleep(2)
    sound = np.zeros(16_000 * 600, np.int16)
    assert "does not answer in time" in _told(hostile, lambda connection: transcribe(connection, sound))


def test_as_much_as_a_server_may_send_is_taken(hostile: Hostile) -> None:
    info = {"tts": [{"name": "n" * 100, "version": "1"}] * 2000}
    hostile.answer = lambda one: one.sendall(_written(Event("info", info)))
    with Connection(hostile.at, 5.0) as connection:
        assert connection.describe() == json.loads(json.dumps(info))
    assert wyoming_client._MAX_DATA > 200_000


@pytest.mark.parametrize(
    ("info", "told"),
    [
        ({"asr": [{"name": "a\n\ud800\x1b", "version": ["1"]}]}, "a??? ['1']"),
        ({"asr": [{}]}, " "),
        ({"asr": [{"name": "n" * 900, "version": "v" * 900}]}, f"{'n' * 80} {'v' * 80}"),
    ],
)
def test_who_a_server_says_it_is_may_be_written_anywhere(hostile: Hostile, info: dict[str, object], told: str) -> None:
    line = json.dumps({"type": "info", "data": info}).encode() + b"\n"
    hostile.answer = lambda one: one.sendall(line)
    assert _server(hostile).find() == told


@pytest.mark.parametrize("info", [{}, {"asr": []}, {"asr": {}}, {"asr": 3}, {"asr": [3]}, {"a\nsr": [{}], "tts": [1]}])
def test_a_server_that_offers_nothing_that_is_wanted(hostile: Hostile, info: dict[str, object]) -> None:
    hostile.answer = lambda one: one.sendall(_written(Event("info", info)))
    with pytest.raises(WrongServerError, match="it offers no asr, only") as error:
        _server(hostile).find()
    assert "\n" not in str(error.value)


def _server(hostile: Hostile) -> Server:
    return Server(Address(*hostile.at[0][1]), "asr", lambda _: None, 1.0)
