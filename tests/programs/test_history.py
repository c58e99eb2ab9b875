"""What was trained, from the command line: shown, taken away, brought in. The journal is a real one."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from coach import cli
from coach.formats.conversion import export
from coach.records import (
    FaultReported,
    GotStuck,
    PainReported,
    RepDone,
    SessionBegan,
    SessionResumed,
    SetBegan,
    SetEnded,
    WorkoutEnded,
)
from coach.wiring import journal
from lab.rigs.sessions import MemoryArchive, months_of_training, session
from tests.unit.formats.test_conversion import HEVY, STRONG

PRESS = session(
    datetime(2026, 1, 2, 18, 30, 12, tzinfo=UTC),
    SessionBegan(0.5, "leg_press", 2, 8, 90, "4-1-2-0"),
    SetBegan(10.0, 1),
    RepDone(20.0, 1, 1),
    FaultReported(25.0, "BackLifted", 1, 1, "lowering"),
    GotStuck(40.0, 1, 5),
    SetEnded(60.0, 1, 8, 90.0, "kg", "4-1-2-0"),
    SetBegan(160.0, 2, 90),
    PainReported(170.0, "Dizzy", 2, 2),
    SetEnded(200.0, 2, 6, 92.5, "kg", "4-1-2-0"),
    SetBegan(300.0, 3, 90),
)
BENCH = session(
    datetime(2026, 2, 3, 7, 0, tzinfo=UTC),
    SessionBegan(0.0, "Bench Press (Barbell)", 1, 5, 0, ""),
    SetEnded(60.0, 1, 5),
    WorkoutEnded(70.0, 1, 5),
)


@pytest.fixture(autouse=True)
def _own_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "80")


def printed(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    assert cli.main([str(one) for one in arguments]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    return told.out


def refused(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> list[str]:
    assert cli.main([str(one) for one in arguments]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    lines = told.err.splitlines()
    assert lines[0].startswith("coach: ")
    return lines


def test_who_never_trained_is_told_how(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, "history").startswith("Nothing was trained yet: `coach run`")
    assert printed(capsys, "history", "--json") == ""


def test_the_last_workouts_are_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    journal.archive().add([PRESS, BENCH])
    assert printed(capsys, "history") == (
        "#  when              exercise               reps  load            rest     tempo    reported\n"
        "1  2026-02-03 07:00  Bench Press (Barbell)  5     -               -        -        -\n"
        "2  2026-01-02 18:30  leg press              8 6   90 kg, 92.5 kg  100/90 s  4-1-2-0  "
        "dizzy, stuck, back lifted, set 3 not finished\n"
    ).replace("rest     tempo", "rest      tempo").replace("-        -        -", "-         -        -")


def test_a_set_in_which_the_machine_died_counts_as_far_as_it_was_done(capsys: pytest.CaptureFixture[str]) -> None:
    first = session(
        datetime(2026, 1, 2, 18, 0, tzinfo=UTC),
        SessionBegan(0.5, "leg_press", 3, 8, 90, "4-1-2-0"),
        SetBegan(10.0, 1),
        RepDone(20.0, 1, 8),
        SetEnded(60.0, 1, 8, 90.0, "kg", "4-1-2-0"),
        SetBegan(150.0, 2, 90),
        RepDone(160.0, 2, 1),
    )
    again = session(
        datetime(2026, 1, 2, 18, 5, tzinfo=UTC),
        SessionResumed(1.0, first.began),
        RepDone(20.0, 2, 2),
        RepDone(27.0, 2, 3),
    )
    old = session(datetime(2025, 1, 2, tzinfo=UTC), SetEnded(60.0, 1, 8), RepDone(90.0, 2, 5))
    journal.archive().add([first, again, old])
    lines = printed(capsys, "history").splitlines()
    assert [line.split("  ")[3].strip() for line in lines[1:]] == ["8 3", "8 5"]
    assert "set 2 not finished" in lines[1]
    rows = printed(capsys, "export", "--format", "strong").splitlines()
    assert [row.split(",")[4:7] for row in rows[3:]] == [["1", "90", "8"], ["2", "90", "3"]]


def test_workouts_are_chosen_and_keep_their_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    journal.archive().add([PRESS, BENCH])
    chosen = printed(capsys, "history", "--exercise", "LEG press").splitlines()
    assert [line.split()[0] for line in chosen] == ["#", "2"]
    assert len(printed(capsys, "history", "--last", "1").splitlines()) == 2
    assert len(printed(capsys, "history", "--since", "2026-02-01").splitlines()) == 2
    assert printed(capsys, "history", "--exercise", "squat").startswith("No workout is like that")
    for wrong in (["--last", "0"], ["--since", "soon"], ["--last", "x"]):
        with pytest.raises(SystemExit):
            cli.main(["history", *wrong])


def test_json_tells_all_of_a_workout(capsys: pytest.CaptureFixture[str]) -> None:
    journal.archive().add([PRESS])
    told = json.loads(printed(capsys, "history", "--json"))
    assert (told["number"], told["session"], told["open_set"]) == (1, PRESS.began, 3)
    assert told["sets"][1] == {
        "set": 2,
        "kind": "working",
        "reps": 6,
        "parts": [{"reps": 6, "load": 92.5, "unit": "kg", "side": None}],
        "left": None,
        "tempo": "4-1-2-0",
        "rest_planned": 90,
        "rest_taken": 100.0,
    }
    assert told["reported"][0] == {
        "at": 25.0,
        "kind": "correction",
        "what": "BackLifted",
        "set": 1,
        "reps_done": 1,
        "phase": "lowering",
    }


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
def test_no_line_is_wider_than_the_terminal(columns: int) -> None:
    journal.archive().add(months_of_training(12, Random(3), datetime(2026, 1, 1, tzinfo=UTC)))
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environ = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    subprocess.run([sys.executable, "-m", "coach", "history"], stdout=slave, env=environ, check=True, timeout=60)
    os.close(slave)
    lines = os.read(master, 100_000).decode().splitlines()
    os.close(master)
    assert len(lines) == 11
    assert max(map(len, lines)) <= columns


@pytest.mark.parametrize("name", ["json", "csv", "hevy", "strong"])
def test_an_export_comes_back_once(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = months_of_training(5, Random(1), datetime(2026, 3, 1, tzinfo=UTC))
    journal.archive().add(made)
    file = tmp_path / "out" / "sets"
    assert printed(capsys, "export", "--format", name, "--out", file) == ""
    assert file.read_text("utf-8") == export(name, made) == printed(capsys, "export", "--format", name)
    assert printed(capsys, "import", file) == f"{file} ({name}): 0 new, 5 there already\n"
    (tmp_path / "data").rename(tmp_path / "before")
    assert printed(capsys, "import", file) == f"{file} ({name}): 5 new, 0 there already\n"
    assert printed(capsys, "import", file) == f"{file} ({name}): 0 new, 5 there already\n"
    assert printed(capsys, "export", "--format", name) == file.read_text("utf-8")
    if name in ("json", "csv"):
        assert list(journal.history().sessions()) == list(MemoryArchive(made).sessions())


@pytest.mark.parametrize(("text", "count"), [(HEVY, 4), (STRONG, 2)])
def test_files_of_others_come_in(text: str, count: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "sets.csv"
    file.write_text(text)
    assert f"{count} new, 0 there already" in printed(capsys, "import", file)
    assert f"0 new, {count} there already" in printed(capsys, "import", file)
    assert len(printed(capsys, "history").splitlines()) == count + 1


def test_what_is_left_out_of_an_import_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "sets.csv"
    file.write_text(STRONG.replace(",12,,,", ",0,,60,"))
    assert cli.main(["import", str(file)]) == 0
    told = capsys.readouterr()
    assert told.err == "coach: rows without repetitions, such as cardio and rest timers, are left out: 1\n"
    assert "1 new, 0 there already" in told.out


def test_a_file_with_a_fault_gives_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "sets.csv"
    file.write_text(STRONG.replace(",10,,,", ",ten,,,").replace("50s", "soon"))
    assert refused(capsys, "import", file) == [
        f"coach: {file}: row 2: Reps: 'ten' is no number: give 0 to 10000",
        f"{file}: row 5: Duration: 'soon' is no duration: write it like 1h 5m",
    ]
    assert printed(capsys, "history").startswith("Nothing was trained yet")


def test_what_is_no_file_of_sets_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "latin").write_bytes(b"Date\xff")
    assert "is not UTF-8 at byte 4: export it again as UTF-8" in refused(capsys, "import", tmp_path / "latin")[0]
    assert "cannot be read (No such file or directory): check the name" in refused(capsys, "import", tmp_path / "no")[0]
    assert "(Is a directory)" in refused(capsys, "import", tmp_path)[0]


def test_names_from_a_file_move_no_cursor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journal.archive().add(
        [session(datetime(2026, 1, 1, tzinfo=UTC), SessionBegan(0.0, "a\x1b[31m\nb", 1, 1, 0, ""), SetEnded(1.0, 1, 5))]
    )
    assert "a [31m b" in printed(capsys, "history")
