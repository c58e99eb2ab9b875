"""Where what was trained is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from coach.adapters.journal import FileHistory, FileJournal, journal_file
from coach.adapters.journal_thread import JournalThread
from coach.events import Event
from coach.ports import Archive, History


def history() -> History:
    """To be read."""
    return FileHistory(journal_file())


def archive() -> Archive:
    """To be added to, too."""
    return FileHistory(journal_file())


def begin(post: Callable[[Event], None]) -> JournalThread:
    """The journal of a live session, whose second 0 is now. It must be closed."""
    return JournalThread(FileJournal(journal_file(), datetime.now().astimezone(), post), post)
