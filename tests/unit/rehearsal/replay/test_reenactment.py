"""A session played again from its journal: it leaves the same records, and its script performs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from coach import cli
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
from lab.rigs.folders import CALF_RAISE, CONVERSATIONS
from lab.rigs.sessions import any_sessions, months_of_training, session
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


def test_a_session_is_named_by_number_or_beginning(
    kept: list[StoredSession], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["rehearse", "--from-journal", "2"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out.startswith('story: "What happened in a session, played again from its journal."\nplan: {')
    assert not [year for year in ("2025", "2026") if year in printed.out], "nothing personal is in it"
    out = tmp_path / "report.yaml"
    assert cli.main(["rehearse", "--from-journal", kept[1].began[:16], "--transcript", str(out)]) == 0
    assert capsys.readouterr().out == ""
    assert out.read_text() == printed.out
    assert cli.main(["rehearse", str(out), "--quiet"]) == 0
    for wrong in ("4", "0", "", "soon"):
        assert cli.main(["rehearse", "--from-journal", wrong]) == 1
        assert "coach history" in capsys.readouterr().err


def test_a_workout_that_was_gone_on_with_begins_where_it_was_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    plan = SessionBegan(0.0, "leg_press", 2, 3, 60, "4-1-2-0")
    first = session(
        datetime(2026, 3, 1, 10, 0, tzinfo=UTC),
        plan,
        SetBegan(5.0, 1),
        *(RepDone(20.0 + 7 * rep, 1, rep) for rep in (1, 2, 3)),
        SetEnded(41.0, 1, 3, 90.0, "kg", "4-1-2-0"),
        SetBegan(101.0, 2, 60),
        RepDone(116.0, 2, 1),
    )
    again = session(
        datetime(2026, 3, 1, 10, 5, tzinfo=UTC),
        plan,
        SessionResumed(4.0, first.began),
        RepDone(20.0, 2, 2),
        RepDone(27.0, 2, 3),
        SetEnded(27.0, 2, 3, 90.0, "kg", "4-1-2-0"),
    )
    journal.archive().add([first, again])
    assert cli.main(["rehearse", "--from-journal", "1"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    assert 'past: {"left": {"ago": 60.0, "sets": [3], "reps": 1, "load": "90 kg"}}' in printed.out
    assert 'coach: "Set two, one rep done. Continue?"' in printed.out
    assert "rep two, lower" in printed.out


def test_what_did_not_come_again_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    plan = SessionBegan(0.0, "leg_press", 1, 2, 60, "4-1-2-0")
    made = session(datetime(2026, 3, 1, tzinfo=UTC), plan, SetBegan(5.0, 1), FaultReported(25.0, "NoSuchFault", 1, 1))
    journal.archive().add([made])
    assert cli.main(["rehearse", "--from-journal", "1"]) == 0
    assert capsys.readouterr().err == "coach: did not come again: correction what=NoSuchFault set=1 rep=1\n"


def test_its_options_do_not_mix(kept: list[StoredSession], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rehearse"]) == 2
    assert "name a script" in capsys.readouterr().err
    script = str(CONVERSATIONS / "stop.yaml")
    assert cli.main(["rehearse", "--from-journal", "1", script]) == 2
    assert "--from-journal makes a script" in capsys.readouterr().err
    # The option --from is a prefix of --from-journal.
    assert cli.main(["rehearse", script, "--from", "1"]) == 2
    assert "--from and --to are for --picture" in capsys.readouterr().err


def test_an_exercise_that_is_not_here_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    journal.archive().add(
        [session(datetime(2026, 3, 1, tzinfo=UTC), SessionBegan(0.0, "Squat", 1, 5, 0, ""), SetEnded(9.0, 1, 5))]
    )
    assert cli.main(["rehearse", "--from-journal", "1"]) == 1
    assert capsys.readouterr().err == "coach: the exercise 'Squat' is not here: name its folder with --pack\n"
    pack = str(CALF_RAISE)
    assert cli.main(["rehearse", "--from-journal", "1", "--pack", pack]) == 0
