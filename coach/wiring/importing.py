"""Adds workouts from files of other programs to the journal."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from coach.adapters.files.input import read_text
from coach.formats import conversion
from coach.formats.csv_table import MAX_FILE_BYTES
from coach.formats.rows import Imported
from coach.ports import StoredSession
from coach.training.log import FIRST_EXERCISE
from coach.wiring.journal import archive


def read(path: Path, name: str | None, unit: str) -> tuple[str, Imported]:
    """The name of a file's format, and what the file holds. DataError lists everything that is wrong with the file."""
    return conversion.read(read_text(path, MAX_FILE_BYTES), str(path), name, unit=unit)


def add_to_journal(found: Imported, lifter: str | None = None) -> int:
    """Add the imported sessions to the journal, all or nothing; returns how many are new."""
    journal = archive(lifter)
    sessions = found.sessions
    if found.without_zone:
        # The journal may have the session already: exported from here, or imported in another time zone.
        known = {_to_the_minute(session) for session in journal.sessions(without_kinds=("rep",))}
        sessions = tuple(session for session in sessions if _to_the_minute(session) not in known)
    return journal.add(sessions)


def _to_the_minute(session: StoredSession) -> tuple[datetime, str]:
    """A session's beginning in local time, to the minute, and its exercise."""
    began = datetime.fromisoformat(session.began).replace(tzinfo=None, second=0, microsecond=0)
    return began, FIRST_EXERCISE if session.plan is None else session.plan.exercise
