"""What was trained, written to a file and read back."""

from __future__ import annotations

import dataclasses
import sqlite3
import stat
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import get_args

import pytest

from coach.adapters.journal.database import open_to_write
from coach.adapters.journal.file import FileHistory, FileJournal, old_journal_file
from coach.adapters.journal.rows import FIELD_COLUMNS
from coach.adapters.journal.schema import MIGRATIONS
from coach.events import Event
from coach.ports import Archive, HistoryError, StoredSession
from coach.records import (
    FaultReported,
    GotStuck,
    ImportedExtra,
    PainReported,
    PreferenceChanged,
    Record,
    RepDone,
    SessionBegan,
    SessionResumed,
    SetAmended,
    SetBegan,
    SetEnded,
    StopSaid,
    WorkoutEnded,
    record_from_values,
    record_values,
)
from lab.rigs.talk import Talk, plan_of

BEGAN = "2026-01-01T00:00:00+00:00"
RECORDS: list[Record] = [
    RepDone(12.5, 1, 3),
    SetEnded(20.0, 1, 3),
    SetEnded(20.0, 2, 8, 92.5, "kg"),
    FaultReported(21.25, "BackLifted", 2, 1),
    StopSaid(22.0, 2, 1),
    PainReported(23.0, "Dizzy", 2, 1),
    GotStuck(24.0, 2, 1),
    WorkoutEnded(60.0, 2, 11),
]
LATER: list[Record] = [
    SessionBegan(1.0, "leg_press", 3, 8, 120, "4-1-2-0"),
    SessionResumed(1.0, "2025-12-31T23:30:00+00:00"),
    SetBegan(2.0, 2, 90),
    SetEnded(20.0, 2, 8, 92.5, "kg", "4-1-2-0"),
    FaultReported(21.25, "BackLifted", 2, 1, "lowering"),
    SetAmended(30.0, 2, 9, 92.5, "kg", 2),
    ImportedExtra(35.0, 2, "exercise_notes", "slow"),
    PreferenceChanged(40.0, "volume", "-6"),
]
"""Kinds and fields that the first version did not have."""
ON_DISK = """\
{"session": "2026-01-01T00:00:00+00:00", "at": 12.5, "kind": "rep", "set": 1, "rep": 3}
{"session": "2026-01-01T00:00:00+00:00", "at": 20.0, "kind": "set", "set": 1, "reps": 3}
{"session": "2026-01-01T00:00:00+00:00", "at": 20.0, "kind": "set", "set": 2, "reps": 8, "load": 92.5, "unit": "kg"}
{"session": "2026-01-01T00:00:00+00:00", "at": 21.25, "kind": "correction", "what": "BackLifted", "set": 2, "rep": 1}
{"session": "2026-01-01T00:00:00+00:00", "at": 22.0, "kind": "stop", "set": 2, "rep": 1}
{"session": "2026-01-01T00:00:00+00:00", "at": 23.0, "kind": "pain", "what": "Dizzy", "set": 2, "rep": 1}
{"session": "2026-01-01T00:00:00+00:00", "at": 24.0, "kind": "stuck", "set": 2, "rep": 1}
{"session": "2026-01-01T00:00:00+00:00", "at": 60.0, "kind": "workout", "sets": 2, "reps": 11}
"""
"""A journal as the first version wrote it: nothing that was trained then may be lost."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Path of a journal that does not exist yet, nor does its folder."""
    return tmp_path / "deep" / "journal.sqlite3"


def journal(path: Path, began: str = BEGAN, failed: list[Event] | None = None) -> FileJournal:
    return FileJournal(path, datetime.fromisoformat(began), ([] if failed is None else failed).append)


def keep(path: Path, records: Sequence[Record], began: str = BEGAN) -> None:
    """Write the records like a session that ends well."""
    failed: list[Event] = []
    with closing(journal(path, began, failed)) as keeps:
        for record in records:
            keeps.write(record)
    assert failed == []


def history(path: Path) -> Archive:
    return FileHistory(path)


