"""The journal, written during a session and read back: one file in the user's data folder.

Law: a record is in the file before the next count, so a process that is killed loses at most the repetition under way.
A file that cannot be written or read delays no count: the failure is reported once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from coach.adapters.files.folders import data_folder
from coach.adapters.journal.database import Database, check_unused, open_to_read, open_to_write
from coach.events import Event, JournalFailed
from coach.ports import HistoryError, StoredSession
from coach.records import Record


def journal_file(lifter: str | None = None) -> Path:
    """The journal in the user's data folder. A named lifter's journal is in a folder of the lifter's name."""
    beside = data_folder() if lifter is None else data_folder() / "lifters" / lifter
    return beside / "journal.sqlite3"


def journal_files() -> list[Path]:
    """The owner's journal, whether it exists or not, and the journals of all named lifters."""
    first = journal_file()
    return [first, *sorted((first.parent / "lifters").glob(f"*/{first.name}"))]


def old_journal_file(path: Path) -> Path:
    """The JSON lines that the first version wrote beside the journal. They are copied once and never changed."""
    return path.with_name("journal.jsonl")


def all_files(path: Path) -> list[Path]:
    """All files that may hold what was trained. The journal itself is last: if only the old file were left, the next
    journal would copy it again.
    """
    logs = [path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal")]
    return [old_journal_file(path), *logs, path]


class FileJournal:
    """The `Journal` port on the file. It belongs to one thread: see `JournalThread`."""

    def __init__(self, path: Path, began: datetime, post: Callable[[Event], None], since: float = 0.0) -> None:
        """`began`: local time at which the coach's clock was at `since`; `post` takes JournalFailed, once.

        Records are written with `since` subtracted from their times.
        """
        self._path = path
        self._began = began
        self._since = since
        self._post = post
        self._failure_reported = False
        self._pending: list[Record] = []
        self._database: Database | None = None
        self._session: int | None = None

    def write(self, record: Record) -> None:
        """Write the record, and those that could not be written before. The first failure is reported."""
        self._pending.append(replace(record, at=max(0.0, record.at - self._since)) if self._since else record)
        try:
            self._write_pending()
        except HistoryError as error:
            self._close_database()
            if not self._failure_reported:
                self._failure_reported = True
                self._post(JournalFailed(record.at, str(error)))

    def close(self) -> None:
        """Write the records that could not be written before, if possible, and close the file."""
        if self._pending:
            with suppress(HistoryError):
                self._write_pending()
        self._close_database()

    def _close_database(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None

    def _write_pending(self) -> None:
        if self._database is not None and not self._database.is_current:
            # The file was deleted or replaced, and the next file has no record of this session.
            self._close_database()
            self._session = None
        if self._database is None:
            self._database = open_to_write(self._path, old_journal_file(self._path))
            self._database.check()
        self._session = self._database.append(self._session, self._began, self._pending)
        self._pending.clear()


_Answer = TypeVar("_Answer")


class FileHistory:
    """The `Archive` port on the file that `FileJournal` writes. Any thread may ask."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def sessions(self, limit: int | None = None, without_kinds: Collection[str] = ()) -> Iterator[StoredSession]:
        """Sessions, the latest first. The file may be written to meanwhile."""
        database = self._open()
        if database is not None:
            with closing(database):
                yield from database.sessions(limit, without_kinds)

    def session(self, began: str) -> StoredSession | None:
        """The session that began then, found by an index."""
        return self._ask(lambda database: database.session(began), None)

    def count_workouts(self) -> int:
        """How many sessions have a set; takes 2 ms for ten years."""
        return self._ask(Database.count_workouts, 0)

    def check(self) -> int:
        """The result of `count_workouts`, after reading the whole file; HistoryError when any part is damaged."""
        self._ask(Database.check, None)
        return self.count_workouts()

    def preferences(self) -> Mapping[str, str]:
        """Preferences of all sessions."""
        return self._ask(Database.preferences, {})

    def add(self, sessions: Iterable[StoredSession]) -> int:
        """Add the sessions in one transaction; returns how many were new."""
        with closing(open_to_write(self._path, old_journal_file(self._path))) as database:
            database.check()
            return database.add(sessions)

    def forget(self) -> None:
        """Delete the journal and the old file that was copied into it."""
        check_unused(self._path)
        for file in all_files(self._path):
            try:
                file.unlink(missing_ok=True)
            except OSError as error:
                raise HistoryError(f"{str(file)!r} cannot be deleted ({error.strerror}): own it (chown)") from error

    def _open(self) -> Database | None:
        return open_to_read(self._path, old_journal_file(self._path))

    def _ask(self, question: Callable[[Database], _Answer], nothing: _Answer) -> _Answer:
        """The answer of the open journal; `nothing` if nothing was ever written."""
        database = self._open()
        if database is None:
            return nothing
        with closing(database):
            return question(database)
