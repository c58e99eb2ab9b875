"""Checks the computer: terminal, settings file, disk, clock."""

from __future__ import annotations

import codecs
import shutil
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import coach
from coach.adapters.journal.file import FileHistory, journal_file
from coach.doctor.examination import Examination
from coach.doctor.finding import Finding, fix, hint, ok
from coach.ports import HistoryError

_UTF_8 = "set LANG=C.UTF-8, or PYTHONUTF8=1"
_MIN_MB, _ENOUGH_MB = 50, 300
"""Free megabytes below which a fault or a hint is reported. A workout takes 0.1 MB, all rendered lines 70 MB."""
_CLOCK = Path("/sys/class/rtc/rtc0")
_SYNCHRONISED = Path("/run/systemd/timesync/synchronized")
_SET_IT = "connect it to the network once (timedatectl shows whether the time came), or give it a battery clock"


def terminal(_: Examination) -> Iterator[Finding]:
    """Whether the terminal can print every letter."""
    encoding = sys.stdout.encoding or "ascii"
    if codecs.lookup(encoding).name == "utf-8":
        yield ok("the terminal takes every letter (utf-8)")
    else:
        yield fix(f"the terminal's encoding is {encoding}, so some letters are printed as escapes: {_UTF_8}")


def settings(examined: Examination) -> Iterator[Finding]:
    """What is wrong with the settings."""
    yield from (fix(finding) for finding in examined.settings_findings)
    if not examined.settings_findings:
        yield ok("the settings are as they must be (coach settings shows them)")


def disk(_: Examination) -> Iterator[Finding]:
    """Free space on the journal's disk."""
    folder = journal_file().parent
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(existing).free / 1e6
    if free < _MIN_MB:
        yield fix(f"the disk is full ({free:.0f} MB free at {existing}): free some, or set XDG_DATA_HOME", free_mb=free)
    elif free < _ENOUGH_MB:
        yield hint(f"the disk is nearly full ({free:.0f} MB free at {existing}): free some", free_mb=free)
    else:
        yield ok(f"{free / 1000:.0f} GB are free at {existing}", free_mb=free)


def clock(_: Examination) -> Iterator[Finding]:
    """Whether the clock can be right. A Raspberry Pi without a battery starts in the past, and its history would be in
    disorder.
    """
    now = time.time()
    if (latest := _latest_workout()) > now:
        when = datetime.fromtimestamp(latest, UTC).strftime("%Y-%m-%d")
        yield fix(f"the clock is wrong: it is before the last workout, of {when}: {_SET_IT}")
    elif now < Path(coach.__file__).stat().st_mtime:
        yield fix(f"the clock is wrong: it is before the day on which the coach was installed: {_SET_IT}")
    elif sys.platform == "linux" and not _CLOCK.exists() and not _SYNCHRONISED.exists():
        yield hint(f"nobody knows whether the clock is right, because this computer has none with a battery: {_SET_IT}")
    else:
        yield ok(f"the clock says {datetime.now().astimezone().strftime('%Y-%m-%d %H:%M %Z')}")


def _latest_workout() -> float:
    """Time of the latest workout in seconds since 1970; 0: none exists, or none can be read, which `files` reports."""
    try:
        return next((session.unix_time for session in FileHistory(journal_file()).sessions(limit=1)), 0.0)
    except HistoryError:
        return 0.0