def kept(path: Path) -> list[Record]:
    """Records of all sessions, in the order in which they were written."""
    return [record for session in reversed(list(history(path).sessions())) for record in session.records]


def write_lines(path: Path, content: bytes) -> None:
    """Write a journal of the first version."""
    path.parent.mkdir(exist_ok=True)
    old_journal_file(path).write_bytes(content)


def test_every_kind_of_record_is_kept_and_comes_back(path: Path) -> None:
    assert {type(record) for record in [*RECORDS, *LATER]} == set(get_args(Record))
    keep(path, [*RECORDS, *LATER])
    assert list(history(path).sessions()) == [StoredSession(BEGAN, 1_767_225_600.0, (*RECORDS, *LATER))]


def test_every_field_has_a_column(path: Path) -> None:
    """A new field needs a migration, `ALTER TABLE record ADD COLUMN`, in `journal/schema.py`."""
    keep(path, [])
    keep(path, RECORDS[:1])
    with closing(sqlite3.connect(path)) as file:
        columns = {row[1]: row[2] for row in file.execute("PRAGMA table_info(record)")}
    assert set(FIELD_COLUMNS) == columns.keys() - {"session", "number", "kind"}
    types = {"int": "INTEGER", "float": "REAL", "str": "TEXT"}
    for known in get_args(Record):
        for field in dataclasses.fields(known):
            assert columns[field.name] == types[str(field.type).removesuffix(" | None")], field.name


def test_the_file_is_the_owners_alone(path: Path) -> None:
    with closing(journal(path)) as keeps:
        keeps.write(RECORDS[0])
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        files = list(path.parent.iterdir())
        assert len(files) == 3, "the file, its log, and the index of that"
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert list(path.parent.iterdir()) == [path]


def test_a_session_is_in_one_file_that_others_can_read(path: Path) -> None:
    keep(path, RECORDS)
    with closing(sqlite3.connect(path)) as file:
        (row,) = file.execute(
            "SELECT began, lifter, reps, load, unit FROM record JOIN session ON id = session WHERE load > 0"
        )
        assert row == (BEGAN, "", 8, 92.5, "kg")
        assert file.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_session_is_found_by_its_beginning(tmp_path: Path) -> None:
    kept = FileHistory(tmp_path / "journal.sqlite3")
    assert kept.session(BEGAN) is None
    made = StoredSession(BEGAN, 1_767_225_600.0, tuple(RECORDS))
    kept.add([made, StoredSession("2026-01-02T00:00:00+00:00", 1_767_312_000.0, ())])
    assert kept.session(BEGAN) == made
    assert kept.session("2026-01-01") is None


@pytest.mark.parametrize("record", [*RECORDS, *LATER])
def test_a_record_is_made_of_its_values_and_of_no_less(record: Record) -> None:
    fields = {"at": record.at, **record_values(record)}
    assert record_from_values(record.kind, fields) == record
    assert record_from_values(record.kind, {**fields, "mood": "good"}) == record, "what a later version adds"
    optional = {field.name for field in dataclasses.fields(record) if field.default is not dataclasses.MISSING}
    for name in fields:
        less = {key: value for key, value in fields.items() if key != name}
        # A load without its unit is not valid.
        assert (record_from_values(record.kind, less) is None) is (name not in optional or name in {"load", "unit"})
        for other in (["other"], True, 2 * 10**9, float("nan"), "half a letter: \ud800"):
            assert record_from_values(record.kind, {**fields, name: other}) is None


def test_the_lines_of_the_first_version_are_taken_over_once_and_left_as_they_are(path: Path) -> None:
    write_lines(path, ON_DISK.encode())
    assert kept(path) == RECORDS
    keep(path, LATER, "2026-01-03T18:00:00+01:00")
    assert list(history(path).sessions()) == [
        StoredSession("2026-01-03T18:00:00+01:00", 1_767_459_600.0, tuple(LATER)),
        StoredSession(BEGAN, 1_767_225_600.0, tuple(RECORDS)),
    ]
    assert list(history(path).sessions(1)) == list(history(path).sessions())[:1]
    assert old_journal_file(path).read_text() == ON_DISK


