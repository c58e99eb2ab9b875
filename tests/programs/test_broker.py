"""The link to a real Mosquitto: what other programs see there, what they may ask, and what happens when the broker goes
away.
"""

from __future__ import annotations

import json
import random
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from coach.adapters.broker.link import BrokerLink, Patience
from coach.cli import main
from coach.commands import Write
from coach.events import Event, MicrophoneFound, MicrophoneLost, Requested, SessionStarted, TimePassed
from coach.ports import Observer, SessionAccess
from coach.records import RepDone
from coach.settings import Broker
from lab.rigs.mosquitto import USER, Mosquitto, Watcher, mosquitto, wait_until
from lab.rigs.talk import Talk

QUICK = Patience(first_wait=0.05, longest_wait=0.2, stable_after=0.15, farewell=1.0, scatter_within=0.1)


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    with mosquitto(tmp_path_factory.mktemp("broker")) as running:
        yield running


@pytest.fixture(autouse=True)
def _nothing_kept(broker: Mosquitto) -> Iterator[None]:
    """Let each test begin with a broker that has no retained messages."""
    yield
    with Watcher(broker.port) as watcher:
        time.sleep(0.02)
        for topic in {one.topic for one in list(watcher.seen)}:
            watcher.publish(topic, "", retained=True)


@dataclass
class Session:
    """A real conversation, shown to the link as `session.run` does; requests of other programs reach the
    conversation.
    """

    talk: Talk = field(default_factory=lambda: Talk(greeted=False))
    observer: Observer = lambda _: None
    asked: list[tuple[str, str]] = field(default_factory=list)
    warned: list[str] = field(default_factory=list)

    @property
    def reach(self) -> SessionAccess:
        return SessionAccess(lambda text, source: self.asked.append((text, source)), lambda: self.talk.now)

    def happens(self, event: Event) -> None:
        self.observer(event)
        for command in self.talk.conversation.receive(event):
            self.observer(command)
        self.talk.now = event.at
        self.observer(self.talk.conversation.snapshot())

    def carries_out(self) -> None:
        """Carry out the next request."""
        assert wait_until(lambda: self.asked)
        text, source = self.asked.pop(0)
        self.happens(Requested(self.talk.now + 0.01, text, source))

    def goes_on(self, seconds: float) -> None:
        """Let time pass, deadline by deadline."""
        end = self.talk.now + seconds
        while (due := self.talk.conversation.next_deadline()) is not None and due <= end:
            self.happens(TimePassed(max(due, self.talk.now)))


@contextmanager
def joined(settings: Broker, patience: Patience = QUICK) -> Iterator[Session]:
    session = Session()
    with BrokerLink(settings, session.reach, session.warned.append, patience) as session.observer:
        session.happens(SessionStarted(1.0))
        yield session


def test_a_set_as_others_see_it(broker: Mosquitto) -> None:
    with Watcher(broker.port) as watcher:
        with joined(broker.settings()) as session:
            session.talk.now = 1.0
            session.happens(Requested(2.0, "start set", "page"))
            session.happens(Requested(3.0, "i'm ready", "page"))
            session.goes_on(20.0)
            session.happens(Requested(session.talk.now + 0.5, "stop", "page"))
            stop = json.loads(watcher.sees("coach/corner-1/event/stop"))
            rep = json.loads(watcher.sees("coach/corner-1/event/rep"))
            watcher.sees("coach/corner-1/state", lambda payload: json.loads(payload)["state"] == "stopped")
        watcher.sees("coach/corner-1/availability", lambda payload: payload == "offline")
    assert (rep["event_type"], rep["set"], rep["rep"]) == ("rep", 1, 1)
    assert stop["event_type"] == "stop" and stop["set"] == 1 and stop["number"] > rep["number"]
    kept = {one.topic.removeprefix("coach/corner-1/") for one in watcher.seen if one.retained}
    states = {"availability", "state", "set", "rep", "load", "plan", "rest", "alert", "faults"}
    assert kept == states | {"homeassistant/device/coach_corner-1/config"}
    # One message for each change of state, not for each beat or phase; here changes follow each other faster than they
    # are sent.
    told = [json.loads(payload) for payload in watcher.of("coach/corner-1/state")]
    steps = [(one["state"], one["step"]) for one in told]
    whole = [("idle", None), ("set", "unracking"), ("set", "countdown"), ("set", None), ("stopped", None)]
    assert [step for step in whole if step in steps] == steps
    assert session.warned == []


