"""The part of a session that the page shows, collected from the happenings that an observer sees.

Law: a view is a frozen value. Each happening makes a new view, in some microseconds, or leaves it as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from coach.commands import ListenFor
from coach.events import (
    HearingFailed,
    HelperFound,
    HelperLost,
    JournalFailed,
    MicrophoneFound,
    MicrophoneLost,
    SessionStarted,
    SpeakerFound,
    SpeakerLost,
)
from coach.ports import Happening
from coach.snapshot import Snapshot

MICROPHONE, SPEAKER, HEARING, JOURNAL, HELPER = "microphone", "speaker", "hearing", "journal", "helper"
_LOST: Mapping[type[Happening], str] = {
    MicrophoneLost: MICROPHONE,
    SpeakerLost: SPEAKER,
    HearingFailed: HEARING,
    JournalFailed: JOURNAL,
    HelperLost: HELPER,
}
_FOUND: Mapping[type[Happening], str] = {MicrophoneFound: MICROPHONE, SpeakerFound: SPEAKER, HelperFound: HELPER}


@dataclass(frozen=True, slots=True)
class View:
    """The session after the latest happening."""

    snapshot: Snapshot | None = None
    """None: nothing has happened yet."""
    live: frozenset[str] = frozenset()
    """Intents that can be said now, with the wake word or without."""
    faults: tuple[tuple[str, str], ...] = ()
    """What does not work, such as "microphone", and the reason, for people."""


def seen(view: View, happening: Happening) -> View:
    """Returns the view after one more happening."""
    match happening:
        case Snapshot():
            return replace(view, snapshot=happening)
        case ListenFor(intents, after_wake):
            return replace(view, live=intents | after_wake)
        case SessionStarted():
            # A new session is shown the devices that are still lost.
            return View()
        case (
            MicrophoneLost(reason=reason)
            | SpeakerLost(reason=reason)
            | HearingFailed(reason=reason)
            | JournalFailed(reason=reason)
            | HelperLost(reason=reason)
        ):
            what = _LOST[type(happening)]
            return replace(view, faults=(*_without(view, what).faults, (what, reason)))
        case MicrophoneFound() | SpeakerFound() | HelperFound():
            return _without(view, _FOUND[type(happening)])
        case _:
            return view


def _without(view: View, what: str) -> View:
    return replace(view, faults=tuple(fault for fault in view.faults if fault[0] != what))