def test_whoever_comes_first_takes_them_over(path: Path) -> None:
    write_lines(path, ON_DISK.encode())
    keep(path, LATER, "2026-01-03T18:00:00+01:00")
    assert kept(path) == [*RECORDS, *LATER]


def test_a_line_that_was_cut_costs_no_other(path: Path) -> None:
    whole = ON_DISK.splitlines(keepends=True)
    write_lines(path, (whole[0] + whole[1][:40] + "\n" + whole[2].removesuffix("\n")).encode())
    assert kept(path) == [RECORDS[0], RECORDS[2]]


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"null",
        b"[1, 2]",
        b"[" * 100_000,
        b"\xff\xfe\x00",
        b'{"session": "2026-01-01T00:00:00+00:00", "at": 1.0, "kind": "mood", "mood": "good"}',
        b'{"session": "2026-01-01T00:00:00+00:00", "at": 1.0, "kind": ["rep"], "set": 1, "rep": 1}',
        b'{"session": "2026-01-01T00:00:00+00:00", "at": "now", "kind": "rep", "set": 1, "rep": 1}',
        b'{"session": "2026-01-01T00:00:00+00:00", "at": NaN, "kind": "rep", "set": 1, "rep": 1}',
        b'{"session": "2026-01-01T00:00:00+00:00", "at": 1.0, "kind": "rep", "set": 1, "rep": 99999999999999999999}',
        b'{"session": "2026-01-01T00:00:00+00:00", "at": 1.0, "kind": "set", "set": 1, "reps": 1, "load": 9}',
        b'{"session": "2026-01-01T00:00:00+00:00", "at": 1.0, "kind": "pain", "what": "\\ud800", "set": 1, "rep": 1}',
        b'{"at": 1.0, "kind": "rep", "set": 1, "rep": 1}',
        b'{"session": "yesterday", "at": 1.0, "kind": "rep", "set": 1, "rep": 1}',
        b'{"session": "2026-01-01T00:00:00", "at": 1.0, "kind": "rep", "set": 1, "rep": 1}',
        b'{"session": "0001-01-01T00:00:00+23:59", "at": 1.0, "kind": "rep", "set": 1, "rep": 1}',
    ],
)
def test_what_is_not_known_is_not_taken_over(line: bytes, path: Path) -> None:
    write_lines(path, line + b"\n" + ON_DISK.encode())
    assert kept(path) == RECORDS


def test_lines_that_cannot_be_read_are_told_and_taken_over_later(path: Path) -> None:
    old_journal_file(path).mkdir(parents=True)
    with pytest.raises(HistoryError, match=r"the old journal '.*' cannot be read \(Is a directory\): own it"):
        kept(path)
    old_journal_file(path).rmdir()
    write_lines(path, ON_DISK.encode())
    assert kept(path) == RECORDS


def test_without_a_file_nothing_was_trained_and_none_is_made(path: Path) -> None:
    assert (list(history(path).sessions()), history(path).count_workouts(), history(path).preferences()) == ([], 0, {})
    assert not path.parent.exists()


def test_what_is_read_while_a_session_writes_is_what_it_wrote(path: Path) -> None:
    talk = Talk(plan_of(reps=2, sets=1))
    talk.hears("ninety kilos")
    talk.in_set()
    talk.wait_for("finished")
    talk.wait_until_quiet()
    talk.hears("end workout")
    with closing(journal(path)) as keeps:
        for record in talk.records:
            keeps.write(record)
            assert kept(path)[-1] == record
    assert kept(path) == talk.records
    assert SetEnded(talk.written(SetEnded)[0].at, 1, 2, 90, "kg", "4-1-2-0") in kept(path)


def test_workouts_are_those_with_a_set_and_the_latest_preference_counts(path: Path) -> None:
    keep(path, [PreferenceChanged(1.0, "volume", "-3")], "2026-01-02T00:00:00+00:00")
    keep(path, [RECORDS[1], RECORDS[2], PreferenceChanged(3.0, "volume", "-6"), PreferenceChanged(3.0, "unit", "lb")])
    assert history(path).count_workouts() == 1
    assert history(path).preferences() == {"volume": "-3", "unit": "lb"}, "by day, not in the order of writing"


