"""Where what was trained is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from coach.adapters.journal import FileHistory, FileJournal, journal_file
from coach.adapters.journal_thread import JournalThread
from coach.events import Event
from coach.ports import Archive, History

GUEST = "guest"
"""A lifter who has given no name: what is trained is written down, and means nothing to the next guest."""


def history(lifter: str | None = None) -> History:
    """To be read. `lifter`: by name; None: whoever owns the coach."""
    return FileHistory(journal_file(lifter=lifter))


def archive(lifter: str | None = None) -> Archive:
    """To be added to, too."""
    return FileHistory(journal_file(lifter=lifter))


def begin(post: Callable[[Event], None], lifter: str | None = None, since: float = 0.0) -> JournalThread:
    """The journal of a live session that begins now, at second `since` of the coach's clock. It must be closed."""
    file = FileJournal(journal_file(lifter=lifter), datetime.now().astimezone(), post, since)
    return JournalThread(file, post)
