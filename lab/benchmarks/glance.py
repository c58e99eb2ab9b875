"""The page: how soon a beat is on it, and what fifty open pages cost the session that they show.

A page in a real Chromium, on loopback; pages that only listen, in a process of their own; a real conversation without
sound, in real time. Nothing of it can be measured on one core.
"""

from __future__ import annotations

import multiprocessing
import selectors
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.synchronize import Event
from pathlib import Path
from threading import Event as Flag
from threading import Thread

from coach.commands import ListenFor
from coach.page.buttons import BUTTONS
from coach.ports import Observed
from coach.snapshot import CountedPhase, PlannedSet, Snapshot
from lab.benchmarks.figures import Figure, table
from lab.rigs.browser import Browser, found
from lab.rigs.corner import Served, corner, served
from lab.rigs.talk import plan_of

PAGES = 50
SHOWN_BARS = ((95, 50.0),)
BLOCK_S = 0.02
"""Of the sound: a thread that must run so often stands for PortAudio's."""
_WATCH = """
window.changes = [];
new MutationObserver(() => window.changes.push([performance.timeOrigin + performance.now(),
  document.getElementById('beat').textContent, document.getElementById('rep').textContent]))
  .observe(document.getElementById('glance'), {subtree: true, childList: true, characterData: true});
"""


def main(quick: bool = False) -> None:
    """Prints the table."""
    snapshots, seconds = (20, 8) if quick else (120, 40)
    groups = [("in Chromium, on loopback", [_shown(snapshots), _beats(2 if quick else 10)])]
    for pages, name in ((None, "no page"), (0, "a page that nobody looks at"), (PAGES, f"{PAGES} open pages")):
        groups.append((f"the session with {name}", _session(pages, seconds)))
    print(table(groups))


def _browser() -> Browser:
    program = found()
    if program is None:
        raise SystemExit("no Chromium: install chromium-headless-shell")
    return Browser(program, Path(tempfile.mkdtemp()))


def _snapshot(at: float, rep: int, phase: CountedPhase | None) -> Snapshot:
    plan = PlannedSet(10, 3, 90, "4-1-2-0", 80.0, "kg")
    return Snapshot(at, "set.lowering", 1, rep, 0, phase, plan, (), None, False)


def _shown(count: int) -> Figure:
    """From the moment the session shows a snapshot to the change in the browser's document."""
    late = []
    with served() as page, _browser() as window:
        page.show(ListenFor(frozenset(BUTTONS)))
        page.show(_snapshot(0.0, 0, None))
        window.open(page.address, width=360, height=740)
        window.wait_for("document.getElementById('rep').textContent === '0 / 10'")
        window.ask(_WATCH)
        began = {}
        for number in range(1, count + 1):
            time.sleep(0.1 + 0.01 * (number % 7))
            at = page.clock()
            began[f"{number} / 10"] = time.time()
            page.show(_snapshot(at, number, CountedPhase("lowering", at, 4)))
        time.sleep(0.5)
        for at_ms, _, rep in window.ask("window.changes"):
            shown = began.pop(rep, None)
            if shown is not None:
                late.append(at_ms - shown * 1000)
    return Figure("snapshot to document", tuple(late), missed=len(began), bars=SHOWN_BARS)


def _beats(reps: int) -> Figure:
    """Between a beat's time on the coach's clock and the change of its number."""
    late = []
    with served() as page, _browser() as window:
        page.show(_snapshot(0.0, 0, None))
        window.open(page.address, width=360, height=740)
        window.wait_for("document.getElementById('rep').textContent === '0 / 10'")
        window.ask(_WATCH)
        zero = time.time() - page.clock()
        for rep in range(reps):
            at = page.clock()
            page.show(_snapshot(at, rep, CountedPhase("lowering", at, 4)))
            time.sleep(max(0.0, at + 4.0 - page.clock()))
            seen = set()
            for at_ms, beat, _ in window.ask("window.changes.splice(0)"):
                if beat in ("2", "3", "4") and beat not in seen:
                    seen.add(beat)
                    late.append(at_ms - 1000 * (zero + at + int(beat) - 1))
    return Figure("beat to its number", tuple(late), signed=False, bars=SHOWN_BARS)


def _session(pages: int | None, seconds: float) -> list[Figure]:
    """What it costs. `pages`: None: the page is not shown anything."""
    shows: list[float] = []
    late: list[float] = []

    with corner(plan_of(reps=30, tempo="2-1-1-1")) as coach:
        show = coach.served.show

        def timed(happening: Observed) -> None:
            if isinstance(happening, Snapshot):
                late.append(1000 * (coach.served.clock() - happening.at))
            began = time.perf_counter()
            if pages is not None:
                show(happening)
            if isinstance(happening, Snapshot):
                shows.append(1000 * (time.perf_counter() - began))

        coach.served.show = timed
        with _listening(coach.served, pages or 0), _block_clock() as blocks:
            coach.ask("start set")
            while coach.state != "set.lowering":
                time.sleep(0.1)
            late.clear()
            shows.clear()
            blocks.clear()
            used = time.process_time()
            time.sleep(seconds)
            used = time.process_time() - used
            cpu = 100 * used / seconds
    return [
        Figure("observer, a snapshot", tuple(shows)),
        Figure("snapshot after its time", tuple(late)),
        Figure("a block of sound, late", tuple(blocks)),
        Figure("processor", (cpu,), unit="%"),
    ]


@contextmanager
def _block_clock() -> Iterator[list[float]]:
    """How late a thread is that sleeps for a block at a time."""
    late: list[float] = []
    over = Flag()

    def sleep() -> None:
        while not over.is_set():
            due = time.perf_counter() + BLOCK_S
            time.sleep(BLOCK_S)
            late.append(1000 * (time.perf_counter() - due))

    thread = Thread(target=sleep)
    thread.start()
    try:
        yield late
    finally:
        over.set()
        thread.join()


@contextmanager
def _listening(page: Served, pages: int) -> Iterator[None]:
    """So many pages are open, in another process."""
    context = multiprocessing.get_context("spawn")
    ready, over = context.Event(), context.Event()
    reader = context.Process(target=_read, args=(page.port, page.host, pages, ready, over))
    reader.start()
    ready.wait(30)
    try:
        yield
    finally:
        over.set()
        reader.join()


def _read(port: int, host: str, pages: int, ready: Event, over: Event) -> None:
    with selectors.DefaultSelector() as selector:
        for _ in range(pages):
            sock = socket.create_connection(("127.0.0.1", port))
            sock.sendall(f"GET /events HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            selector.register(sock, selectors.EVENT_READ)
        ready.set()
        while not over.is_set():
            for key, _ in selector.select(0.1):
                assert isinstance(key.fileobj, socket.socket)
                if not key.fileobj.recv(1 << 16):
                    raise SystemExit("a page was cut off")
