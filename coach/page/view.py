"""What the page knows of a session, put together from what an observer is shown.

Law: a view is a value; a new happening makes a new one, in a few microseconds.
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
    """The session after what happened last."""

    snapshot: Snapshot | None = None
    """None: nothing has happened yet."""
    live: frozenset[str] = frozenset()
    """Intents that would be carried out if the lifter called the coach and said them."""
    faults: tuple[tuple[str, str], ...] = ()
    """What does not work, such as "microphone", and why, for people."""


def seen(view: View, happening: Happening) -> View:
    """The view after one more happening."""
    match happening:
        case Snapshot():
            return replace(view, snapshot=happening)
        case ListenFor(intents, after_wake):
            return replace(view, live=intents | after_wake)
        case SessionStarted():
            # The devices that are lost are told again.
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
