"""Picks the journal to which sessions are written, and from which they are read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from coach.adapters.journal.file import FileHistory, FileJournal, journal_file
from coach.adapters.journal.thread import JournalThread
from coach.events import Event
from coach.ports import Archive, History

GUEST = "guest"
"""Name of a lifter who has given no name. A guest's sessions are written down, and do not affect the next guest."""


def history(lifter: str | None = None) -> History:
    """The journal of a lifter, for reading. `lifter`: a name; None: the owner of the coach."""
    return FileHistory(journal_file(lifter=lifter))


def archive(lifter: str | None = None) -> Archive:
    """The journal of a lifter, for reading, adding and deleting. `lifter`: a name; None: the owner of the coach."""
    return FileHistory(journal_file(lifter=lifter))


def begin(post: Callable[[Event], None], lifter: str | None = None, since: float = 0.0) -> JournalThread:
    """The journal of a live session that begins now, at second `since` of the coach's clock. The caller closes it."""
    file = FileJournal(journal_file(lifter=lifter), datetime.now().astimezone(), post, since)
    return JournalThread(file, post)
