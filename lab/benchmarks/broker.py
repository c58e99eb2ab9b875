"""Fifty corners on one broker: what it costs them and the broker, and how late others see what happens.

The corners are links of `coach/adapters/broker` in a process of their own. They are shown what rehearsed sessions
showed their observers, in real time or faster. One subscriber sees all of them, as a bridge to a database would.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from coach.adapters.broker.link import BrokerLink
from coach.commands import DropLines, ListenFor, SetPace, SetVolume, Write
from coach.events import SessionStarted
from coach.language.speaking_time import speaking_time
from coach.ports import Observed, Observer, SessionAccess
from coach.records import (
    FaultReported,
    GotStuck,
    PainReported,
    RepDone,
    SessionBegan,
    SessionResumed,
    SetAmended,
    SetBegan,
    SetEnded,
    StopSaid,
    WorkoutEnded,
)
from coach.rehearsal.performance import conversation_of
from coach.rehearsal.performing.comparison import Comparison
from coach.rehearsal.performing.stage import PerformanceOver, Stage
from coach.rehearsal.performing.worlds import TextWorld
from coach.rehearsal.scripts.script import read_script
from coach.session import Ports, run
from coach.settings import Broker
from coach.wiring.engines import exercise
from lab.rigs.mosquitto import Mosquitto, Watcher, mosquitto, wait_until

CORNERS = 50
RUNS = ((1, False), (1, True), (10, False))
"""How much faster than real time, and whether phases are published."""
TOLD = (
    SessionBegan
    | SessionResumed
    | SetBegan
    | RepDone
    | SetEnded
    | SetAmended
    | FaultReported
    | StopSaid
    | GotStuck
    | PainReported
    | WorkoutEnded
)
"""Records that become events."""
CONVERSATIONS = Path(__file__).parents[2] / "tests" / "conversations"
SESSIONS = ("whole_workout", "ten_reps", "rest", "stop", "pain")
"""Rehearsed; a corner plays them one after the other, beginning somewhere in them."""
TICKS = os.sysconf("SC_CLK_TCK")
Key = tuple[str, str, float]
"""Of an event: its corner, its type and its second."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one run."""

    seconds: float
    messages: int
    """That the subscriber saw."""
    delays: list[float]
    """Milliseconds from an event that is handed to the link until the subscriber has it."""
    missing: int
    """Events that it never saw."""
    held: list[float]
    """Microseconds in which a session's thread was held for one happening."""
    corners_cpu: float
    """Seconds of all corners' process; what feeds them is in it."""
    broker_cpu: float
    corners_memory: float
    """MB."""
    broker_memory: float


def main(quick: bool = False) -> None:
    """Measure and print."""
    seconds = 10.0 if quick else 60.0
    with TemporaryDirectory() as folder, mosquitto(Path(folder)) as broker:
        for speed, phases in RUNS:
            name = f"{CORNERS} corners, {speed}x real time{', with phases' if phases else ''}"
            _print(name, _run(broker, seconds, speed, phases))
        _print_return(*_returns(broker))


def _print(name: str, figures: Figures) -> None:
    held, delays, seconds = sorted(figures.held), sorted(figures.delays), figures.seconds
    late = f"{_at(delays, 50):8.1f} ms p50, {_at(delays, 95):.1f} p95, {delays[-1]:.1f} worst of {len(delays)}"
    hold = f"{_at(held, 50):8.1f} us p50, {_at(held, 95):.1f} p95, {_at(held, 99):.1f} p99, {held[-1]:.0f} worst"
    print(f"{name}, {seconds:.0f} s")
    print(f"  messages                    {figures.messages / seconds:8.1f} a second")
    print(f"  event to subscriber         {late}")
    print(f"  events never seen           {figures.missing:8}")
    print(f"  a session's thread is held  {hold} of {len(held)}")
    print(f"  processor, a corner         {figures.corners_cpu / seconds / CORNERS:8.3%} of a core")
    print(f"  processor, the broker       {figures.broker_cpu / seconds:8.3%} of a core")
    print(f"  memory, the broker          {figures.broker_memory:8.1f} MB")
    print(f"  memory, a corner's link     {figures.corners_memory * 1000 / CORNERS:8.0f} kB more than without")


