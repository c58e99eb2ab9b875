"""What was trained, written to a file and read back."""

from __future__ import annotations

import dataclasses
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest

from coach.adapters.journal import FileHistory, FileJournal
from coach.events import Event
from coach.ports import History, HistoryError, Journal, KeptSession
from coach.records import (
    Amended,
    Began,
    Correction,
    Pain,
    Preference,
    Record,
    Rep,
    Resumed,
    Set,
    SetBegan,
    Stop,
    Stuck,
    Workout,
    from_values,
    values,
)
from tests.talk import Talk, plan_of

BEGAN = "2026-01-01T00:00:00+00:00"
RECORDS: list[Record] = [
    Rep(12.5, 1, 3),
    Set(20.0, 1, 3),
    Set(20.0, 2, 8, 92.5, "kg"),
    Correction(21.25, "BackLifted", 2, 1),
    Stop(22.0, 2, 1),
    Pain(23.0, "Dizzy", 2, 1),
    Stuck(24.0, 2, 1),
    Workout(60.0, 2, 11),
]
LATER: list[Record] = [
    Began(1.0, "leg_press", 3, 8, 120, "4-1-2-0"),
    Resumed(1.0, "2025-12-31T23:30:00+00:00"),
    SetBegan(2.0, 2, 90),
    Set(20.0, 2, 8, 92.5, "kg", "4-1-2-0"),
    Correction(21.25, "BackLifted", 2, 1, "lowering"),
    Amended(30.0, 2, 9, 92.5, "kg", 2),
    Preference(40.0, "volume", "-6"),
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
"""As the first version wrote it: nothing that was trained then may be lost."""


def journal(path: Path, began: str = BEGAN, failed: list[Event] | None = None) -> Journal:
    return FileJournal(path, datetime.fromisoformat(began), ([] if failed is None else failed).append)


def history(path: Path) -> History:
    return FileHistory(path)


def records(path: Path) -> list[Record]:
    """Of all sessions, in the order in which they were written."""
    return [record for session in reversed(list(history(path).sessions())) for record in session.records]


def test_every_kind_of_record_is_on_disk_as_it_always_was_and_comes_back(tmp_path: Path) -> None:
    assert {type(record) for record in [*RECORDS, *LATER]} == set(get_args(Record))
    keeps = journal(tmp_path / "deep" / "journal.jsonl")
    for record in RECORDS:
        keeps.write(record)
    assert (tmp_path / "deep" / "journal.jsonl").read_text() == ON_DISK
    for record in LATER:
        keeps.write(record)
    assert list(history(tmp_path / "deep" / "journal.jsonl").sessions()) == [
        KeptSession(BEGAN, 1_767_225_600.0, (*RECORDS, *LATER))
    ]


@pytest.mark.parametrize("record", [*RECORDS, *LATER])
def test_a_record_is_made_of_its_values_and_of_no_less(record: Record) -> None:
    fields = {"at": record.at, **values(record)}
    assert from_values(record.kind, fields) == record
    assert from_values(record.kind, {**fields, "mood": "good"}) == record, "what a later version adds"
    optional = {field.name for field in dataclasses.fields(record) if field.default is not dataclasses.MISSING}
    for name in fields:
        less = {key: value for key, value in fields.items() if key != name}
        # A load without its unit is none.
        assert (from_values(record.kind, less) is None) is (name not in optional or name in {"load", "unit"})
        assert from_values(record.kind, {**fields, name: ["other"]}) is None


def test_a_line_that_was_cut_costs_no_other(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    whole = ON_DISK.splitlines(keepends=True)
    path.write_text(whole[0] + whole[1][:40])
    assert records(path) == RECORDS[:1]
    journal(path, "2026-01-03T18:00:00+01:00").write(RECORDS[2])
    assert list(history(path).sessions()) == [
        KeptSession("2026-01-03T18:00:00+01:00", 1_767_459_600.0, (RECORDS[2],)),
        KeptSession(BEGAN, 1_767_225_600.0, (RECORDS[0],)),
    ]
    assert list(history(path).sessions(1)) == list(history(path).sessions())[:1]


def test_a_whole_line_without_its_end_counts(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_text(ON_DISK.removesuffix("\n"))
    journal(path).write(RECORDS[0])
    assert records(path) == [*RECORDS, RECORDS[0]]


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"null",
        b"[1, 2]",
        b"\xff\xfe\x00",
        b'{"session": "2026-01-01T00:00:00+00:00", "at": 1.0, "kind": "mood", "mood": "good"}',
        b'{"session": "2026-01-01T00:00:00+00:00", "at": 1.0, "kind": ["rep"], "set": 1, "rep": 1}',
        b'{"session": "2026-01-01T00:00:00+00:00", "at": "now", "kind": "rep", "set": 1, "rep": 1}',
        b'{"session": "2026-01-01T00:00:00+00:00", "at": 1.0, "kind": "set", "set": 1, "reps": 1, "load": 9}',
        b'{"at": 1.0, "kind": "rep", "set": 1, "rep": 1}',
        b'{"session": "yesterday", "at": 1.0, "kind": "rep", "set": 1, "rep": 1}',
        b'{"session": "2026-01-01T00:00:00", "at": 1.0, "kind": "rep", "set": 1, "rep": 1}',
    ],
)
def test_what_is_not_known_is_left_out(line: bytes, tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(line + b"\n" + ON_DISK.encode())
    assert records(path) == RECORDS


def test_without_a_file_nothing_was_trained_and_one_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    assert list(history(tmp_path / "journal.jsonl").sessions()) == []
    with pytest.raises(HistoryError, match=r"the journal '.*' cannot be read \(Is a directory\): own it"):
        records(tmp_path)


def test_what_is_read_while_a_session_writes_is_what_it_wrote(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    talk, keeps = Talk(plan_of(reps=2, sets=1)), journal(path)
    talk.hears("ninety kilos")
    talk.in_set()
    talk.wait_for("finished")
    talk.quiet()
    talk.hears("end workout")
    for record in talk.records:
        keeps.write(record)
        assert records(path)[-1] == record
    assert [record.kind for record in records(path)] == ["rep", "rep", "set", "workout"]
    assert Set(talk.written(Set)[0].at, 1, 2, 90, "kg") in records(path)


def test_workouts_are_those_with_a_set_and_the_latest_preference_counts(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    first = journal(path)
    first.write(RECORDS[1])
    first.write(Preference(3.0, "volume", "-6"))
    journal(path, "2026-01-02T00:00:00+00:00").write(Preference(1.0, "volume", "-3"))
    assert history(path).workouts() == 1
    assert history(path).preferences() == {"volume": "-3"}


def test_a_disk_that_will_not_have_it_is_reported_once() -> None:
    failed: list[Event] = []
    keeps = FileJournal(Path(os.devnull) / "journal.jsonl", datetime(2026, 1, 1, tzinfo=UTC), failed.append)
    for record in RECORDS:
        keeps.write(record)
    assert [event.at for event in failed] == [RECORDS[0].at]


def test_each_line_is_json_for_other_programs(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal(path).write(RECORDS[2])
    assert json.loads(path.read_text())["load"] == 92.5
