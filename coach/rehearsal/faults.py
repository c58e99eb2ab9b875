"""Faults on purpose: what the world does to a session, by the name it has in scripts.

Law: a fault takes the way it takes live. A device is an event and a silence, a line that cannot be rendered or an entry
that cannot be written fails in the adapter that does it; the conversation is told nothing a live one would not be.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import assert_never

from coach.adapters.journal import FileJournal
from coach.events import (
    Event,
    HearingFailed,
    HearingRestarted,
    MicrophoneFound,
    MicrophoneLost,
    SpeakerFound,
    SpeakerLost,
)
from coach.records import Record

LONGEST_S = 600.0
"""Audio that nobody hears is made all the same."""
_REASON = "a fault on purpose"


class Fault(Enum):
    """What can go wrong; the value is its name in scripts."""

    STALLS = "recogniser stalls"
    """Words said within the next `seconds` are heard at their end."""
    RESTARTS = "recogniser restarts"
    """It died while something was said, and was replaced."""
    DIES = "recogniser dies"
    """Too often: it is not replaced any more."""
    VOICE = "voice fails"
    """The next line cannot be rendered."""
    DISK = "disk full"
    """From now on nothing can be written."""
    MICROPHONE_LOST = "microphone lost"
    MICROPHONE_BACK = "microphone back"
    SPEAKER_LOST = "speaker lost"
    SPEAKER_BACK = "speaker back"
    CLOCK = "clock jumps"
    """The session's clock is `seconds` ahead at once: the program had no time, as when the machine slept."""


LASTING = frozenset({Fault.STALLS.value, Fault.CLOCK.value})
"""These need `seconds`."""


@dataclass(slots=True)
class Trouble:
    """What is out of order in a virtual world."""

    deaf: bool = False
    mute: bool = False
    stalled_until: float = 0.0
    voiceless: int = 0
    """Lines that will not be rendered."""
    disk_full: bool = False

    def strike(self, fault: Fault, seconds: float, now: float) -> Event | None:
        """Bring it about; returns what the session is told of it. The clock is the world's own to move."""
        match fault:
            case Fault.STALLS:
                self.stalled_until = now + seconds
            case Fault.VOICE:
                self.voiceless += 1
            case Fault.DISK:
                self.disk_full = True
            case Fault.RESTARTS:
                return HearingRestarted(now, _REASON, lost=True)
            case Fault.DIES:
                self.deaf = True
                return HearingFailed(now, _REASON)
            case Fault.MICROPHONE_LOST:
                self.deaf = True
                return MicrophoneLost(now, _REASON)
            case Fault.MICROPHONE_BACK:
                self.deaf = False
                return MicrophoneFound(now)
            case Fault.SPEAKER_LOST:
                self.mute = True
                return SpeakerLost(now, _REASON)
            case Fault.SPEAKER_BACK:
                self.mute = False
                return SpeakerFound(now)
            case Fault.CLOCK:
                pass
            case _:
                assert_never(fault)
        return None


class Notebook:
    """A journal that is only observed, until the disk is full: then it is the real one, with nowhere to write."""

    def __init__(self, trouble: Trouble, post: Callable[[Event], None]) -> None:
        self._trouble = trouble
        self._file = FileJournal(Path(os.devnull) / "journal.sqlite3", datetime.fromtimestamp(0, UTC), post)

    def write(self, record: Record) -> None:
        """The stage has seen it."""
        if self._trouble.disk_full:
            self._file.write(record)