def _print_return(longest: float, states: int, dropped: int, lines: int) -> None:
    print(f"the broker is gone for 5 s, and {CORNERS} corners come back")
    print(f"  all online again after      {longest:8.1f} s, {states} states published again; {dropped} events missing")
    print(f"  lines on a terminal         {lines / CORNERS:8.1f}")


def _at(values: list[float], percent: int) -> float:
    return values[min(len(values) - 1, round(percent / 100 * len(values)))]


def _run(broker: Mosquitto, seconds: float, speed: int, phases: bool) -> Figures:
    with _corners(broker, speed, phases) as (ours, pid), Watcher(broker.port, "coach/#") as watcher:
        # Everybody has connected and published its state.
        assert wait_until(
            lambda: len({one.topic for one in watcher.seen if one.topic.endswith("/alert")}) == CORNERS, 30.0
        )
        time.sleep(1.0)
        before, began = len(watcher.seen), time.monotonic()
        corners, brokers = _cpu(pid), _cpu(broker.process.pid)
        time.sleep(seconds)
        lasted, after = time.monotonic() - began, len(watcher.seen)
        corners, brokers = _cpu(pid) - corners, _cpu(broker.process.pid) - brokers
        memory = _memory(broker.process.pid)
        ours.send("end")
        assert ours.poll(60.0)
        sent, held, used, _ = ours.recv()
        time.sleep(0.5)
        seen = dict(_events(watcher))
    window = {key: at for key, at in sent.items() if began <= at <= began + lasted}
    delays = [1000 * (seen[key] - at) for key, at in window.items() if key in seen]
    missing = len(window) - len(delays)
    return Figures(lasted, after - before, delays, missing, held, corners, brokers, used, memory)


def _returns(broker: Mosquitto) -> tuple[float, int, int, int]:
    """Seconds until the last is online again, states published again, events missing, and lines on terminals."""
    with _corners(broker, 1, False) as (ours, _):
        with Watcher(broker.port, "coach/#") as watcher:
            assert wait_until(
                lambda: len({one.topic for one in watcher.seen if one.topic.endswith("/alert")}) == CORNERS, 30.0
            )
        time.sleep(2.0)
        broker.stop()
        gone = time.monotonic()
        time.sleep(5.0)
        broker.start()
        began = time.monotonic()
        with Watcher(broker.port, "coach/#") as watcher:

            def online() -> bool:
                return len({one.topic for one in watcher.seen if one.topic.endswith("/availability")}) == CORNERS

            assert wait_until(online, 120.0)
            longest = time.monotonic() - began
            time.sleep(3.0)
            ended = time.monotonic()
            ours.send("end")
            sent, _, _, lines = ours.recv()
            states = len({one.topic for one in watcher.seen if "/event/" not in one.topic})
            seen = dict(_events(watcher))
    missing = sum(gone < at < ended - 1.0 and key not in seen for key, at in sent.items())
    return longest, states, missing, lines


