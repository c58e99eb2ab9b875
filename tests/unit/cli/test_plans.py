"""`coach plan`: a plan as on paper, and one line for a plan that cannot be."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from coach import cli
from coach.content.plan_reading import read_plan
from coach.records import PreferenceChanged
from coach.wiring import journal
from lab.rigs.command_line import error_line
from lab.rigs.folders import CALF_RAISE, PLANS

MONDAY = PLANS / "monday.yaml"


@pytest.fixture
def journal_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the journal of the test."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path


def wanted(**values: str) -> None:
    """Write preferences, as if a lifter had changed them by voice in a session."""
    with closing(journal.begin(lambda _: None)) as keeps:
        for name, value in values.items():
            keeps.write(PreferenceChanged(1.0, name, value))


def test_a_plan_is_shown_as_on_paper(journal_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["plan", str(MONDAY)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"Leg press for hamstrings ({MONDAY})"
    assert lines[2:6] == [
        "            reps   load       break  rest   tempo",
        "warm-up 1   2      40 kg      -      30 s   3-0-2-0",
        "set 1       3      80 kg      -      1 min  3-0-2-0",
        "set 2 drop  2 + 2  75, 55 kg  10 s   -      3-0-2-0",
    ]
    assert lines[7] == "It takes about 2 min: counting, breaks and rests."
    assert lines[8].startswith(
        "After a set the coach asks how many repetitions were left, and proposes: with none left"
    )


def test_without_a_file_it_is_what_was_wanted_last(journal_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted(**{"leg_press.load": "90 kg", "leg_press.side": "left", "effort": "not_asked"})
    assert cli.main(["plan", "--reps", "7"]) == 0
    told = capsys.readouterr().out
    assert "set 1  7     90 kg  90 s  4-1-2-0" in told
    assert "Each set on the left side, 8 s later on the right." in told
    assert "Changed by voice: load 90 kg; one side left." in told
    assert "The coach does not ask how many repetitions were left." in told


def test_with_a_file_only_what_was_changed_with_it_counts(
    journal_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = read_plan(MONDAY).name
    wanted(**{"leg_press.reps": "12", f"leg_press.{name}.load": "80 kg, 70 kg, 70 kg"})
    assert cli.main(["plan", str(MONDAY), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["changed_by_voice"] == {"load": "80 kg, 70 kg, 70 kg"}
    assert [[stage["load"] for stage in one["stages"]] for one in told["sets"]] == [[40], [80], [70, 55]]
    assert [one["seconds"] for one in told["sets"]] == [10, 15, 30]
    assert told["seconds"] == 10 + 30 + 15 + 60 + 30


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("plan", "nowhere.yaml"), "nowhere.yaml:1: the file: cannot be read"),
        (("plan", "--sets", "11"), "sets 11: give 1 to 10"),
        (("plan", "--tempo", "9"), "tempo '9' is not like 4-1-2-0"),
        (("plan", "--pack", "squat"), "no pack 'squat'"),
        (("plan", str(MONDAY), "--pack", str(CALF_RAISE)), f"--pack {str(CALF_RAISE)!r} is not the exercise of"),
        (("run", "--plan", "nowhere.yaml"), "nowhere.yaml:1: the file: cannot be read"),
        (("run", "--plan", str(MONDAY), "--pack", str(CALF_RAISE)), f"--pack {str(CALF_RAISE)!r} is not the exercise"),
        (("rehearse", str(MONDAY)), f"{MONDAY}:1: the file: is a plan, no conversation"),
    ],
)
def test_a_plan_that_cannot_be_is_one_line(
    arguments: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert error_line(capsys, *arguments).startswith(f"coach: {told}")