def test_who_comes_later_sees_how_it_stands(broker: Mosquitto) -> None:
    with joined(broker.settings()) as session:
        session.happens(MicrophoneLost(2.0, "unplugged"))
        with Watcher(broker.port) as watcher:
            assert json.loads(watcher.sees("coach/corner-1/state"))["state"] == "idle"
            wait_until(lambda: "unplugged" in "".join(watcher.of("coach/corner-1/faults")))
        with Watcher(broker.port) as late:
            assert json.loads(late.sees("coach/corner-1/faults"))["microphone"] == "unplugged"
            assert not any("/event/" in one.topic for one in late.seen)
            session.happens(MicrophoneFound(3.0))
            late.sees("coach/corner-1/faults", lambda payload: json.loads(payload)["microphone"] is None)


def test_a_coach_that_dies_is_offline(broker: Mosquitto) -> None:
    """The last will is published when the connection breaks without a farewell."""
    with Watcher(broker.port) as watcher, socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        cut = threading.Event()
        through = threading.Thread(target=_forward, args=(mute, broker.port, cut))
        through.start()
        with joined(broker.settings(port=mute.getsockname()[1]), Patience(60.0, 60.0, 60.0, 0.1)) as session:
            watcher.sees("coach/corner-1/availability", lambda payload: payload == "online")
            cut.set()
            watcher.sees("coach/corner-1/availability", lambda payload: payload == "offline")
            assert wait_until(lambda: session.warned)
        through.join()
    assert len(session.warned) == 1 and "is lost" in session.warned[0]


def _forward(listening: socket.socket, port: int, cut: threading.Event) -> None:
    """Forward one connection until `cut` is set."""
    near, _ = listening.accept()
    with near, socket.create_connection(("127.0.0.1", port)) as far:
        for end in (near, far):
            end.settimeout(0.01)
        while not cut.is_set():
            for here, there in ((near, far), (far, near)):
                try:
                    there.sendall(here.recv(65536))
                except TimeoutError:
                    continue


class TestCommands:
    """Commands that other programs may ask for."""

    def test_they_are_off_unless_wanted(self, broker: Mosquitto) -> None:
        with Watcher(broker.port) as watcher, joined(broker.settings()) as session:
            watcher.sees("coach/corner-1/state")
            watcher.publish("coach/corner-1/command", "start set")
            time.sleep(0.1)
            assert session.asked == [] and watcher.of("coach/corner-1/answer") == []

    def test_the_conversation_decides_and_asks_back(self, broker: Mosquitto) -> None:
        with Watcher(broker.port) as watcher, joined(broker.settings(commands=True)) as session:
            _ask(watcher, session, "Start set!")
            session.carries_out()
            taken = json.loads(watcher.sees("coach/corner-1/answer"))
            assert taken["taken"] and taken["intent"] == "StartSet" and taken["says"]
            _ask(watcher, session, "sing a song")
            session.carries_out()
            refused = json.loads(watcher.sees("coach/corner-1/answer", lambda payload: "song" in payload))
            assert not refused["taken"] and refused["why"] == "it means nothing in the state set.unracking"
            _ask(watcher, session, "end workout")
            session.carries_out()
            asked = json.loads(watcher.sees("coach/corner-1/answer", lambda payload: "end workout" in payload))
            assert asked["taken"] and "?" in asked["says"]
            assert not session.talk.conversation.ended
            _ask(watcher, session, "yes")
            session.carries_out()
            assert session.talk.conversation.ended

    def test_what_was_kept_starts_no_set(self, broker: Mosquitto) -> None:
        with Watcher(broker.port) as watcher:
            watcher.publish("coach/corner-1/command", "start set", retained=True)
            with joined(broker.settings(commands=True)) as session:
                _ask(watcher, session, "help")
                watcher.publish("coach/corner-1/command", "stop", retained=True)
                why = json.loads(watcher.sees("coach/corner-1/answer"))["why"]
                assert "retain" in why and {text for text, _ in session.asked} == {"help"}

    def test_what_lay_about_is_not_taken(self, broker: Mosquitto) -> None:
        """The coach stands still while commands come, like a computer that sleeps."""
        asked, goes_on = list[str](), threading.Event()

        def request(text: str, _source: str) -> None:
            asked.append(text)
            goes_on.wait(5.0)

        patience = replace(QUICK, stale_after=0.2)
        link = BrokerLink(broker.settings(commands=True), SessionAccess(request, lambda: 0.0), pytest.fail, patience)
        with Watcher(broker.port) as watcher, link:
            for _ in range(50):
                watcher.publish("coach/corner-1/command", "help")
                if wait_until(lambda: asked, 0.1):
                    break
            watcher.publish("coach/corner-1/command", "start set")
            time.sleep(0.3)
            goes_on.set()
            answer = json.loads(watcher.sees("coach/corner-1/answer"))
            assert "too long" in answer["why"] and "start set" not in asked

    def test_anything_at_all_does_nothing(self, broker: Mosquitto) -> None:
        chance = random.Random(17)
        with Watcher(broker.port) as watcher, joined(broker.settings(commands=True)) as session:
            _ask(watcher, session, "help")
            for size in (0, 1, 7, 200, 201, 4000, 70_000, 1_000_000):
                watcher.publish("coach/corner-1/command", chance.randbytes(size), retained=bool(size % 2))
            watcher.publish("coach/corner-1/command", "start\nset")
            watcher.publish("homeassistant/status", chance.randbytes(5000))
            assert wait_until(lambda: len(watcher.of("coach/corner-1/answer")) >= 5)
            assert all(not json.loads(payload)["taken"] for payload in watcher.of("coach/corner-1/answer"))
            assert {text for text, _ in session.asked} == {"help"} and session.warned == []
            _ask(watcher, session, "help")

    def test_a_flood_is_not_read(self, broker: Mosquitto) -> None:
        with Watcher(broker.port) as watcher, joined(broker.settings(commands=True)) as session:
            _ask(watcher, session, "help")
            for _ in range(3000):
                watcher.publish("coach/corner-1/command", "start set", qos=0)
            assert wait_until(lambda: session.warned)
            session.happens(MicrophoneLost(session.talk.now, "after the flood"))
            watcher.sees("coach/corner-1/event/fault")
            assert len(session.asked) <= 9 and len(watcher.of("coach/corner-1/answer")) <= 12
            assert "more than 50 messages a second" in session.warned[0]


