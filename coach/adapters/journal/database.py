"""The journal's file, an SQLite database. This is the only module that uses `sqlite3`.

Law: a file that cannot be read (damaged, of a newer coach, of another program) is not written to. Every failure is a
`HistoryError`. A connection belongs to one thread.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from coach.adapters.journal.json_lines import sessions_of_lines, unix_time
from coach.adapters.journal.rows import INSERT_STATEMENTS, RECORD_COLUMNS, record_of, row_of
from coach.adapters.journal.schema import APPLICATION, MIGRATIONS, Migrations
from coach.ports import HistoryError, StoredSession
from coach.records import Record

_BUSY_S = 10.0
"""How long to wait while another program writes. A coach writes for a millisecond; an import of ten years takes 3 s on
a desktop."""
_NEWEST_FIRST = "SELECT id, began FROM session ORDER BY second DESC, id DESC LIMIT ?"
_SQLITE_ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""UnicodeDecodeError is here because SQLite quotes a damaged name in its message."""


class Database:
    """An open journal; `open_to_write` and `open_to_read` make one."""

    def __init__(self, path: Path, connection: sqlite3.Connection, migrations: Migrations) -> None:
        self._path = path
        self._migrations = migrations
        self._connection = connection
        self._file = _identity(path)

    def close(self) -> None:
        """Close the file. The last process that closes it moves the log's content into it."""
        with suppress(sqlite3.Error):
            self._connection.close()

    @property
    def is_current(self) -> bool:
        """Whether the path still leads to this file, which was neither deleted nor replaced."""
        return self._file == _identity(self._path)

    def append(self, session: int | None, began: datetime, records: Iterable[Record]) -> int:
        """Add records to the session, and return its number. On return the records are flushed to the disk.

        `session` None: make a new session that began at `began`, a local time, or at the first second after it in which
        no session began.
        """
        with self._transaction():
            while session is None:
                session = self._add_session(began.isoformat(timespec="seconds"))
                began += timedelta(seconds=1)
            ((count,),) = self._query("SELECT COALESCE(MAX(number), 0) FROM record WHERE session = ?", (session,))
            self._add_records(session, count + 1, records)
        return session

    def add(self, sessions: Iterable[StoredSession]) -> int:
        """Add all sessions that are new, or none if one fails; returns how many were added."""
        sessions = list(sessions)
        with self._transaction():
            return self._add(sessions)

    def sessions(self, limit: int | None, without_kinds: Collection[str]) -> Iterator[StoredSession]:
        """As in `ports.History`."""
        limit = -1 if limit is None else limit
        for number, began in self._query(_NEWEST_FIRST, (limit,)):
            session = self._stored_session(number, began, tuple(without_kinds))
            if session is not None:
                yield session

    def session(self, began: str) -> StoredSession | None:
        """As in `ports.History`."""
        found = self._query("SELECT id FROM session WHERE began = ?", (began,))
        return self._stored_session(found[0][0], began) if found else None

    def _stored_session(self, number: int, began: str, without_kinds: tuple[str, ...] = ()) -> StoredSession | None:
        """The session with its records; None: its beginning is not a valid time."""
        second = unix_time(began)
        if second is None:
            return None
        condition = f"AND kind NOT IN ({', '.join('?' * len(without_kinds))})" if without_kinds else ""
        query = f"SELECT {RECORD_COLUMNS} FROM record WHERE session = ? {condition} ORDER BY number"
        records = (record_of(row) for row in self._query(query, (number, *without_kinds)))
        return StoredSession(began, second, tuple(record for record in records if record is not None))

    def count_workouts(self) -> int:
        """As in `ports.History`."""
        # One index look-up for each session takes a tenth of the time of counting all sets.
        a_set = "SELECT 1 FROM record INDEXED BY record_set WHERE record.session = session.id AND kind = 'set'"
        ((count,),) = self._query(f"SELECT COUNT(*) FROM session WHERE EXISTS ({a_set})")
        return int(count)

    def preferences(self) -> Mapping[str, str]:
        """As in `ports.History`."""
        found = self._query(
            'SELECT "name", "value" FROM record JOIN session ON session.id = record.session'
            " WHERE kind = 'preference' ORDER BY second, session.id, number"
        )
        return {name: value for name, value in found if isinstance(name, str) and isinstance(value, str)}

    def check(self) -> None:
        """Raise HistoryError when a page of the file is damaged, or a column is missing. Ten years take 0.1 s.

        Call this before the first write: writing to a file with damaged pages can destroy other pages.
        """
        self._query(f"SELECT began, second, id, session, number, {RECORD_COLUMNS} FROM record JOIN session LIMIT 0")
        ((result,),) = self._query("PRAGMA quick_check(1)")
        if result != "ok":
            raise HistoryError(_damage_message(self._path, str(result)))
        # quick_check does not check the indexes, so read them too.
        self._query(_NEWEST_FIRST, (-1,))
        self.count_workouts()
        self.preferences()

    def migrate(self, old: Path) -> None:
        """Bring the file to this version. A new file takes over the JSON lines of the first version in `old`."""
        version = self.version()
        if version == len(self._migrations):
            return
        if version:
            self.check()
        else:
            # With a write-ahead log a commit is one write and one flush, and no writer waits for a reader.
            self._query("PRAGMA journal_mode = WAL")
        with self._transaction():
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
        """Raise HistoryError when the file is of an older version. Nothing is migrated."""
        if self.version() < len(self._migrations):
            name = repr(str(self._path))
            raise HistoryError(f"the journal {name} is of an older coach and cannot be written: own it (chown)")

    def version(self) -> int:
        """The file's version; 0: the file is empty. HistoryError when this coach cannot read the file."""
        ((version,),) = self._query("PRAGMA user_version")
        ((application,),) = self._query("PRAGMA application_id")
        name = repr(str(self._path))
        if application != APPLICATION:
            if version or application or self._query("SELECT 1 FROM sqlite_master"):
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
        second = unix_time(began)
        if second is None:
            raise HistoryError(f"a session cannot begin at {began!r}: give date, time and offset in ISO 8601")
        added = self._connection.execute("INSERT OR IGNORE INTO session (began, second) VALUES (?, ?)", (began, second))
        return added.lastrowid if added.rowcount else None

    def _add_records(self, session: int, first: int, records: Iterable[Record]) -> None:
        for number, record in enumerate(records, first):
            self._connection.execute(INSERT_STATEMENTS[record.kind], (session, number, *row_of(record)))

    def _query(self, query: str, parameters: Sequence[object] = ()) -> list[Any]:
        with _as_history_error(self._path):
            return self._connection.execute(query, parameters).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """A transaction: all writes within it are committed, or none."""
        with _as_history_error(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    with suppress(*_SQLITE_ERRORS):
                        self._connection.execute("ROLLBACK")


def open_to_write(path: Path, old: Path, migrations: Migrations = MIGRATIONS) -> Database:
    """The journal, created if it does not exist; `old` as in `Database.migrate`."""
    with _as_history_error(path):
        if not path.exists():
            # Only the owner may read it: what is trained, and what hurts, is private.
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with suppress(PermissionError):
                path.parent.chmod(0o700)
            with suppress(FileExistsError):
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        elif not _is_writable(path):
            # SQLite would make a log that is read-only like the file, and leave it there.
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        database = Database(path, _connect(path, "mode=rw"), migrations)
    return _usable(database, lambda: database.migrate(old))


def open_to_read(path: Path, old: Path) -> Database | None:
    """The journal; None if nothing was ever written."""
    with _as_history_error(path):
        if not path.exists():
            return open_to_write(path, old) if old.exists() else None
        if _is_writable(path):
            return open_to_write(path, old)
        # "immutable" keeps SQLite from making files beside the journal. Without a log it loses nothing.
        is_logged = path.with_name(path.name + "-wal").exists()
        database = Database(path, _connect(path, "mode=ro" if is_logged else "mode=ro&immutable=1"), MIGRATIONS)
    return _usable(database, database.check_version)


def _usable(database: Database, check: Callable[[], None]) -> Database:
    """The database after the check; closed if the check fails."""
    try:
        check()
    except HistoryError:
        database.close()
        raise
    return database


def _is_writable(path: Path) -> bool:
    """Whether the file is writable, and its folder too, for the log."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK | os.X_OK)


def check_unused(path: Path) -> None:
    """Raise HistoryError when a process has the file open. Other problems with the file are not reported."""
    if not path.exists():
        return
    with suppress(*_SQLITE_ERRORS), closing(_connect(path, "mode=rw")) as connection:
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            # Only the only connection can leave the WAL mode.
            connection.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise HistoryError(f"the journal {str(path)!r} is in use: end the coach that runs") from error


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", _BUSY_S, isolation_level=None, uri=True)
    try:
        # Damaged text is replaced, so that only its record is left out and the rest stays readable.
        connection.text_factory = lambda text: text.decode(errors="replace")
        # Flushed at every commit, because a Raspberry Pi is switched off at the plug. The journal's own thread waits
        # for the flush.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
    except _SQLITE_ERRORS:
        connection.close()
        raise
    return connection


def _identity(path: Path) -> tuple[int, int] | None:
    """Device and inode of the file that the path leads to. The file is not opened, because closing it would free
    SQLite's locks.
    """
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


@contextmanager
def _as_history_error(path: Path) -> Iterator[None]:
    """Turn an exception of SQLite or of the system into a HistoryError with the remedy."""
    name = repr(str(path))
    try:
        yield
    except _SQLITE_ERRORS as error:
        # Exceptions of Python's own layer have no code.
        match getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF:
            case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
                text = f"the journal {name} is in use by another program: end that"
            case sqlite3.SQLITE_FULL:
                text = f"the journal {name} cannot be written (the disk is full): free the disk"
            case sqlite3.SQLITE_ERROR | sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
                text = _damage_message(path, str(error))
            case _:
                text = f"the journal {name} cannot be used ({error}): own it (chown), or free the disk"
        raise HistoryError(text) from error
    except OSError as error:
        reason = error.strerror or error
        raise HistoryError(f"the journal {name} cannot be used ({reason}): own it (chown), or free the disk") from error


def _damage_message(path: Path, reason: str) -> str:
    reason = " ".join(reason.split())
    return f"the journal {str(path)!r} is damaged ({reason}): move it away, then a new one is begun"
