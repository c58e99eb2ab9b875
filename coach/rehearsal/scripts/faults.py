"""Injected faults: what goes wrong in the world of a session, by the names that scripts use.

Law: a fault runs through the same code as in a live session. A lost device is an event and silence; a line
that cannot be rendered, or a record that cannot be written, fails in its adapter. The conversation learns nothing that
it would not learn live.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import assert_never

from coach.adapters.journal.file import FileJournal
from coach.events import (
    Event,
    HearingFailed,
    HearingRestarted,
    MicrophoneFound,
    MicrophoneLost,
    MicrophoneSilent,
    SpeakerFound,
    SpeakerLost,
)
from coach.records import Record

LONGEST_S = 600.0
"""Longest fault, in seconds: a rehearsal in audio computes every second of its sound, also while nobody hears it."""
_REASON = "a fault on purpose"


class Fault(Enum):
    """Something that goes wrong; the value is its name in scripts."""

    STALLS = "recogniser stalls"
    """Words said within the next `seconds` are heard when these seconds are over."""
    RESTARTS = "recogniser restarts"
    """The recogniser died while something was said, and was replaced."""
    DIES = "recogniser dies"
    """The recogniser died too often: it is not replaced again."""
    VOICE = "voice fails"
    """The next line cannot be rendered."""
    DISK = "disk full"
    """From this fault on nothing can be written."""
    MICROPHONE_LOST = "microphone lost"
    MICROPHONE_BACK = "microphone back"
    MICROPHONE_SILENT = "microphone silent"
    """It gives sound in which nothing is heard."""
    SPEAKER_LOST = "speaker lost"
    SPEAKER_BACK = "speaker back"
    CLOCK = "clock jumps"
    """The session's clock jumps `seconds` ahead: the program did not run, for example while the machine slept."""


LASTING = frozenset({Fault.STALLS.value, Fault.CLOCK.value})
"""Names of the faults that need `seconds`."""


@dataclass(slots=True)
class Trouble:
    """The state of a virtual world's devices."""

    deaf: bool = False
    mute: bool = False
    stalled_until: float = 0.0
    voiceless: int = 0
    """Number of coming lines that cannot be rendered."""
    disk_full: bool = False

    def strike(self, fault: Fault, seconds: float, now: float) -> Event | None:
        """Makes the fault happen; returns the event for the session, if any. For `CLOCK` the world moves its clock."""
        match fault:
            case Fault.STALLS:
                self.stalled_until = now + seconds
            case Fault.VOICE:
                self.voiceless += 1
            case Fault.DISK:
                self.disk_full = True
            case Fault.RESTARTS:
                return HearingRestarted(now, _REASON, speech_lost=True)
            case Fault.DIES:
                self.deaf = True
                return HearingFailed(now, _REASON)
            case Fault.MICROPHONE_LOST:
                self.deaf = True
                return MicrophoneLost(now, _REASON)
            case Fault.MICROPHONE_BACK:
                self.deaf = False
                return MicrophoneFound(now)
            case Fault.MICROPHONE_SILENT:
                return MicrophoneSilent(now, _REASON)
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
    """A journal that keeps nothing. Once the disk is full, it hands records to the real journal, which cannot write."""

    def __init__(self, trouble: Trouble, post: Callable[[Event], None]) -> None:
        self._trouble = trouble
        # No file can be made below the null device.
        self._file = FileJournal(Path(os.devnull) / "journal.sqlite3", datetime.fromtimestamp(0, UTC), post)

    def write(self, record: Record) -> None:
        """Does nothing while the disk has room: the stage has observed the record."""
        if self._trouble.disk_full:
            self._file.write(record)