def _ask(watcher: Watcher, session: Session, text: str) -> None:
    """Ask again and again until the request is taken: the link subscribes only when it is connected."""
    before = len(session.asked)

    def asked() -> bool:
        watcher.publish("coach/corner-1/command", text)
        return wait_until(lambda: len(session.asked) > before, 0.5)

    assert wait_until(asked)


class TestAway:
    """The broker goes away, comes back, hangs, and refuses the coach."""

    def test_it_goes_and_comes_back(self, broker: Mosquitto) -> None:
        with joined(broker.settings()) as session:
            with Watcher(broker.port) as before:
                before.sees("coach/corner-1/state")
            broker.stop()
            try:
                assert wait_until(lambda: session.warned)
                began = time.perf_counter()
                for number in range(1, 1201):
                    session.observer(Write(RepDone(10.0 + number, 1, number)))
                assert time.perf_counter() - began < 1.0
                session.happens(MicrophoneLost(3.0, "meanwhile"))
                # Within this time the link tries several times.
                time.sleep(0.5)
                assert len(session.warned) == 1, session.warned
            finally:
                broker.start()
            with Watcher(broker.port) as after:
                assert json.loads(after.sees("coach/corner-1/state"))["state"] == "idle"
                after.sees("coach/corner-1/faults", lambda payload: "meanwhile" in payload)
                assert wait_until(lambda: len(session.warned) == 2)
                assert session.warned[1].endswith("is there again")
                session.observer(Write(RepDone(2000.0, 1, 9999)))
                after.sees("coach/corner-1/event/rep", lambda payload: "9999" in payload)

    def test_events_wait_up_to_a_bound(self, broker: Mosquitto) -> None:
        settings = broker.settings()
        broker.stop()
        try:
            with joined(settings, Patience(0.3, 0.3, 0.15, 3.0)) as session:
                assert wait_until(lambda: session.warned)
                for number in range(1, 1201):
                    session.observer(Write(RepDone(10.0 + number, 1, number)))
                broker.start()
                with Watcher(broker.port) as watcher:
                    last = json.loads(watcher.sees("coach/corner-1/event/rep", lambda payload: '"rep":1200' in payload))
                    numbers = [json.loads(payload)["number"] for payload in watcher.of("coach/corner-1/event/rep")]
            # The watcher may miss the first messages. The messages are in order and end with the last one.
            assert numbers == sorted(numbers) and len(numbers) <= 1000 and last["second"] == 1210.0
        finally:
            if broker._process is None:
                broker.start()

    @pytest.mark.parametrize(
        ("others", "line"),
        [
            ({"host": "127.0.0.1", "port": 1}, "takes no connection: start it, or check broker.port"),
            ({"host": "no-such-host.invalid", "tls": True, "username": USER, "password_file": "right"}, "is not found"),
            ({"port": "closed"}, "wants to know who connects: give broker.username"),
            ({"port": "closed", "username": "somebody", "password_file": "right"}, "refuses the user 'somebody'"),
            ({"port": "closed", "username": USER, "password_file": Path("gone")}, "cannot be read"),
            ({"tls": True}, "does its port speak TLS"),
            ({"port": "secure"}, "is no MQTT broker"),
            ({"port": "secure", "tls": True, "host": "localhost"}, "cannot prove who it is"),
            ({"port": "secure", "tls": True, "ca_file": "right"}, "cannot prove who it is"),
            ({"tls": True, "ca_file": Path("gone")}, "broker.ca_file 'gone' cannot be used"),
            ({"host": "0.0.0.0"}, "nothing is sent there without a password"),
        ],
    )
    def test_one_line_names_the_remedy(self, broker: Mosquitto, others: dict[str, object], line: str) -> None:
        with joined(_filled(broker, others)) as session:
            assert wait_until(lambda: session.warned), "no line"
            time.sleep(0.1)
        assert len(session.warned) == 1 and line in session.warned[0] and "\n" not in session.warned[0]

    def test_what_hangs_and_what_is_no_broker(self, broker: Mosquitto) -> None:
        chance = random.Random(3)
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            listening.listen()
            stop = threading.Event()
            talks = threading.Thread(target=_babble, args=(listening, chance, stop))
            talks.start()
            with joined(broker.settings(port=listening.getsockname()[1]), Patience(0.001, 0.002, 9.0, 0.1)) as session:
                assert wait_until(lambda: session.warned)
                time.sleep(0.5)
                session.happens(MicrophoneLost(3.0, "meanwhile"))
            stop.set()
            talks.join()
        # Random bytes may look like different refusals; each kind is reported once.
        assert len(session.warned) <= 6 and not any("given up" in line for line in session.warned), session.warned


