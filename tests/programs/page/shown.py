"""What the tests show on a page that is served without a session."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from coach.commands import ListenFor
from coach.page.buttons import BUTTONS
from coach.settings import Page
from coach.snapshot import PlannedSet, Snapshot, SpokenLine
from lab.rigs.corner import Served, served

SECRET = "Nobody else shall read this"
ALL = frozenset(BUTTONS)


def snapshot(at: float, state: str = "idle", **others: object) -> Snapshot:
    """Something to see."""
    line = SpokenLine(SECRET, at, at + 4)
    usual = {"set": 1, "rep": 3, "sets_done": 1, "phase": None, "understood": None, "ended": False, "saying": (line,)}
    return Snapshot(at=at, state=state, plan=PlannedSet(10, 3, 90, "4-1-2-0", 82.5, "kg"), **{**usual, **others})  # type: ignore[arg-type]


def show(page: Served, state: str = "idle", live: frozenset[str] = ALL, **others: object) -> None:
    """The coach is so now."""
    page.show(ListenFor(live))
    page.show(snapshot(page.clock(), state, **others))


@contextmanager
def everywhere(port: int = 0) -> Iterator[Served]:
    """A page for the whole network, opened from this computer."""
    with served(Page(True, "0.0.0.0", port)) as one:
        one.address = f"http://127.0.0.1:{one.port}/#token={one.token}"
        show(one)
        yield one


def wait_until(holds: Callable[[], object]) -> None:
    """Patiently."""
    until = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.01)
