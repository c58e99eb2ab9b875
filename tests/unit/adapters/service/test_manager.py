"""What the service manager is notified of, on a real socket: that the coach listens, lives and ends, and its status."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Event as Flag
from threading import Thread

import pytest

from coach.adapters.live.signs_of_life import SignsOfLife
from coach.adapters.service.manager import RETRY_S, ServiceManager
from coach.adapters.service.status import Status
from coach.events import (
    Heard,
    HelperFound,
    HelperLost,
    JournalFailed,
    MicrophoneFound,
    MicrophoneLost,
    MicrophoneSilent,
    SessionStarted,
    SpeakerLost,
    TimePassed,
)
from coach.ports import SessionAccess
from coach.snapshot import Alert, PlannedSet, Snapshot

REACH = SessionAccess(lambda text, source: None, lambda: 0.0)


class Manager:
    """The manager's end of NOTIFY_SOCKET."""

    def __init__(self, address: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind("\0" + address[1:] if address.startswith("@") else address)
        self._socket.setblocking(False)
        self.environ = {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "8000000"}

    def told(self) -> list[str]:
        """Messages since the last call."""
        messages = []
        while True:
            try:
                messages.append(self._socket.recv(4096).decode())
            except BlockingIOError:
                return messages

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Manager]:
    manager = Manager(str(tmp_path / "notify") if request.param == "path" else f"@coach-{tmp_path.name}-{id(request)}")
    yield manager
    manager.close()


def test_it_is_ready_when_it_lives_and_then_feeds_the_watchdog(manager: Manager) -> None:
    now = [100.0]
    service = ServiceManager(manager.environ, lambda: now[0])
    assert manager.told() == []
    service.alive()
    assert manager.told() == ["READY=1\nWATCHDOG=1"]
    fed = []
    for block in range(400):
        now[0] = 100.0 + block * 0.02
        service.alive()
        fed += [(round(now[0], 2), message) for message in manager.told()]
    # Fed in every quarter of the watchdog's time, not with every block.
    assert fed == [(102.0, "WATCHDOG=1"), (104.0, "WATCHDOG=1"), (106.0, "WATCHDOG=1")]


def test_a_session_is_told_and_its_end(manager: Manager) -> None:
    service = ServiceManager(manager.environ)
    with service.link(REACH) as observer:
        observer(_snapshot("idle"))
        observer(_snapshot("idle"))
        assert manager.told() == ["STATUS=waiting for a lifter"]
    assert manager.told() == ["STOPPING=1\nSTATUS=ending"]


def test_a_start_that_fails_is_told_and_held_up(manager: Manager) -> None:
    waited: list[float] = []
    service = ServiceManager(manager.environ)
    service.cannot_start("settings.toml:3: page.port: 99999: give 0 to 65535\nand more\x1b[2J", waited.append)
    assert waited == [RETRY_S]
    [message] = manager.told()
    status, extended = message.split("\n")
    assert status == "STATUS=cannot start: settings.toml:3: page.port: 99999: give 0 to 65535 (next try in 30 s)"
    # Longer than the coach waits; otherwise the manager would take the wait for a hang.
    assert extended == "EXTEND_TIMEOUT_USEC=40000000"
    service.alive()
    service.cannot_start("died later: it is started again at once", waited.append)
    assert waited == [RETRY_S]


def test_a_status_is_one_short_line(manager: Manager) -> None:
    service = ServiceManager(manager.environ)
    service.status("\n  first\x07 \nREADY=1\n")
    service.status("x" * 5000)
    first, long = manager.told()
    assert first == "STATUS=first"
    assert long == f"STATUS={'x' * 297}..."


@pytest.mark.parametrize("address", ["", "vsock:2:1234", "relative", "/nowhere/at/all"])
def test_without_a_manager_nothing_happens(address: str) -> None:
    """A manager that is gone counts as no manager."""
    service = ServiceManager({"NOTIFY_SOCKET": address} if address else {})
    with service.link(REACH) as observer:
        observer(_snapshot("idle"))
        service.alive()
        service.status("nobody reads it")
    assert service.ready is (address == "/nowhere/at/all")


def test_a_manager_that_does_not_read_is_not_waited_for(manager: Manager) -> None:
    service = ServiceManager(manager.environ)
    for number in range(2000):
        service.status(str(number))
    assert manager.told()[0] == "STATUS=0"


