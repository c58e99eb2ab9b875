"""The journal's file, an SQLite database: the only module that knows `sqlite3`.

Law: a file that cannot be read (damaged, of a newer coach, of another program) is not written to. Every failure is one
`HistoryError`. A connection belongs to one thread.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from coach.adapters.journal.json_lines import moment, sessions_of_lines
from coach.adapters.journal.rows import INSERT, SELECTED, record_of, row_of
from coach.adapters.journal.schema import APPLICATION, MIGRATIONS, Migrations
from coach.ports import HistoryError, StoredSession
from coach.records import Record

_WAIT_S = 10.0
"""How long to wait for another program that writes. A coach writes for a millisecond; an import of ten years takes 3
s on a desktop."""
_NEWEST_FIRST = "SELECT id, began FROM session ORDER BY second DESC, id DESC LIMIT ?"
_FAULTS = (sqlite3.Error, UnicodeDecodeError)
"""UnicodeDecodeError is here because SQLite quotes a damaged name in its message."""


class Database:
    """An open journal; `open_to_write` and `open_to_read` make one."""

    def __init__(self, path: Path, connection: sqlite3.Connection, migrations: Migrations) -> None:
        self._path = path
        self._migrations = migrations
        self._connection = connection
        self._file = _identity(path)

    def close(self) -> None:
        """Free the file. The last process that closes the file moves the log's content into it."""
        with suppress(sqlite3.Error):
            self._connection.close()

    @property
    def is_there(self) -> bool:
        """Whether the name still leads to this file: the file was neither deleted nor replaced."""
        return self._file == _identity(self._path)

    def append(self, session: int | None, began: datetime, records: Iterable[Record]) -> int:
        """Add records behind those that the session has. On return they are in the file and flushed to the disk.

        `session` None: make a new session, which began at that local time, or at the first second after it in which no
        session began. Returns the session's number.
        """
        with self._writing():
            while session is None:
                session = self._add_session(began.isoformat(timespec="seconds"))
                began += timedelta(seconds=1)
            ((count,),) = self._all("SELECT COALESCE(MAX(number), 0) FROM record WHERE session = ?", (session,))
            self._add_records(session, count + 1, records)
        return session

    def add(self, sessions: Iterable[StoredSession]) -> int:
        """Add all sessions that are new, or none if one fails; returns how many were added."""
        sessions = list(sessions)
        with self._writing():
            return self._add(sessions)

    def sessions(self, limit: int | None, without_kinds: Collection[str]) -> Iterator[StoredSession]:
        """As in `ports.History`."""
        limit = -1 if limit is None else limit
        for number, began in self._all(_NEWEST_FIRST, (limit,)):
            session = self._kept(number, began, tuple(without_kinds))
            if session is not None:
                yield session

    def session(self, began: str) -> StoredSession | None:
        """As in `ports.History`."""
        found = self._all("SELECT id FROM session WHERE began = ?", (began,))
        return self._kept(found[0][0], began) if found else None

    def _kept(self, number: int, began: str, but: tuple[str, ...] = ()) -> StoredSession | None:
        """The session with its records; None when its beginning is not a valid time."""
        second = moment(began)
        if second is None:
            return None
        left_out = f"AND kind NOT IN ({', '.join('?' * len(but))})" if but else ""
        query = f"SELECT {SELECTED} FROM record WHERE session = ? {left_out} ORDER BY number"
        records = (record_of(row) for row in self._all(query, (number, *but)))
        return StoredSession(began, second, tuple(record for record in records if record is not None))

    def count_workouts(self) -> int:
        """As in `ports.History`."""
        # One index look-up for each session takes a tenth of the time of counting all sets.
        done = "SELECT 1 FROM record INDEXED BY record_set WHERE record.session = session.id AND kind = 'set'"
        ((count,),) = self._all(f"SELECT COUNT(*) FROM session WHERE EXISTS ({done})")
        return int(count)

    def preferences(self) -> Mapping[str, str]:
        """As in `ports.History`."""
        found = self._all(
            'SELECT "name", "value" FROM record JOIN session ON session.id = record.session'
            " WHERE kind = 'preference' ORDER BY second, session.id, number"
        )
        return {name: value for name, value in found if isinstance(name, str) and isinstance(value, str)}

    def check(self) -> None:
        """Raise HistoryError when a page of the file is damaged, or a column missing. Ten years take 0.1 s.

        Call this before the first write: where pages are damaged, writing can destroy others.
        """
        self._all(f"SELECT began, second, id, session, number, {SELECTED} FROM record JOIN session LIMIT 0")
        ((told,),) = self._all("PRAGMA quick_check(1)")
        if told != "ok":
            raise HistoryError(_damaged(self._path, str(told)))
        # quick_check does not look into the indexes, so read them too.
        self._all(_NEWEST_FIRST, (-1,))
        self.count_workouts()
        self.preferences()

    def prepare(self, old: Path) -> None:
        """Bring the file to this version. A new file takes over the JSON lines of the first version in `old`."""
        version = self.version()
        if version == len(self._migrations):
            return
        if version:
            self.check()
        else:
            # With a write-ahead log a commit is one write and one flush, and no writer waits for a reader.
            self._all("PRAGMA journal_mode = WAL")
        with self._writing():
            # Another coach may have migrated the file in the meantime.
            version = self.version()
            for migration in self._migrations[version:]:
                for statement in migration:
                    self._connection.execute(statement)
            if version == 0:
                self._add(sessions_of_lines(old))
            self._connection.execute(f"PRAGMA application_id = {APPLICATION}")
            self._connection.execute(f"PRAGMA user_version = {len(self._migrations)}")

    def check_version(self) -> None:
        """Raise HistoryError when the file is of an older version; nothing is migrated."""
        if self.version() < len(self._migrations):
            name = repr(str(self._path))
            raise HistoryError(f"the journal {name} is of an older coach and cannot be written: own it (chown)")

    def version(self) -> int:
        """The file's version; 0: the file is empty. HistoryError when it is not a journal that this coach knows."""
        ((version,),) = self._all("PRAGMA user_version")
        ((application,),) = self._all("PRAGMA application_id")
        name = repr(str(self._path))
        if application != APPLICATION:
            if version or application or self._all("SELECT 1 FROM sqlite_master"):
                raise HistoryError(f"{name} is no journal of the coach: move it away, then a new one is begun")
            return 0
        known = len(self._migrations)
        if not 0 < version <= known:
            newer = f"version {version}, this one knows {known}"
            raise HistoryError(f"the journal {name} was written by a newer coach ({newer}): update the coach")
        return int(version)

    def _add(self, sessions: Iterable[StoredSession]) -> int:
        count = 0
        for session in sessions:
            number = self._add_session(session.began)
            if number is not None:
                count += 1
                self._add_records(number, 1, session.records)
        return count

    def _add_session(self, began: str) -> int | None:
        """The new session's number; None: a session that began then exists already."""
        second = moment(began)
        if second is None:
            raise HistoryError(f"a session cannot begin at {began!r}: give date, time and offset in ISO 8601")
        added = self._connection.execute("INSERT OR IGNORE INTO session (began, second) VALUES (?, ?)", (began, second))
        return added.lastrowid if added.rowcount else None

    def _add_records(self, session: int, first: int, records: Iterable[Record]) -> None:
        for number, record in enumerate(records, first):
            self._connection.execute(INSERT[record.kind], (session, number, *row_of(record)))

    def _all(self, query: str, given: Sequence[object] = ()) -> list[Any]:
        with _told(self._path):
            return self._connection.execute(query, given).fetchall()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """A transaction: all writes within it are committed, or none."""
        with _told(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    with suppress(*_FAULTS):
                        self._connection.execute("ROLLBACK")


def open_to_write(path: Path, old: Path, migrations: Migrations = MIGRATIONS) -> Database:
    """The journal, created if it does not exist; `old` as in `Database.prepare`."""
    with _told(path):
        if not path.exists():
            # Only the owner may read it: what is trained, and what hurts, is nobody else's business.
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with suppress(PermissionError):
                path.parent.chmod(0o700)
            with suppress(FileExistsError):
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        elif not _is_writable(path):
            # SQLite would make its log as read-only as the file, and leave the log there.
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        database = Database(path, _connect(path, "mode=rw"), migrations)
    try:
        database.prepare(old)
    except HistoryError:
        database.close()
        raise
    return database


def open_to_read(path: Path, old: Path) -> Database | None:
    """The journal; None if nothing was ever written."""
    with _told(path):
        if not path.exists():
            return open_to_write(path, old) if old.exists() else None
        if _is_writable(path):
            return open_to_write(path, old)
        # SQLite would make files beside the journal. Where no log exists, nothing is missed without them.
        is_logged = path.with_name(path.name + "-wal").exists()
        database = Database(path, _connect(path, "mode=ro" if is_logged else "mode=ro&immutable=1"), MIGRATIONS)
    try:
        database.check_version()
    except HistoryError:
        database.close()
        raise
    return database


def _is_writable(path: Path) -> bool:
    """Whether the file is writable, and its folder too, for the log."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK | os.X_OK)


def check_unused(path: Path) -> None:
    """Raise HistoryError when a process has the file open; other problems with the file are not reported."""
    if not path.exists():
        return
    with suppress(*_FAULTS), closing(_connect(path, "mode=rw")) as connection:
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            # Only a connection that is alone can leave the WAL mode.
            connection.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise HistoryError(f"the journal {str(path)!r} is in use: end the coach that runs") from error


def _connect(path: Path, how: str) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?{how}", _WAIT_S, isolation_level=None, uri=True)
    try:
        # A damaged record is left out; the rest of the file stays readable.
        connection.text_factory = lambda text: text.decode(errors="replace")
        # Flushed at every commit: a Raspberry Pi is switched off at the plug. The journal's own thread waits for the
        # flush.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
    except _FAULTS:
        connection.close()
        raise
    return connection


def _identity(path: Path) -> tuple[int, int] | None:
    """Device and inode of the file that the name leads to. The file is never opened: closing it would free SQLite's
    locks.
    """
    try:
        there = path.stat()
    except OSError:
        return None
    return there.st_dev, there.st_ino


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn an exception of SQLite or of the system into one HistoryError with its remedy."""
    name = repr(str(path))
    try:
        yield
    except _FAULTS as error:
        # Exceptions of Python's own layer have no code.
        match getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF:
            case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
                text = f"the journal {name} is in use by another program: end that"
            case sqlite3.SQLITE_FULL:
                text = f"the journal {name} cannot be written (the disk is full): free the disk"
            case sqlite3.SQLITE_ERROR | sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
                text = _damaged(path, str(error))
            case _:
                text = f"the journal {name} cannot be used ({error}): own it (chown), or free the disk"
        raise HistoryError(text) from error
    except OSError as error:
        reason = error.strerror or error
        raise HistoryError(f"the journal {name} cannot be used ({reason}): own it (chown), or free the disk") from error


def _damaged(path: Path, what: str) -> str:
    reason = " ".join(what.split())
    return f"the journal {str(path)!r} is damaged ({reason}): move it away, then a new one is begun"
