"""Joins a live session to the broker: an observer that only hands over, and a thread that publishes and takes commands.

Law: whatever the broker does, coaching continues, and the terminal gets one line about it. Commands enter the session
only as requests.
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
from typing import TYPE_CHECKING

from coach.adapters.broker.command_filter import FLOOD, CommandFilter, Refused
from coach.adapters.broker.errors import BrokerError, ErrorKind, taken_over_error, where
from coach.adapters.broker.home_assistant import BIRTH, discovery, status_topic
from coach.adapters.broker.outgoing_queue import OutgoingQueue
from coach.adapters.broker.session_messages import RELEVANT, SOURCE, SessionMessages, answer_message
from coach.adapters.broker.topics import OFFLINE, ONLINE, Corner, Message
from coach.ports import Observed, Observer, SessionAccess
from coach.settings import Broker

if TYPE_CHECKING:
    from coach.adapters.broker.connection import Connection

MAX_HANDED_OVER = 20_000
"""Most observed values that wait for the thread: an hour of a workout. The thread is behind only while it connects."""
IN_FLIGHT = 20
"""Most messages that the broker has not acknowledged."""
FLOOD_PAUSE_S = 30.0
"""Seconds after a flood in which no command is read."""
BIRTH_S = 10.0
"""Least seconds between two times that all states are sent again for Home Assistant."""

SHORT_CONNECTIONS = 3
"""This many short connections in a row are not an accident."""


@dataclass(frozen=True, slots=True)
class Patience:
    """The link's times, in seconds. A wait between two attempts is a quarter longer or shorter by chance."""

    first_wait: float = 1.0
    """First wait between two attempts to connect. Each next wait is twice as long."""
    longest_wait: float = 60.0
    """Longest wait between two attempts."""
    stable_after: float = 10.0
    """After this time a connection counts as good: waits are short again, and people are warned again."""
    farewell: float = 1.0
    """Time for the last messages when the coach ends."""
    stale_after: float = 3.0
    """A command that may be older than this is refused, because nobody waits for it any more."""
    scatter_within: float = 2.0
    """Home Assistant gets all states again within this time, by chance, so that fifty corners do not answer at once."""


