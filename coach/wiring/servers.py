"""Joins the Wyoming servers that hear and speak for a session, if settings hold their addresses.

Law: nothing is sent to a server unless a setting names it, and then a line at the start says so. Functions load the
modules of servers when they are called, because few people use a server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event as Flag
from threading import Lock
from typing import TYPE_CHECKING

from coach.adapters.wyoming.address import Address, is_address, parse
from coach.events import Event, HelperFound, HelperLost, SessionStarted
from coach.language.acceptance import content_words
from coach.language.grammar import Grammar
from coach.ports import HearingError, Observed, Observer, Recognizer, VoiceError, WorldError
from coach.settings import Hearing, Settings
from coach.wiring.recognizers import Warn

if TYPE_CHECKING:
    from coach.adapters.recognition.helped_recognizer import SecondEar
    from coach.adapters.wyoming.recognizer import WyomingSecondEar
    from coach.adapters.wyoming.server import Server
    from coach.adapters.wyoming.voice import WyomingSynthesizer


@dataclass(frozen=True, slots=True)
class RemoteVoice:
    """A server that speaks, and the engine that asks the server."""

    engine: WyomingSynthesizer
    server: Server


def find_second_ear(hearing: Hearing, warn: Warn, *, files: bool = False) -> WyomingSecondEar | None:
    """The server that is asked about uncertain utterances; None: the setting names no server. HearingError: the
    server can never hear.

    `files`: recordings are heard. Then the server must be reachable now (else HearingError, too), and may take longer.
    """
    if not is_address(hearing.engine):
        return None
    from coach.adapters.recognition.helped_recognizer import FILE_PATIENCE_SECONDS, PATIENCE_SECONDS
    from coach.adapters.wyoming.recognizer import WyomingSecondEar

    seconds = FILE_PATIENCE_SECONDS if files else PATIENCE_SECONDS
    second_ear = WyomingSecondEar(_address(hearing.engine, HearingError), seconds)
    _find(second_ear.server, HearingError, "another --engine", None if files else warn)
    warn(f"what is said here is sent to {second_ear.server.address}, if this computer does not understand it")
    return second_ear


def with_second_ear(
    local: Recognizer, second_ear: SecondEar | None, urgent: Iterable[str], grammar: Grammar, *, waits: bool = False
) -> Recognizer:
    """The recogniser of this computer, which asks the second ear; None: the recogniser itself.

    `urgent`: safety phrases, reported at once without asking. `waits`: sound is from files, so answers are waited for.
    """
    if second_ear is None:
        return local
    from coach.adapters.recognition.helped_recognizer import HelpedRecognizer

    def alike(text: str, other: str) -> bool:
        return content_words(text) == content_words(other) or grammar.means_same(text, other)

    return HelpedRecognizer(local, second_ear, urgent, alike, waits=waits)


def remote_voice(name: str, rate: int, folder: Path, warn: Warn) -> RemoteVoice | None:
    """The server that speaks; None: the setting names no server. VoiceError: the server can never speak.

    `rate`: of the engine's clips, whatever the server's rate is. `folder`: where each server's identity is kept, so
    that lines rendered before can be said while a server is gone.
    """
    if not is_address(name):
        return None
    from coach.adapters.wyoming.voice import WyomingSynthesizer, keep_identity

    server = _voice_server(_address(name, VoiceError))
    identity = keep_identity(folder, server.address, _find(server, VoiceError, "another --voice", warn))
    warn(f"what the coach says is rendered by {server.address}: its words are sent there")
    return RemoteVoice(WyomingSynthesizer(server, rate, identity), server)


@contextmanager
def look_after(
    servers: Iterable[Server | None], put: Callable[[Event], None], now: Callable[[], float]
) -> Iterator[Observer]:
    """Post events when a server is lost, and when all are back, from the first session on: the observer that is yielded
    sees it begin. The servers are closed at the end.
    """
    known = [server for server in servers if server is not None]
    begun, lock = Flag(), Lock()
    gone: set[str] = set()

    def watch_servers(observed: Observed) -> None:
        if isinstance(observed, SessionStarted) and not begun.is_set():
            begun.set()
            for server in known:
                server.watch(partial(on_change, server))

    def on_change(server: Server, reason: str | None) -> None:
        with lock:
            if reason is not None:
                gone.add(server.label)
                put(HelperLost(now(), f"{server.label} {server.address}: {reason}"))
                return
            gone.discard(server.label)
            if not gone:
                put(HelperFound(now()))

    try:
        yield watch_servers
    finally:
        for server in known:
            server.close()


def try_servers(settings: Settings) -> Iterator[tuple[bool, str]]:
    """Try each server that the settings name. Yields whether it can be used, and a line for people."""
    if is_address(settings.hearing.engine):
        yield _try_server(settings.hearing.engine, _second_ear_server)
    if is_address(settings.voice):
        yield _try_server(settings.voice, _voice_server)


def _try_server(name: str, server_at: Callable[[Address], Server]) -> tuple[bool, str]:
    from coach.adapters.wyoming.client import ServerError

    try:
        server = server_at(parse(name))
    except ValueError as error:
        return False, str(error)
    try:
        who, took = server.find(), server.attempt()
    except ServerError as error:
        return (
            False,
            f"{server.label} {server.address}: {error}; start it or name another, until then the coach does without",
        )
    return True, f"{server.label} {server.address} ({who}) did a test in {took:.2f} s"


def _second_ear_server(address: Address) -> Server:
    from coach.adapters.wyoming.recognizer import WyomingSecondEar

    return WyomingSecondEar(address).server


def _voice_server(address: Address) -> Server:
    from coach.adapters.wyoming.server import Server
    from coach.adapters.wyoming.voice import AHEAD_TIMEOUT_S, try_voice

    return Server(address, "tts", try_voice, AHEAD_TIMEOUT_S)


def _address(name: str, error_class: type[WorldError]) -> Address:
    try:
        return parse(name)
    except ValueError as error:
        raise error_class(str(error)) from error


def _find(server: Server, error_class: type[WorldError], instead: str, warn: Warn | None) -> str:
    """The server's identity; empty: the server is not reachable yet, and `warn` was called. Raises `error_class` if the
    server can never serve, or, without `warn`, if it is not reachable. `instead`: what people may choose instead.
    """
    from coach.adapters.wyoming.client import ServerError
    from coach.adapters.wyoming.server import WrongServerError

    try:
        return server.find()
    except WrongServerError as error:
        raise error_class(f"the server {server.address} is of no use: {error}; choose {instead}") from error
    except ServerError as error:
        if warn is None:
            raise error_class(f"no server at {server.address}: {error}; start it, or choose {instead}") from error
        warn(f"no server at {server.address}: {error}; is it running? until it is, this computer does without")
        return ""