def test_kinds_that_are_not_wanted_are_left_out(path: Path) -> None:
    keep(path, RECORDS)
    (session,) = history(path).sessions(without_kinds={"rep", "set"})
    assert session.records == tuple(RECORDS[3:])


def test_two_coaches_that_begin_in_the_same_second_keep_two_sessions(path: Path) -> None:
    with closing(journal(path)) as one, closing(journal(path)) as other:
        for record in RECORDS:
            one.write(record)
            other.write(record)
    assert list(history(path).sessions()) == [
        StoredSession("2026-01-01T00:00:01+00:00", 1_767_225_601.0, tuple(RECORDS)),
        StoredSession(BEGAN, 1_767_225_600.0, tuple(RECORDS)),
    ]


def test_sessions_are_added_all_or_none(path: Path) -> None:
    keep(path, RECORDS)
    other = StoredSession("2025-06-01T10:00:00+02:00", 1_748_764_800.0, tuple(LATER))
    same = StoredSession(BEGAN, 1_767_225_600.0, tuple(LATER))
    wrong = StoredSession("2025-06-02T10:00:00", 0.0, tuple(LATER))
    with pytest.raises(HistoryError, match="a session cannot begin at '2025-06-02T10:00:00'"):
        history(path).add([other, same, wrong])
    assert kept(path) == RECORDS
    assert history(path).add([other, same]) == 1
    assert history(path).add([other, same]) == 0
    assert kept(path) == [*LATER, *RECORDS]


def test_all_is_forgotten_and_a_journal_can_be_begun_anew(path: Path) -> None:
    write_lines(path, ON_DISK.encode())
    keep(path, LATER, "2026-01-03T18:00:00+01:00")
    history(path).forget()
    assert list(path.parent.iterdir()) == []
    assert kept(path) == []
    keep(path, LATER)
    assert kept(path) == LATER
    history(path).forget()
    history(path).forget()


def test_nothing_is_forgotten_while_a_coach_runs(path: Path) -> None:
    with closing(journal(path)) as keeps:
        keeps.write(RECORDS[0])
        with pytest.raises(HistoryError, match="is in use: end the coach that runs"):
            history(path).forget()
        keeps.write(RECORDS[1])
    assert kept(path) == RECORDS[:2]


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
def test_a_file_of_every_version_is_read_and_written(version: int, path: Path) -> None:
    """The file's content is that of `RECORDS`, as that version wrote it: nothing that was trained then may be lost."""
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as file:
        file.executescript((Path(__file__).parent / "journals" / f"{version}.sql").read_text())
    assert kept(path) == RECORDS
    keep(path, LATER, "2026-01-03T18:00:00+01:00")
    assert kept(path) == [*RECORDS, *LATER]
    assert history(path).count_workouts() == 2


def test_a_migration_is_done_as_a_whole_and_once(path: Path) -> None:
    write_lines(path, ON_DISK.encode())
    old = old_journal_file(path)
    keep(path, [])
    assert kept(path) == RECORDS
    wrong = (*MIGRATIONS, ("ALTER TABLE record ADD COLUMN mood TEXT", "ALTER TABLE nowhere ADD COLUMN mood TEXT"))
    with pytest.raises(HistoryError, match="no such table: nowhere"):
        open_to_write(path, old, wrong)
    assert kept(path) == RECORDS
    right = (*MIGRATIONS, ("ALTER TABLE record ADD COLUMN mood TEXT",))
    for _ in range(2):
        with closing(open_to_write(path, old, right)) as database:
            assert [session.records for session in database.sessions(None, ())] == [tuple(RECORDS)]
    # This version does not know what a newer version wrote.
    known = len(MIGRATIONS)
    with pytest.raises(
        HistoryError, match=rf"by a newer coach \(version {known + 1}, this one knows {known}\): update"
    ):
        kept(path)
