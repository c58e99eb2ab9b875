"""The part of a session that the page shows, collected from what an observer sees.

Law: a view is a frozen value. What is observed makes a new view, in some microseconds, or changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from coach.commands import ListenFor
from coach.events import PART_BROKEN_BY, PART_MENDED_BY, Breakdown, Part, SessionStarted
from coach.ports import Observed
from coach.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class View:
    """The session after everything that was observed so far."""

    snapshot: Snapshot | None = None
    """The latest snapshot; None: nothing has happened yet."""
    live: frozenset[str] = frozenset()
    """Intents that can be said now, with the wake word or without."""
    faults: tuple[tuple[Part, str], ...] = ()
    """Parts that do not work, and the reasons, for people."""


def updated(view: View, observed: Observed) -> View:
    """Returns the view after one more event, command or snapshot."""
    match observed:
        case Snapshot():
            return replace(view, snapshot=observed)
        case ListenFor(intents, after_wake_word):
            return replace(view, live=intents | after_wake_word)
        case SessionStarted():
            # The next events of a new session report the devices that are still lost.
            return View()
        case _ if isinstance(observed, Breakdown):
            part = PART_BROKEN_BY[type(observed)]
            return replace(view, faults=(*_without(view, part).faults, (part, observed.reason)))
        case _ if type(observed) in PART_MENDED_BY:
            return _without(view, PART_MENDED_BY[type(observed)])
        case _:
            return view


def _without(view: View, part: Part) -> View:
    return replace(view, faults=tuple(fault for fault in view.faults if fault[0] is not part))
