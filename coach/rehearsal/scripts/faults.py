"""Injected faults: what goes wrong in the world of a session, by the names that scripts use.

Law: a fault runs through the same code as in a live session. A lost device is an event and silence. A line that cannot
be rendered, or a record that cannot be written, fails in its adapter. The conversation learns nothing that
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

MAX_FAULT_S = 600.0
"""Longest fault, in seconds: a rehearsal in audio computes every second of its sound, also while nobody hears it."""
_REASON = "a fault on purpose"


class InjectedFault(Enum):
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
    """The microphone gives sound in which nothing is heard."""
    SPEAKER_LOST = "speaker lost"
    SPEAKER_BACK = "speaker back"
    CLOCK = "clock jumps"
    """The session's clock jumps `seconds` ahead: the program did not run, for example while the machine slept."""


LASTING_FAULTS = frozenset({InjectedFault.STALLS.value, InjectedFault.CLOCK.value})
"""Names of the faults that need `seconds`."""


@dataclass(slots=True)
class DeviceFaults:
    """The state of a virtual world's devices."""

    hearing_lost: bool = False
    speaker_lost: bool = False
    stalled_until: float = 0.0
    lines_to_fail: int = 0
    """Number of coming lines that cannot be rendered."""
    disk_full: bool = False

    def inject(self, fault: InjectedFault, seconds: float, now: float) -> Event | None:
        """Makes the fault happen; returns the event for the session, if any. For `CLOCK` the world moves its clock."""
        match fault:
            case InjectedFault.STALLS:
                self.stalled_until = now + seconds
            case InjectedFault.VOICE:
                self.lines_to_fail += 1
            case InjectedFault.DISK:
                self.disk_full = True
            case InjectedFault.RESTARTS:
                return HearingRestarted(now, _REASON, speech_lost=True)
            case InjectedFault.DIES:
                self.hearing_lost = True
                return HearingFailed(now, _REASON)
            case InjectedFault.MICROPHONE_LOST:
                self.hearing_lost = True
                return MicrophoneLost(now, _REASON)
            case InjectedFault.MICROPHONE_BACK:
                self.hearing_lost = False
                return MicrophoneFound(now)
            case InjectedFault.MICROPHONE_SILENT:
                return MicrophoneSilent(now, _REASON)
            case InjectedFault.SPEAKER_LOST:
                self.speaker_lost = True
                return SpeakerLost(now, _REASON)
            case InjectedFault.SPEAKER_BACK:
                self.speaker_lost = False
                return SpeakerFound(now)
            case InjectedFault.CLOCK:
                pass
            case _:
                assert_never(fault)
        return None


class RehearsalJournal:
    """A journal that keeps nothing. Once the disk is full, it hands records to the real journal, which cannot write."""

    def __init__(self, trouble: DeviceFaults, post: Callable[[Event], None]) -> None:
        self._faults = trouble
        # No file can be made below the null device.
        self._real_journal = FileJournal(Path(os.devnull) / "journal.sqlite3", datetime.fromtimestamp(0, UTC), post)

    def write(self, record: Record) -> None:
        """Does nothing while the disk has room: the stage has observed the record."""
        if self._faults.disk_full:
            self._real_journal.write(record)
