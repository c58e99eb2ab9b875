"""The journal's thread: the conversation never waits for the file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coach.adapters.journal import thread as journal_thread
from coach.adapters.journal.file import FileHistory, FileJournal
from coach.adapters.journal.thread import JournalThread
from coach.events import Event, JournalFailed
from coach.records import Record, RepDone

REPS: list[Record] = [RepDone(float(number), 1, number) for number in range(1, 13)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "coach" / "journal.sqlite3"


def journal(path: Path, failed: list[Event]) -> FileJournal:
    return FileJournal(path, datetime(2026, 1, 1, tzinfo=UTC), failed.append)


def test_whoever_talks_does_not_wait_for_a_file_that_is_held(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The conversation does not wait; every record is kept, in its order, as soon as that is possible."""
    monkeypatch.setattr(journal_thread, "PATIENCE_S", 0.0)
    failed: list[Event] = []
    keeps = JournalThread(journal(path, failed), failed.append)
    keeps.write(REPS[0])
    keeps.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        keeps = JournalThread(journal(path, failed), failed.append)
        for record in REPS[1:]:
            keeps.write(record)
        other.execute("COMMIT")
    keeps.close()
    assert failed == []
    later, first = FileHistory(path).sessions()
    assert [*first.records, *later.records] == REPS


def test_a_fault_of_ours_ends_the_keeping_and_not_the_coaching(path: Path) -> None:
    failed: list[Event] = []
    broken = journal(path, failed)
    keeps = JournalThread(broken, failed.append)
    keeps.write(RepDone(at=1.0, set="one", rep=None))  # type: ignore[arg-type]
    keeps.write("no record")  # type: ignore[arg-type]
    keeps.write(REPS[0])
    keeps.close()
    assert [type(event) for event in failed] == [JournalFailed]
