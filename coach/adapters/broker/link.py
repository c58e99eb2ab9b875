"""Joins a live session to the broker: an observer that hands over at once, and threads that tell and ask.

Law: whatever the broker does, coaching goes on, and the terminal has one line about it. Commands come into the session
as requests, and in no other way.
"""

from __future__ import annotations

import random
import socket
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from queue import SimpleQueue
from selectors import EVENT_READ, DefaultSelector
from threading import Event as Flag
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING

from coach.adapters.broker.asked import FLOOD, Asked, Refused, Taken
from coach.adapters.broker.faults import BrokerError, Kind, taken_over, where
from coach.adapters.broker.home_assistant import BIRTH, discovery, status_topic
from coach.adapters.broker.message import OFFLINE, ONLINE, Corner, Message
from coach.adapters.broker.told import RELEVANT, SOURCE, Told, answer
from coach.adapters.broker.waiting import Waiting
from coach.ports import Observed, Observer, SessionAccess
from coach.settings import Broker

if TYPE_CHECKING:
    from coach.adapters.broker.connection import Connection

MOST_HANDED = 20_000
"""Happenings that wait for the thread: an hour of a workout. It is behind only while it connects."""
IN_FLIGHT = 20
"""Messages that the broker has not acknowledged."""
DEAF_S = 30.0
"""After a flood no command is read for so long."""
BIRTH_S = 10.0
"""Home Assistant is told anew at most so often."""

SHORT = 3
"""So many short connections in a row are no accident."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds between tries to connect; each wait is twice the last, a quarter more or less by chance."""

    first: float = 1.0
    most: float = 60.0
    steady: float = 10.0
    """A connection that lasts so long is a good one: waits are short again, and faults are told again."""
    farewell: float = 1.0
    """For the last messages when the coach ends."""
    stale: float = 3.0
    """A command that may be older is refused: nobody waits for it any more."""
    scatter: float = 2.0
    """Within which Home Assistant is answered: by chance, so that fifty corners do not answer at once."""