class BrokerLink:
    """The link. It is entered before the first session and left when the coach ends."""

    def __init__(
        self, broker: Broker, session: SessionAccess, warn: Callable[[str], None], patience: Patience = Patience()
    ) -> None:
        self._broker = broker
        self._session = session
        self._warn = warn
        self._patience = patience
        self._corner = Corner(broker.base, broker.name)
        self._handed: deque[Observed] = deque(maxlen=MAX_HANDED_OVER)
        self._messages = SessionMessages(self._corner, self._wall_clock, broker.phases)
        self._outgoing = OutgoingQueue()
        self._filter = CommandFilter()
        self._in_flight: dict[int, tuple[Message, float]] = {}
        """Messages that are not acknowledged, by number, with the time at which each was sent."""
        self._warned: set[ErrorKind] = set()
        """Kinds of errors that people were warned of since the last good connection."""
        self._commands = broker.commands
        self._anonymous_checked = broker.is_local
        self._admitted = False
        """The broker has accepted the present connection."""
        self._short_in_row = 0
        """Number of connections in a row that the broker ended soon."""
        self._listens_from = 0.0
        """Monotonic time from which commands are read; later than now: after a flood."""
        self._births_from = 0.0
        """Monotonic time from which the next birth message of Home Assistant counts."""
        self._resend_at: float | None = None
        """Monotonic time at which all states are sent again."""
        self._turn_began = self._turn_lasted = 0.0
        """When the present turn of the loop began, and how long the last one took, on the wall clock: only this clock
        counts a computer's sleep."""
        self._observed: SimpleQueue[Observed | None] = SimpleQueue()
        self._stopping = Flag()
        self._wakes, self._wake = socket.socketpair()
        self._wakes.setblocking(False)
        self._wake.setblocking(False)
        self._thread = Thread(target=self._run, name="broker", daemon=True)
        self._herald = Thread(target=self._forward_observed, name="broker herald", daemon=True)

    def __enter__(self) -> Observer:
        broker = self._broker
        if not broker.is_local and not (broker.username and broker.password_file):
            self._warn(
                f"{where(broker)} is another computer, so nothing is sent there without a password: give"
                " broker.username and broker.password_file"
            )
            return lambda _: None
        if not broker.is_local and not broker.tls:
            self._warn(f"the password goes to {where(broker)} unencrypted: set broker.tls = true")
        self._outgoing.put(Message(self._corner.availability, ONLINE, True))
        self._describe()
        self._thread.start()
        self._herald.start()
        return self._hand_over

    def __exit__(self, *_: object) -> None:
        self._observed.put(None)
        if self._herald.is_alive():
            self._herald.join()
        self._stopping.set()
        self._wake_thread()
        if self._thread.is_alive():
            # The thread may be waiting for a name server, which cannot be interrupted. It is a daemon.
            self._thread.join(self._patience.farewell + 1.0)
        if not self._thread.is_alive():
            self._wake.close()
            self._wakes.close()

    def _hand_over(self, observed: Observed) -> None:
        """The observer. It runs on the session's thread for a microsecond. It makes no system call, because at a system
        call another thread may take over, and the session would wait for that thread."""
        if isinstance(observed, RELEVANT):
            self._observed.put(observed)

    def _forward_observed(self) -> None:
        """The herald's thread: hands on what was observed and wakes the link's thread."""
        while (observed := self._observed.get()) is not None:
            self._handed.append(observed)
            self._wake_thread()

    def _wake_thread(self) -> None:
        with suppress(OSError):
            self._wake.send(b"!")

    def _wall_clock(self, at: float) -> str:
        moment = time.time() + at - self._session.now()
        return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")

    def _describe(self) -> None:
        if self._broker.discovery:
            self._outgoing.put(discovery(self._broker.discovery, self._corner, self._commands))

    # Everything below runs on the link's own thread.

    def _run(self) -> None:
        wait = self._patience.first_wait
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                self._serve_connection()
            except BrokerError as error:
                self._warn_once(self._explained(error, time.monotonic() - began))
            except Exception as error:  # noqa: BLE001  the thread's entry point: coaching goes on without a broker
                self._warn_once(
                    BrokerError(ErrorKind.NO_MQTT, f"{where(self._broker)} is given up for now ({error!r})")
                )
            if time.monotonic() - began >= self._patience.stable_after:
                wait = self._patience.first_wait
            self._wait_without_broker(wait * random.uniform(0.75, 1.25))
            wait = min(2 * wait, self._patience.longest_wait)

    def _explained(self, error: BrokerError, lasted: float) -> BrokerError:
        """The error, or its likely cause: Mosquitto 2.0 gives no reason when another program takes the client name."""
        short = self._admitted and error.kind is ErrorKind.AWAY and lasted < self._patience.stable_after
        self._short_in_row = self._short_in_row + 1 if short else 0
        self._admitted = False
        return taken_over_error(self._broker) if self._short_in_row >= SHORT_CONNECTIONS else error

    def _warn_once(self, error: BrokerError) -> None:
        if error.kind not in self._warned and not self._stopping.is_set():
            self._warned.add(error.kind)
            self._warn(f"{error}; coaching goes on, and it is tried again")

    def _wait_without_broker(self, seconds: float) -> None:
        """Wait before the next attempt, and make messages meanwhile."""
        until = time.monotonic() + seconds
        with DefaultSelector() as selector:
            selector.register(self._wakes, EVENT_READ)
            while not self._stopping.is_set() and (left := until - time.monotonic()) > 0:
                self._take_handed()
                selector.select(left)

    def _take_handed(self) -> None:
        """Make messages of what was handed over."""
        with suppress(BlockingIOError):
            while self._wakes.recv(4096):
                pass
        while self._handed:
            for message in self._messages.take(self._handed.popleft()):
                self._outgoing.put(message)

    def _serve_connection(self) -> None:
        """Connect, and use the connection until it breaks or the coach ends."""
        # Imported here, because paho takes 0.1 s to load, and the session must not wait for that.
        from coach.adapters.broker.connection import Connection  # noqa: PLC0415

        self._check_anonymous()
        will = Message(self._corner.availability, OFFLINE, True)
        connection = Connection(self._broker, self._corner.id, will, self._receive, self._acknowledge)
        try:
            connection.open(self._wakes)
            self._admitted = True
            self._outgoing.resend_states()
            if self._broker.discovery:
                connection.subscribe(status_topic(self._broker.discovery))
            self._exchange(connection)
            self._say_goodbye(connection)
        finally:
            connection.close()
            for message, _ in reversed(self._in_flight.values()):
                self._outgoing.put_back(message)
            self._in_flight.clear()

    def _exchange(self, connection: Connection) -> None:
        connected, listens = time.monotonic(), False
        self._turn_began = time.time()
        while not self._stopping.is_set():
            now = time.monotonic()
            if self._warned and now - connected >= self._patience.stable_after:
                self._warned.clear()
                self._warn(f"{where(self._broker)} is there again")
            if self._commands and not listens and now >= self._listens_from:
                listens = True
                connection.subscribe(self._corner.command)
            if self._resend_at is not None and now >= self._resend_at:
                self._resend_at = None
                self._outgoing.resend_states()
            self._turn_lasted, self._turn_began = time.time() - self._turn_began, time.time()
            self._take_handed()
            self._send(connection)
            connection.step(0.0 if self._handed else 0.5)

    def _send(self, connection: Connection) -> None:
        while len(self._in_flight) < IN_FLIGHT and (message := self._outgoing.next()) is not None:
            self._in_flight[connection.publish(message)] = (message, time.monotonic())

    def _say_goodbye(self, connection: Connection) -> None:
        """Send the last messages, and that the corner is offline."""
        until = time.monotonic() + self._patience.farewell
        self._take_handed()
        self._outgoing.put(Message(self._corner.availability, OFFLINE, True))
        while (self._outgoing or self._in_flight) and time.monotonic() < until:
            self._send(connection)
            connection.step(0.05)

    def _acknowledge(self, number: int, denied: bool) -> None:
        self._in_flight.pop(number, None)
        if denied:
            topics = " and ".join(
                topic for topic in (f"{self._corner.base}/{self._corner.name}/", self._broker.discovery) if topic
            )
            text = f"{where(self._broker)} does not let the coach use {topics}: check the broker's access rules"
            self._warn_once(BrokerError(ErrorKind.DENIED, text))

    def _receive(self, topic: str, payload: bytes, retained: bool) -> None:
        now = time.monotonic()
        if self._filter.is_flood(now):
            self._listens_from = now + FLOOD_PAUSE_S
            text = f"more than {FLOOD} messages a second come from {where(self._broker)}: no command is taken for 30 s"
            raise BrokerError(ErrorKind.FLOOD, text)
        if topic != self._corner.command:
            if payload == BIRTH.encode() and now >= self._births_from:
                self._births_from = now + BIRTH_S
                self._resend_at = now + random.uniform(0.0, self._patience.scatter_within)
            return
        match self._filter.judge(payload, now, retained=retained, stale=self._may_be_stale(now)):
            case str(text):
                self._session.request(text, SOURCE)
            case Refused(text, why):
                self._outgoing.put(answer_message(self._corner, text, False, why=why))

    def _may_be_stale(self, now: float) -> bool:
        """Whether a command may be old: the computer slept or stood still, or the connection did."""
        oldest = next((sent for _, sent in self._in_flight.values()), now)
        return max(self._turn_lasted, time.time() - self._turn_began, now - oldest) > self._patience.stale_after

    def _check_anonymous(self) -> None:
        """Check once whether the broker lets in anybody. From such a broker no command is taken."""
        if self._anonymous_checked:
            return
        from coach.adapters.broker.maintenance import admits_anybody  # noqa: PLC0415  as above

        if admits_anybody(self._broker):
            self._commands = False
            self._describe()
            place = where(self._broker)
            self._warn(f"{place} lets in anybody, so no command is taken from it: set allow_anonymous false there")
        self._anonymous_checked = True
