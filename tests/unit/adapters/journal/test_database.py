"""Faults of the journal's file: reported once, no count lost, and what cannot be read stays as it is."""

from __future__ import annotations

import os
import resource
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coach.adapters.journal.file import FileHistory, FileJournal
from coach.adapters.journal.schema import APPLICATION, MIGRATIONS
from coach.events import Event, JournalFailed
from coach.ports import HistoryError, StoredSession
from coach.records import Record, RepDone

REPS: list[Record] = [RepDone(float(number), 1, number) for number in range(1, 13)]
NEWER = f"PRAGMA application_id = {APPLICATION}; PRAGMA user_version = 999; CREATE TABLE record (at, mood)"
NOBODY = 65534
"""The id of the user who owns nothing. Root may write everywhere, so the tests take this user's id."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "coach" / "journal.sqlite3"


def journal(path: Path, failed: list[Event]) -> FileJournal:
    return FileJournal(path, datetime(2026, 1, 1, tzinfo=UTC), failed.append)


def keep(path: Path, *records: Record) -> list[Event]:
    """Write the records as a session; return the events that the journal posts."""
    failed: list[Event] = []
    with closing(journal(path, failed)) as keeps:
        for record in records:
            keeps.write(record)
    return failed


def kept(path: Path) -> list[Record]:
    return [record for session in FileHistory(path).sessions() for record in session.records]


def reasons(failed: list[Event]) -> list[str]:
    return [event.reason for event in failed if isinstance(event, JournalFailed)]


def foreign(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as file:
        file.executescript(sql)


@contextmanager
def full_disk(most: int) -> Iterator[None]:
    """Let no file grow beyond this many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    mode = folder.stat().st_mode
    folder.chmod(0o500)
    try:
        yield
    finally:
        folder.chmod(mode)


@pytest.fixture
def nobodys() -> Iterator[Path]:
    """A journal in a folder of a user who is not root; the process has that user's id."""
    root = os.geteuid() == 0
    with tempfile.TemporaryDirectory() as folder:
        if root:
            os.chown(folder, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, 0)
        try:
            yield Path(folder) / "coach" / "journal.sqlite3"
        finally:
            if root:
                os.setresuid(0, 0, 0)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"SQLite format 3\0" + b"\xff" * 4096, "is damaged (file is not a database): move it away"),
        (b"no database at all" * 99, "is damaged (file is not a database): move it away"),
        (NEWER, f"was written by a newer coach (version 999, this one knows {len(MIGRATIONS)}): update the coach"),
        ("CREATE TABLE recipes (cake TEXT)", "is no journal of the coach: move it away"),
    ],
)
def test_what_cannot_be_read_is_told_once_and_never_written_to(content: bytes | str, reason: str, path: Path) -> None:
    path.parent.mkdir()
    if isinstance(content, str):
        foreign(path, content)
    else:
        path.write_bytes(content)
    before = path.read_bytes()
    (told,) = reasons(keep(path, *REPS))
    assert reason in told
    assert "\n" not in told
    with pytest.raises(HistoryError) as error:
        list(FileHistory(path).sessions())
    assert str(error.value) == told
    for ask in (FileHistory(path).count_workouts, FileHistory(path).preferences, lambda: FileHistory(path).add([])):
        with pytest.raises(HistoryError):
            ask()
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]
    FileHistory(path).forget()
    assert list(path.parent.iterdir()) == []


def test_a_page_that_is_damaged_is_told_when_it_is_read(path: Path) -> None:
    records = tuple(RepDone(float(at), 1, at) for at in range(500))
    FileHistory(path).add([StoredSession("2026-01-01T10:00:00+01:00", 0.0, records)])
    content = bytearray(path.read_bytes())
    # The last page, which holds the latest records.
    content[-4096:] = b"\xaa" * 4096
    path.write_bytes(content)
    with pytest.raises(HistoryError, match=r"is damaged \(database disk image is malformed\): move it away"):
        kept(path)
    assert FileHistory(path).count_workouts() == 0, "what is whole is read"
    assert ["is damaged" in reason for reason in reasons(keep(path, *REPS))] == [True]
    assert path.read_bytes() == bytes(content), "nothing is written where something else may be destroyed"