def _babble(listening: socket.socket, chance: random.Random, stop: threading.Event) -> None:
    """Answer every connection with bytes that may begin like MQTT's, and hang up."""
    listening.settimeout(0.05)
    while not stop.is_set():
        try:
            near, _ = listening.accept()
        except TimeoutError:
            continue
        with near:
            near.settimeout(0.05)
            head = chance.choice(
                [b"", b"\x20", b"\x20\x03\x00\x00\x00", b"\x30", b"\x20\x03\x00\x00\x00\x30\x05", b"HTTP"]
            )
            try:
                near.recv(4096)
                near.sendall(head + chance.randbytes(chance.randrange(40)))
            except OSError:
                continue


def _filled(broker: Mosquitto, others: dict[str, object]) -> Broker:
    """The settings, with names of ports and files replaced by the broker's own values."""
    values = {
        key: {"closed": broker.closed, "secure": broker.secure}[value]
        if key == "port" and isinstance(value, str)
        else value
        for key, value in others.items()
    }
    if values.get("password_file") == "right":
        values["password_file"] = broker.password_file
    if values.get("ca_file") == "right":
        values["ca_file"] = broker.ca_file
    return broker.settings(**values)


class TestClosed:
    """Passwords, TLS and access rules."""

    def test_with_a_password_over_tls(self, broker: Mosquitto) -> None:
        settings = broker.settings(
            host="localhost",
            port=broker.secure,
            tls=True,
            ca_file=broker.ca_file,
            username=USER,
            password_file=broker.password_file,
            commands=True,
        )
        with Watcher(broker.port) as watcher, joined(settings) as session:
            watcher.sees("coach/corner-1/state")
            _ask(watcher, session, "start set")
        assert session.warned == []

    def test_a_broker_that_lets_in_anybody_gives_no_commands(self, broker: Mosquitto) -> None:
        """The address 0.0.0.0 is this computer, but looks like another one."""
        open_to_all = broker.settings(host="0.0.0.0", username=USER, password_file=broker.password_file, commands=True)
        with Watcher(broker.port) as watcher, joined(open_to_all) as session:
            watcher.sees("coach/corner-1/state")
            watcher.publish("coach/corner-1/command", "start set")
            config = json.loads(watcher.sees("homeassistant/device/coach_corner-1/config"))
            assert config["components"]["stop"] == {"platform": "button"}
            assert any("lets in anybody" in line for line in session.warned)
            assert any("unencrypted" in line for line in session.warned)
            assert session.asked == []

    def test_each_corner_has_its_own_topics(self, broker: Mosquitto) -> None:
        mine = broker.settings(port=broker.closed, username=USER, password_file=broker.password_file, commands=True)
        with Watcher(broker.port) as watcher:
            with joined(mine) as session:
                watcher.sees("coach/corner-1/state")
                with Watcher(broker.closed, "coach/guest/#", "guest") as guest:
                    guest.publish("coach/corner-1/command", "start set")
                    time.sleep(0.1)
                assert session.asked == [] and session.warned == []
            with joined(broker.settings(**{**_of(mine), "name": "corner-2"})) as other:
                assert wait_until(lambda: other.warned)
        assert "does not let the coach use coach/corner-2/" in other.warned[0]
        assert not any("corner-2" in one.topic for one in watcher.seen)

    def test_two_corners_of_one_name_say_so(self, broker: Mosquitto) -> None:
        patience = Patience(0.2, 0.2, 9.0, 0.1)
        with joined(broker.settings(), patience) as first, joined(broker.settings(), patience) as second:
            assert wait_until(lambda: len(first.warned) == 2 and len(second.warned) == 2)
        assert all("give each corner a broker.name of its own" in line for line in (first.warned[1], second.warned[1]))