@contextlib.contextmanager
def _corners(broker: Mosquitto, speed: int, phases: bool) -> Iterator[tuple[Connection, int]]:
    """Running in a process; send "end" and receive when which event was handed over."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_feed, args=(theirs, broker.settings(phases=phases), speed))
    process.start()
    assert ours.poll(60.0)
    ours.recv()
    assert process.pid is not None
    try:
        yield ours, process.pid
    finally:
        process.join(30.0)


def _feed(pipe: Connection, settings: Broker, speed: int) -> None:
    """The process of all corners."""
    shown, chance = [_shown(name) for name in SESSIONS], random.Random(5)
    began = time.monotonic()
    reach = SessionAccess(lambda _text, _source: None, lambda: time.monotonic() - began)
    sent: dict[Key, float] = {}
    held, lines = list[float](), list[str]()
    before = _memory(os.getpid())
    with contextlib.ExitStack() as stack:
        corners: list[tuple[Iterator[tuple[float, Observed]], Observer]] = []
        for number in range(CORNERS):
            one = replace(settings, name=f"corner-{number}")
            observer = stack.enter_context(BrokerLink(one, reach, lines.append))
            offset = chance.uniform(0, 300)
            session = _endless(shown, chance, offset, lambda: (time.monotonic() - began) * speed)
            corners.append((session, observer))
        pipe.send("ready")
        coming = [next(session) for session, _ in corners]
        used = 0.0
        while not pipe.poll():
            now = (time.monotonic() - began) * speed
            for number, (session, observer) in enumerate(corners):
                while coming[number][0] <= now:
                    happening = coming[number][1]
                    if isinstance(happening, Write) and isinstance(happening.record, TOLD):
                        key = (f"corner-{number}", happening.record.kind, round(happening.record.at, 3))
                        sent[key] = time.monotonic()
                    start = time.perf_counter()
                    observer(happening)
                    held.append(1e6 * (time.perf_counter() - start))
                    coming[number] = next(session)
            used = used or (_memory(os.getpid()) - before if now > 5 * speed else 0.0)
            time.sleep(0.001)
        pipe.recv()
    pipe.send((sent, held, used, len(lines)))


def _endless(
    shown: list[list[tuple[float, Observed]]], chance: random.Random, skipped: float, now: Callable[[], float]
) -> Iterator[tuple[float, Observed]]:
    """Sessions one after the other, on one clock; of the first so many seconds are over."""
    start = -skipped
    while True:
        session = chance.choice(shown)
        for at, happening in session:
            if start + at >= 0 or isinstance(happening, SessionStarted):
                yield max(0.0, start + at), _moved(happening, start)
        start = max(now(), start + session[-1][0] + 1.0)


def _moved(happening: Observed, by: float) -> Observed:
    match happening:
        case Write(record):
            return Write(replace(record, at=record.at + by))
        case ListenFor() | DropLines() | SetVolume() | SetPace():
            return happening
        case _:
            return replace(happening, at=happening.at + by)


def _shown(name: str) -> list[tuple[float, Observed]]:
    """What a rehearsal shows its observers, and when."""
    pack, grammar, usual = exercise()
    script = read_script(CONVERSATIONS / f"{name}.yaml", usual)
    conversation = conversation_of(script, pack, grammar, speaking_time)
    stage = Stage(script, speaking_time, lambda: conversation.state)
    world, found = TextWorld(Comparison(stage, exact=True)), list[tuple[float, Observed]]()
    with contextlib.suppress(PerformanceOver):
        watch: list[Observer] = [lambda happening: found.append((world.now, happening)), stage.observe]
        run(conversation, Ports(world, world, world, world.journal), watch)
    return found


def _events(watcher: Watcher) -> Iterator[tuple[Key, float]]:
    """When the subscriber had each first."""
    kinds = {("set", "begun"): "set_began", ("workout", "begun"): "began", ("workout", "resumed"): "resumed"}
    seen = set()
    for one in watcher.seen:
        _, corner, *rest = one.topic.split("/")
        if rest[0] != "event" or rest[1] in ("alert", "fault"):
            continue
        content = json.loads(one.payload)
        part = "pain" if rest[1] == "dizzy" else rest[1]
        key = (corner, kinds.get((part, content["event_type"]), part), content["second"])
        if key not in seen:
            seen.add(key)
            yield key, one.at


def _cpu(pid: int) -> float:
    """Seconds of processor time so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _memory(pid: int) -> float:
    """MB that belong to the process alone or by its share."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