class BrokerLink:
    """Entered before the session, left when the coach ends."""

    def __init__(
        self, broker: Broker, reach: SessionAccess, warn: Callable[[str], None], patience: Patience = Patience()
    ) -> None:
        self._broker = broker
        self._reach = reach
        self._warn = warn
        self._patience = patience
        self._corner = Corner(broker.base, broker.name)
        self._handed: deque[Observed] = deque(maxlen=MOST_HANDED)
        self._told = Told(self._corner, self._wall, broker.phases)
        self._waiting = Waiting()
        self._asked = Asked()
        self._in_flight: dict[int, tuple[Message, float]] = {}
        """By number: with the time at which it was sent."""
        self._faults: set[Kind] = set()
        """Told since the broker was last there for a while."""
        self._commands = broker.commands
        self._strangers_looked_for = broker.is_local
        self._let_in = False
        self._short = 0
        """Connections in a row that the broker ended soon."""
        self._listens_from = 0.0
        self._births_from = 0.0
        self._again_at: float | None = None
        self._round = self._gap = 0.0
        """When the loop came round last, and how long it took, by the wall clock, which counts a computer's sleep."""
        self._observed: SimpleQueue[Observed | None] = SimpleQueue()
        self._stopping = Flag()
        self._wakes, self._wake = socket.socketpair()
        self._wakes.setblocking(False)
        self._wake.setblocking(False)
        self._thread = Thread(target=self._run, name="broker", daemon=True)
        self._herald = Thread(target=self._rouse_for_each, name="broker herald", daemon=True)

    def __enter__(self) -> Observer:
        broker = self._broker
        if not broker.is_local and not (broker.username and broker.password_file):
            self._warn(
                f"{where(broker)} is another computer, so nothing is told there without a password: give"
                " broker.username and broker.password_file"
            )
            return lambda _: None
        if not broker.is_local and not broker.tls:
            self._warn(f"the password goes to {where(broker)} unencrypted: set broker.tls = true")
        self._waiting.put(Message(self._corner.availability, ONLINE, True))
        self._describe()
        self._thread.start()
        self._herald.start()
        return self._hand_over

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._observed.put(None)
        if self._herald.is_alive():
            self._herald.join()
        self._stopping.set()
        self._rouse()
        if self._thread.is_alive():
            # It may be looking for the broker's name, which nothing ends; it is a daemon.
            self._thread.join(self._patience.farewell + 1.0)
        if not self._thread.is_alive():
            self._wake.close()
            self._wakes.close()

    def _hand_over(self, happening: Observed) -> None:
        """The observer: runs on the session's thread, for a microsecond. It must not call the system, because then
        another thread may take over, and the session's would wait for it."""
        if isinstance(happening, RELEVANT):
            self._observed.put(happening)

    def _rouse_for_each(self) -> None:
        """The herald's thread: does nothing that waits, so nothing gathers before it."""
        while (happening := self._observed.get()) is not None:
            self._handed.append(happening)
            self._rouse()

    def _rouse(self) -> None:
        with suppress(OSError):
            self._wake.send(b"!")

    def _wall(self, at: float) -> str:
        moment = time.time() + at - self._reach.now()
        return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")

    def _describe(self) -> None:
        if self._broker.discovery:
            self._waiting.put(discovery(self._broker.discovery, self._corner, self._commands))

    # All that follows runs on the link's own thread.

    def _run(self) -> None:
        wait = self._patience.first
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                self._stay()
            except BrokerError as fault:
                self._tell(self._doubted(fault, time.monotonic() - began))
            except Exception as fault:  # noqa: BLE001  the thread's entry point: coaching goes on without a broker
                self._tell(BrokerError(Kind.NO_MQTT, f"{where(self._broker)} is given up for now ({fault!r})"))
            if time.monotonic() - began >= self._patience.steady:
                wait = self._patience.first
            self._pass(wait * random.uniform(0.75, 1.25))
            wait = min(2 * wait, self._patience.most)

    def _doubted(self, fault: BrokerError, lasted: float) -> BrokerError:
        """Mosquitto 2.0 ends a connection without a reason where another program takes the same name."""
        short = self._let_in and fault.kind is Kind.AWAY and lasted < self._patience.steady
        self._short = self._short + 1 if short else 0
        self._let_in = False
        return taken_over(self._broker) if self._short >= SHORT else fault

    def _tell(self, fault: BrokerError) -> None:
        if fault.kind not in self._faults and not self._stopping.is_set():
            self._faults.add(fault.kind)
            self._warn(f"{fault}; coaching goes on, and it is tried again")

    def _pass(self, seconds: float) -> None:
        """Time goes by without a broker."""
        until = time.monotonic() + seconds
        with DefaultSelector() as selector:
            selector.register(self._wakes, EVENT_READ)
            while not self._stopping.is_set() and (left := until - time.monotonic()) > 0:
                self._take_handed()
                selector.select(left)

    def _take_handed(self) -> None:
        """Makes messages of what was handed over."""
        with suppress(BlockingIOError):
            while self._wakes.recv(4096):
                pass
        while self._handed:
            for message in self._told.take(self._handed.popleft()):
                self._waiting.put(message)

    def _stay(self) -> None:
        """One connection, until it breaks or the coach ends."""
        # Here, because paho takes 0.1 s to load, and the session does not wait for it.
        from coach.adapters.broker.connection import Connection  # noqa: PLC0415

        self._look_for_strangers()
        will = Message(self._corner.availability, OFFLINE, True)
        connection = Connection(self._broker, self._corner.id, will, self._receive, self._acknowledge)
        try:
            connection.open(self._wakes)
            self._let_in = True
            self._waiting.begin_again()
            if self._broker.discovery:
                connection.subscribe(status_topic(self._broker.discovery))
            self._talk(connection)
            self._part(connection)
        finally:
            connection.close()
            for message, _ in reversed(self._in_flight.values()):
                self._waiting.give_back(message)
            self._in_flight.clear()

    def _talk(self, connection: Connection) -> None:
        connected, listens = time.monotonic(), False
        self._round = time.time()
        while not self._stopping.is_set():
            now = time.monotonic()
            if self._faults and now - connected >= self._patience.steady:
                self._faults.clear()
                self._warn(f"{where(self._broker)} is there again")
            if self._commands and not listens and now >= self._listens_from:
                listens = True
                connection.subscribe(self._corner.command)
            if self._again_at is not None and now >= self._again_at:
                self._again_at = None
                self._waiting.begin_again()
            self._gap, self._round = time.time() - self._round, time.time()
            self._take_handed()
            self._send(connection)
            connection.step(0.0 if self._handed else 0.5)

    def _send(self, connection: Connection) -> None:
        while len(self._in_flight) < IN_FLIGHT and (message := self._waiting.next()) is not None:
            self._in_flight[connection.publish(message)] = (message, time.monotonic())

    def _part(self, connection: Connection) -> None:
        """The last messages; the corner is offline."""
        until = time.monotonic() + self._patience.farewell
        self._take_handed()
        self._waiting.put(Message(self._corner.availability, OFFLINE, True))
        while (self._waiting or self._in_flight) and time.monotonic() < until:
            self._send(connection)
            connection.step(0.05)

    def _acknowledge(self, number: int, denied: bool) -> None:
        self._in_flight.pop(number, None)
        if denied:
            topics = " and ".join(
                one for one in (f"{self._corner.base}/{self._corner.name}/", self._broker.discovery) if one
            )
            text = f"{where(self._broker)} does not let the coach use {topics}: check the broker's access rules"
            self._tell(BrokerError(Kind.DENIED, text))

    def _receive(self, topic: str, payload: bytes, retained: bool) -> None:
        now = time.monotonic()
        if self._asked.is_flood(now):
            self._listens_from = now + DEAF_S
            text = f"more than {FLOOD} messages a second come from {where(self._broker)}: no command is taken for 30 s"
            raise BrokerError(Kind.FLOOD, text)
        if topic != self._corner.command:
            if payload == BIRTH.encode() and now >= self._births_from:
                self._births_from = now + BIRTH_S
                self._again_at = now + random.uniform(0.0, self._patience.scatter)
            return
        match self._asked.judge(payload, now, retained=retained, stale=self._may_be_stale(now)):
            case Taken(text):
                self._reach.request(text, SOURCE)
            case Refused(text, why):
                self._waiting.put(answer(self._corner, text, False, why=why))
            case None:
                pass

    def _may_be_stale(self, now: float) -> bool:
        """The computer slept or stood still, or the connection did: nobody knows how long a command lay about."""
        oldest = next((sent for _, sent in self._in_flight.values()), now)
        return max(self._gap, time.time() - self._round, now - oldest) > self._patience.stale

    def _look_for_strangers(self) -> None:
        """Once: a broker that lets in anybody gives no commands."""
        if self._strangers_looked_for:
            return
        from coach.adapters.broker.visits import lets_in_anybody  # noqa: PLC0415  as above

        if lets_in_anybody(self._broker):
            self._commands = False
            self._describe()
            place = where(self._broker)
            self._warn(f"{place} lets in anybody, so no command is taken from it: set allow_anonymous false there")
        self._strangers_looked_for = True
