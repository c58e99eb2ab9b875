"""A session played again from its journal: it leaves the same records, and its script performs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from coach.commands import Write
from coach.ports import Observed, StoredSession
from coach.records import (
    FaultReported,
    GotStuck,
    PainReported,
    Record,
    RepDone,
    SessionBegan,
    SessionResumed,
    SetAmended,
    SetBegan,
    SetEnded,
    StopSaid,
    WorkoutEnded,
)
from coach.rehearsal.performance import perform_text, reenact
from coach.rehearsal.replay.script_head import records_of, script_of
from coach.rehearsal.scripts.script import Script, read_script
from coach.rehearsal.scripts.transcript import script_text
from coach.wiring import journal
from lab.rigs.folders import CONVERSATIONS
from lab.rigs.sessions import any_sessions, months_of_training
from lab.rigs.talk import GRAMMAR, PACK, USUAL

PLAYED = [
    *("back_lifted", "stop", "stop_in_the_countdown", "pain", "settings", "whole_workout", "finish_early"),
    *("interrupted", "slower_in_the_set", "two_in_one_breath", "history/put_right", "history/resumed"),
    *("spotter/stuck_and_out", "spotter/s20_start_over", "spotter/s26_too_heavy_twice", "spotter/idea_own_pace"),
    *("plans/plain", "plans/one_side", "plans/interrupted", "plans/as_changed"),
    *("sets/warm_up_interrupted", "sets/one_side_interrupted", "sets/drop_set", "sets/effort"),
    *("lifters_pace", "lifters_pace_interrupted", "lifters_pace_and_back"),
]
"""Conversations of the suite that differ in what they write down."""
BEGAN = "2026-03-28T17:29:11+01:00"


def played(script: Script) -> list[Record]:
    """The records of a script, which performs as it is written."""
    written: list[Record] = []

    def note(happened: Observed) -> None:
        if isinstance(happened, Write):
            written.append(happened.record)

    failure = perform_text(script, PACK, GRAMMAR, observers=[note]).failure
    assert failure is None, str(failure)
    return written


def told(records: Sequence[Record]) -> list[tuple[object, ...]]:
    """What each record says about a repetition, a correction, a stop and so on, without its time."""
    names = ("set", "rep", "reps", "what", "load", "unit", "left", "earlier")
    return [
        (record.kind, *(getattr(record, name, None) for name in names))
        for record in records
        if isinstance(
            record,
            SessionResumed
            | SetBegan
            | RepDone
            | SetEnded
            | SetAmended
            | FaultReported
            | StopSaid
            | GotStuck
            | PainReported
            | WorkoutEnded,
        )
    ]


@pytest.mark.parametrize("name", PLAYED)
def test_what_was_written_is_written_again(name: str, tmp_path: Path) -> None:
    before = read_script(CONVERSATIONS / f"{name}.yaml", USUAL)
    records = played(before)
    kept = StoredSession(BEGAN, 0.0, tuple(records))
    head = script_of(kept, [], before.preferences, USUAL)
    records = list(records_of(kept, USUAL))
    if before.past.unfinished is not None:
        # The sessions before say what was left; a script does not have them.
        head = replace(head, past=before.past, head={**head.head, "past": before.head["past"]})
    performance, missed = reenact(head, PACK, GRAMMAR, records)
    assert missed == []
    again = tmp_path / "again.yaml"
    again.write_text(script_text(performance.entries, head.head))
    assert told(played(read_script(again, USUAL))) == told(records)


def test_reports_come_in_their_phase(tmp_path: Path) -> None:
    records = played(read_script(CONVERSATIONS / "spotter/s06_fault_after_fault.yaml", USUAL))
    head = script_of(StoredSession(BEGAN, 0.0, tuple(records)), [], {}, USUAL)
    performance, _ = reenact(head, PACK, GRAMMAR, records)
    again = tmp_path / "again.yaml"
    again.write_text(script_text(performance.entries, head.head))
    phases = [one.phase for one in played(read_script(again, USUAL)) if isinstance(one, FaultReported)]
    assert phases == [one.phase for one in records if isinstance(one, FaultReported)]
    assert None not in phases


def test_whatever_a_journal_holds_something_is_played() -> None:
    """Nothing ends a replay early: no record without sense, and no record of an imported or an old session."""
    for number in range(12):
        for one in any_sessions(Random(number))[:1]:
            # The plan then has ten repetitions: a set of thirty takes long.
            records = [record for record in one.records if not isinstance(record, SessionBegan | SetEnded | RepDone)]
            head = script_of(replace(one, records=tuple(records)), [], {}, USUAL)
            performance, _ = reenact(head, PACK, GRAMMAR, records)
            assert performance.entries


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[StoredSession]:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    made = months_of_training(3, Random(4), datetime(2026, 3, 1, tzinfo=UTC))
    journal.archive().add(made)
    return made
