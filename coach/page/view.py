"""The part of a session that the page shows, collected from the happenings that an observer sees.

Law: a view is a frozen value. Each happening makes a new view, in some microseconds, or leaves it as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from coach.commands import ListenFor
from coach.events import PART_BROKEN_BY, PART_MENDED_BY, Breakdown, Part, SessionStarted
from coach.ports import Observed
from coach.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class View:
    """The session after the latest happening."""

    snapshot: Snapshot | None = None
    """None: nothing has happened yet."""
    live: frozenset[str] = frozenset()
    """Intents that can be said now, with the wake word or without."""
    faults: tuple[tuple[Part, str], ...] = ()
    """Parts that are out of order, and the reasons, for people."""


def updated(view: View, happening: Observed) -> View:
    """Returns the view after one more happening."""
    match happening:
        case Snapshot():
            return replace(view, snapshot=happening)
        case ListenFor(intents, after_wake_word):
            return replace(view, live=intents | after_wake_word)
        case SessionStarted():
            # A new session is shown the devices that are still lost.
            return View()
        case _ if isinstance(happening, Breakdown):
            part = PART_BROKEN_BY[type(happening)]
            return replace(view, faults=(*_without(view, part).faults, (part, happening.reason)))
        case _ if type(happening) in PART_MENDED_BY:
            return _without(view, PART_MENDED_BY[type(happening)])
        case _:
            return view


def _without(view: View, part: Part) -> View:
    return replace(view, faults=tuple(fault for fault in view.faults if fault[0] is not part))
