"""`coach rehearse --from-journal` plays a session again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from coach import cli
from coach.ports import StoredSession
from coach.records import FaultReported, RepDone, SessionBegan, SessionResumed, SetBegan, SetEnded
from coach.wiring import journal
from lab.rigs.folders import CALF_RAISE, CONVERSATIONS
from lab.rigs.sessions import months_of_training, session


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