def test_a_folder_where_the_file_should_be(path: Path) -> None:
    path.mkdir(parents=True)
    (told,) = reasons(keep(path, *REPS))
    assert (
        told
        == f"the journal {str(path)!r} cannot be used (unable to open database file): own it (chown), or free the disk"
    )


def test_a_disk_that_fills_up_costs_what_comes_then_and_nothing_that_was_there(path: Path) -> None:
    failed: list[Event] = []
    with closing(journal(path, failed)) as keeps:
        keeps.write(REPS[0])
        with full_disk(4096):
            for record in REPS[1:5]:
                keeps.write(record)
        (told,) = failed
        assert isinstance(told, JournalFailed)
        assert told.at == REPS[1].at
        assert told.reason.endswith("cannot be used (disk I/O error): own it (chown), or free the disk")
        assert kept(path) == REPS[:1]
        # The disk has room again: records that were held back are kept with the next one.
        keeps.write(REPS[5])
        assert kept(path) == REPS[:6]
    assert len(failed) == 1


def test_a_disk_that_is_full_from_the_beginning(path: Path) -> None:
    failed: list[Event] = []
    with closing(journal(path, failed)) as keeps:
        with full_disk(10_000):
            for record in REPS[:3]:
                keeps.write(record)
        assert len(failed) == 1
    assert kept(path) == REPS[:3], "at the end there was room"


def test_a_folder_that_is_read_only(nobodys: Path) -> None:
    with read_only(nobodys.parent.parent):
        (told,) = reasons(keep(nobodys, *REPS))
        assert "cannot be used (Permission denied): own it (chown)" in told
        assert kept(nobodys) == []
    assert keep(nobodys, *REPS[:2]) == []
    with read_only(nobodys.parent):
        (told,) = reasons(keep(nobodys, *REPS))
        assert "cannot be used (Permission denied): own it (chown)" in told
        assert kept(nobodys) == REPS[:2], "what is there can be read"
        assert list(nobodys.parent.iterdir()) == [nobodys]
        with pytest.raises(HistoryError, match="own it"):
            FileHistory(nobodys).add([])
        with pytest.raises(HistoryError, match=r"cannot be deleted \(Permission denied\): own it"):
            FileHistory(nobodys).forget()
    assert kept(nobodys) == REPS[:2]


def test_a_file_that_is_read_only(nobodys: Path) -> None:
    assert keep(nobodys, *REPS[:2]) == []
    nobodys.chmod(0o400)
    (told,) = reasons(keep(nobodys, *REPS))
    assert "own it (chown)" in told
    assert kept(nobodys) == REPS[:2]
    nobodys.chmod(0o000)
    with pytest.raises(HistoryError, match="own it"):
        kept(nobodys)
    nobodys.chmod(0o600)
    assert keep(nobodys, *REPS[2:]) == []


def test_a_file_that_is_deleted_meanwhile_is_begun_anew(path: Path) -> None:
    failed: list[Event] = []
    with closing(journal(path, failed)) as keeps:
        keeps.write(REPS[0])
        for file in list(path.parent.iterdir()):
            file.unlink()
        keeps.write(REPS[1])
        assert kept(path) == REPS[1:2]
    assert failed == []


def test_a_file_that_another_program_holds_is_waited_for(path: Path) -> None:
    failed: list[Event] = []
    with closing(journal(path, failed)) as keeps:
        keeps.write(REPS[0])
        with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
            other.execute("BEGIN IMMEDIATE")
            ends = threading.Timer(0.1, lambda: other.execute("COMMIT"))
            ends.start()
            keeps.write(REPS[1])
            ends.join()
    assert failed == []
    assert kept(path) == REPS[:2]


def test_a_disk_that_will_not_have_it_is_told_once() -> None:
    posted: list[Event] = []
    journal = FileJournal(Path(os.devnull) / "journal.sqlite3", datetime(2026, 1, 1, tzinfo=UTC), posted.append)
    for at in (1.0, 2.0):
        journal.write(RepDone(at, 1, int(at)))
    (told,) = posted
    assert isinstance(told, JournalFailed)
    assert told.at == 1.0
    assert "cannot be used" in told.reason