@pytest.mark.parametrize(
    ("environ", "fed"),
    [
        ({"WATCHDOG_PID": "7"}, 2),
        ({"WATCHDOG_PID": "8"}, 1),
        ({"WATCHDOG_USEC": "much"}, 1),
        ({"WATCHDOG_USEC": ""}, 1),
    ],
)
def test_the_watchdog_is_fed_only_if_it_is_ours(manager: Manager, environ: dict[str, str], fed: int) -> None:
    now = [0.0]
    service = ServiceManager({**manager.environ, **environ}, lambda: now[0], pid=7)
    for at in (0.0, 5.0):
        now[0] = at
        service.alive()
    assert len(manager.told()) == fed


@pytest.mark.parametrize("hangs", ["ears", "session", "attendant"])
def test_any_thread_that_hangs_starves_the_watchdog(hangs: str) -> None:
    """Real threads; when the hanging thread continues, the watchdog is fed again."""
    fed, end, go = Flag(), Flag(), Flag()
    go.set()
    signs = SignsOfLife(fed.set)
    of = {"session": signs.of("session"), "attendant": signs.of("attendant"), "ears": signs.ears}

    def work(name: str) -> None:
        while not end.wait(0.002):
            if name == hangs:
                go.wait()
            of[name]()

    threads = [Thread(target=work, args=(name,)) for name in of]
    for thread in threads:
        thread.start()
    try:
        assert fed.wait(30)
        go.clear()
        # A sign that was under way when the thread was stopped may still arrive.
        end.wait(0.02)
        fed.clear()
        end.wait(0.02)
        fed.clear()
        assert not fed.wait(0.1)
        go.set()
        assert fed.wait(30)
    finally:
        go.set()
        end.set()
        for thread in threads:
            thread.join()


def test_the_status_is_in_words() -> None:
    messages: list[str] = []
    status = Status(messages.append)
    for happened in (
        _snapshot("idle"),
        _snapshot("set.lowering", rep=4),
        TimePassed(1.0),
        MicrophoneLost(2.0, "the device went away"),
        _snapshot("paused", rep=4),
        SpeakerLost(3.0, "no sound has passed for 1.0 s"),
        MicrophoneFound(4.0),
        HelperLost(4.5, "the server is gone"),
        HelperFound(4.6),
        MicrophoneSilent(4.7, "it is mute"),
        Heard(4.8, 4.7, "", 0.0, 1, True),
        JournalFailed(5.0, "disk full"),
        _snapshot("stuck", rep=4, alert=Alert.STUCK),
        _snapshot("resting"),
        _snapshot("unheard-of"),
        SessionStarted(9.0),
    ):
        status(happened)
    lost = "no loudspeaker: no sound has passed for 1.0 s"
    both = f"{lost}; nothing is written down: disk full"
    assert messages == [
        "waiting for a lifter",
        "set 2 of 3, repetition 4 of 10",
        "no microphone: the device went away; set 2 of 3, repetition 4 of 10",
        "no microphone: the device went away; paused, set 2 of 3, repetition 4 of 10",
        f"no microphone: the device went away; {lost}; paused, set 2 of 3, repetition 4 of 10",
        f"{lost}; paused, set 2 of 3, repetition 4 of 10",
        f"{lost}; a server is gone: the server is gone; paused, set 2 of 3, repetition 4 of 10",
        f"{lost}; paused, set 2 of 3, repetition 4 of 10",
        f"{lost}; nothing is heard: it is mute; paused, set 2 of 3, repetition 4 of 10",
        f"{lost}; paused, set 2 of 3, repetition 4 of 10",
        f"{both}; paused, set 2 of 3, repetition 4 of 10",
        f"{both}; ALERT: stuck, nobody answers, stuck under the load, set 2 of 3, repetition 4 of 10",
        f"{both}; resting, 1 done",
        f"{both}; unheard-of",
        f"{lost}; unheard-of",
    ]


def _snapshot(state: str, rep: int = 0, alert: Alert | None = None) -> Snapshot:
    planned = PlannedSet(reps=10, sets=3, rest=90, tempo="4-1-2-0", load=None, unit=None, number=2)
    return Snapshot(
        at=1.0,
        state=state,
        set=2,
        rep=rep,
        sets_done=1,
        phase=None,
        plan=planned,
        saying=(),
        understood=None,
        ended=False,
        alert=alert,
    )
