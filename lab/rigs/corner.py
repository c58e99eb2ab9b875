"""A coach without sound in real time: a real conversation on the real inbox, and a page that is really served."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread

from coach.adapters.live.inbox import LiveInbox
from coach.adapters.page.server import page_server
from coach.commands import ListenFor, Say
from coach.dialogue.conversation import Conversation
from coach.events import Requested, SessionStarted, TimePassed
from coach.language.speaking_time import speaking_time
from coach.ports import Observed, Observer, SessionAccess
from coach.records import Record
from coach.session import Ports, run
from coach.settings import Page
from coach.snapshot import Snapshot
from coach.training.plan import Plan
from lab.rigs.talk import GRAMMAR, PACK, plan_of


class Silence:
    """Ears, voice and journal of a coach without sound."""

    def listen_for(self, wanted: ListenFor) -> None:
        """Nobody is heard."""

    def say(self, line: Say) -> None:
        """Nobody hears."""

    def stop(self, at: float) -> None:
        """It is silent."""

    def drop(self, lines: frozenset[int]) -> None:
        """It is silent."""

    def set_volume(self, decibels: float) -> None:
        """It is silent."""

    def set_pace(self, percent: int) -> None:
        """It is silent."""

    def write(self, record: Record) -> None:
        """It is forgotten."""


class Clock:
    """Session seconds: those since it was made, by the computer's clock."""

    def __init__(self) -> None:
        self._zero = time.monotonic()

    def __call__(self) -> float:
        return time.monotonic() - self._zero


@dataclass
class Served:
    """A page that is served, and what reached the coach."""

    address: str = ""
    """Such as http://127.0.0.1:4711/, with the token where there is one."""
    requests: list[tuple[str, str]] = field(default_factory=list)
    """Words and source, in order."""
    show: Observer = print
    clock: Clock = field(default_factory=Clock)

    @property
    def port(self) -> int:
        return int(self.address.split("/")[2].rpartition(":")[2])

    @property
    def host(self) -> str:
        """As the header has it."""
        return self.address.split("/")[2]

    @property
    def origin(self) -> str:
        return f"http://{self.host}"

    @property
    def token(self) -> str:
        return self.address.partition("#token=")[2]

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """One request as a browser on the page makes it; `headers` with _ for -, "" leaves one out."""
        usual = {"Host": self.host, "Connection": "close"}
        if method == "POST":
            usual |= {"Origin": self.origin, "Content-Type": "application/json"}
        usual |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection(self.host.rpartition(":")[0].strip("[]"), self.port, timeout=20)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in usual.items():
            if value:
                connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        with connection.getresponse() as answer:
            fields = {name.lower(): value for name, value in answer.getheaders()}
            content = b"" if fields.get("content-type", "").startswith("text/event-stream") else answer.read()
            return answer.status, fields, content

    def send(self, path: str, **values: str) -> int:
        """What a page sends; the status."""
        return self.ask("POST", f"/{path}", json.dumps(values).encode())[0]


@contextmanager
def served(page: Page | None = None, reach: SessionAccess | None = None) -> Iterator[Served]:
    """A page without a session: what is shown to it is up to the test."""
    one = Served()
    addresses: list[str] = []
    reach = reach or SessionAccess(lambda text, source: one.requests.append((text, source)), one.clock)
    with page_server(page or Page(True, port=0), addresses.append, reach) as show:
        one.show = show
        (one.address,) = addresses
        yield one


@dataclass
class Corner:
    """A live coach without sound."""

    served: Served
    seen: list[Observed]
    ask: Callable[[str], None]
    """Another program asks for a command."""

    @property
    def state(self) -> str:
        """The latest."""
        states = (one.state for one in reversed(self.seen) if isinstance(one, Snapshot))
        return next(states, "")


@contextmanager
def corner(plan: Plan | None = None, page: Page | None = None) -> Iterator[Corner]:
    """It has greeted, and ends with the block."""
    clock = Clock()
    inbox = LiveInbox(clock)
    reach = SessionAccess(lambda text, source: inbox.put(Requested(clock(), text, source)), clock)
    seen: list[Observed] = []
    with served(page, reach) as one:
        one.clock = clock
        silence = Silence()
        conversation = Conversation(PACK, GRAMMAR, plan or plan_of(), speaking_time)
        ports = Ports(inbox, silence, silence, silence)
        over = Event()

        def watch(happening: Observed) -> None:
            seen.append(happening)
            if over.is_set():
                raise _OverError

        def show(happening: Observed) -> None:
            one.show(happening)

        def perform() -> None:
            with suppress(_OverError):
                run(conversation, ports, [watch, show])

        session = Thread(target=perform)
        inbox.put(SessionStarted(0.0))
        session.start()
        try:
            yield Corner(one, seen, lambda text: reach.request(text, "test"))
        finally:
            over.set()
            inbox.put(TimePassed(clock()))
            session.join()


class _OverError(Exception):
    """The test is; nothing else ends a session at once."""