def _of(settings: Broker) -> dict[str, object]:
    return {name: getattr(settings, name) for name in ("port", "username", "password_file", "commands")}


def test_home_assistant_that_starts_is_told_again(broker: Mosquitto) -> None:
    with Watcher(broker.port) as watcher, joined(broker.settings()):
        topic = "homeassistant/device/coach_corner-1/config"
        watcher.sees(topic)
        watcher.sees("coach/corner-1/state")
        time.sleep(0.05)
        for _ in range(5):
            watcher.publish("homeassistant/status", "online")
        assert wait_until(lambda: len(watcher.of(topic)) == 2)
        assert len(watcher.of("coach/corner-1/state")) >= 2
        time.sleep(0.1)
        assert len(watcher.of(topic)) == 2


class TestVisits:
    """`coach broker check` and `coach broker clear`."""

    def test_clear_takes_away_all_of_a_corner_that_is_gone(
        self, broker: Mosquitto, capsys: pytest.CaptureFixture[str]
    ) -> None:
        at = ["--set", "broker.host=127.0.0.1", "--set", f"broker.port={broker.port}"]
        with joined(broker.settings(name="corner-2")):
            with Watcher(broker.port) as watcher:
                watcher.sees("coach/corner-2/alert")
            assert main(["broker", "clear", "--name", "corner-2", *at]) == 1
            assert "'corner-2' is running" in capsys.readouterr().err
        with joined(broker.settings(name="corner-3")):
            assert main(["broker", "clear", "--name", "corner-2", *at]) == 0
            assert "keeps nothing of coach/corner-2/ any more (9 topics)" in capsys.readouterr().out
            with Watcher(broker.port) as watcher:
                watcher.sees("coach/corner-3/alert")
                assert not any("corner-2" in one.topic for one in watcher.seen)

    def test_check_says_who_is_let_in(self, broker: Mosquitto, capsys: pytest.CaptureFixture[str]) -> None:
        def check(port: int, *others: str) -> int:
            sets = ("broker.host=localhost", f"broker.port={port}", *others)
            return main(["broker", "check", *(part for one in sets for part in ("--set", one))])

        mine = (f"broker.username={USER}", f"broker.password_file={broker.password_file}")
        assert check(broker.closed, *mine) == 0
        assert check(broker.secure, *mine, "broker.tls=true", f"broker.ca_file={broker.ca_file}") == 0
        assert check(broker.port, *mine) == 1
        assert "lets in anybody" in capsys.readouterr().err
        assert check(broker.closed) == 1
        assert "give broker.username" in capsys.readouterr().err
        assert main(["broker", "check", "--set", "broker.name=corner-9"]) == 1
        assert "there is no broker" in capsys.readouterr().err
