"""`coach rehearse` and `coach run`: what is printed and written, and one line for every fault."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from coach import cli
from coach.adapters.drawing import png as adapter
from coach.rehearsal.scripts.botium import read_convo
from coach.rehearsal.scripts.script import Script
from coach.settings import Hearing
from coach.wiring.rehearsing import Rehearsals
from lab.rigs.command_line import error_line
from lab.rigs.folders import CALF_RAISE, CONVERSATIONS
from lab.rigs.talk import USUAL

COMMENTED = """\
# A head.
story: talk  # why
plan: {reps: 2, sets: 1}
# about the script
script:
  # the first, with "quotes # in it"
  - lifter: start set  # beside # it
  - says: set.intro  # the coach's
  - {lifter: "stop", in: rep 1 lowering}  # here
  - says: 'stop.now'
  # at the end
"""


def script_of(folder: Path, text: str) -> Script:
    file = folder / "talk.convo.txt"
    file.write_text(text, encoding="utf-8")
    return read_convo(file, USUAL)


START = "#me\nstart set\n"


STOP = CONVERSATIONS / "stop.yaml"


def script(folder: Path, text: str) -> Path:
    path = folder / "talk.yaml"
    path.write_text(text)
    return path


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_script_recorded_onto_itself_keeps_comments_and_line_ends(newline: str, tmp_path: Path) -> None:
    file = tmp_path / "talk.yaml"
    file.write_bytes(COMMENTED.replace("\n", newline).encode())
    for _ in range(2):
        assert cli.main(["rehearse", "--quiet", "--record", str(file), "--transcript", str(file)]) == 0
    lines = file.read_bytes().decode().split(newline)
    assert lines[:6] == [
        "# A head.",
        "# why",
        "# about the script",
        'story: "talk"',
        'plan: {"reps": 2, "sets": 1}',
        "script:",
    ]
    assert [line.strip() for line in lines[6:] if "#" in line] == [
        '# the first, with "quotes # in it"',
        '- {at: 5.302, lifter: "start set"}  # beside # it',
        "# the coach's",
        next(line.strip() for line in lines if 'lifter: "stop"' in line),
        "# at the end",
    ]
    assert any(line.endswith('lifter: "stop"}  # here') for line in lines)
    assert cli.main(["rehearse", "--quiet", str(file)]) == 0


def test_it_is_noted_as_yaml_and_not_rewritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, noted = tmp_path / "talk.convo.txt", tmp_path / "talk.yaml"
    script_of(tmp_path, f"A talk\n{START}#bot\nSet one\n")
    assert cli.main(["rehearse", "--quiet", str(file), "--transcript", str(file)]) == 2
    assert cli.main(["rehearse", "--quiet", str(file), "--record"]) == 1
    assert "its turns end where its sections do: --transcript alone" in capsys.readouterr().err
    assert cli.main(["rehearse", "--quiet", str(file), "--transcript", str(noted)]) == 0
    assert Rehearsals(False, Hearing(), pytest.fail).perform(noted, recording=False)[1].failure is None
    assert cli.main(["rehearse", "--quiet", "--update", str(tmp_path)]) == 0
    script_of(tmp_path, f"A talk\n{START}#bot\nSet two\n")
    capsys.readouterr()
    assert cli.main(["rehearse", "--quiet", "--update", str(tmp_path)]) == 1
    assert "does not go as written, and BotiumScript is not rewritten: edit it" in capsys.readouterr().err


def test_a_rehearsal_prints_the_talk_and_ends_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rehearse", str(STOP)]) == 0
    assert "lifter  stop" in capsys.readouterr().out


def test_a_missing_script_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert "nowhere.yaml" in error_line(capsys, "rehearse", "nowhere.yaml")


def test_every_fault_of_a_script_is_listed_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = script(
        tmp_path, "story: x\nplan: {reps: 99}\nscript:\n  - lifter: yes\n  - couch: Hello.\n  - silent: 1:30\n"
    )
    told = error_line(capsys, "rehearse", str(path)).splitlines()
    assert [line.split(f"{path}:")[1].split(":")[0] for line in told] == ["2", "4", "5", "6"]
    assert "read as true or false" in told[1]
    assert "did you mean 'coach'?" in told[2]


def test_a_talk_that_leaves_its_script_says_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = script(tmp_path, "story: x\nscript:\n  - coach: Good morning.\n")
    line = error_line(capsys, "rehearse", "--quiet", str(path))
    assert line.startswith(f"coach: {path}:3: at 0.090 the coach said something else\n  expected  Good morning.\n")
    assert "the last that was said:\n   0:00.090  coach   Hamstring" in line


@pytest.mark.parametrize("option", ["--snr", "--echo", "--delay", "--reverb", "--seed"])
def test_a_room_needs_audio_mode(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rehearse", str(STOP), option, "0"]) == 2
    assert capsys.readouterr().err == f"coach rehearse: {option} needs --audio: text has no room\n"


def test_nothing_half_written_is_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    locked = tmp_path / "file"
    locked.write_text("")
    line = error_line(capsys, "rehearse", "--quiet", str(STOP), "--transcript", str(locked / "talk.yaml"))
    assert "cannot write" in line
    assert list(tmp_path.iterdir()) == [locked]


def test_a_transcript_is_a_script_that_performs_the_same(tmp_path: Path) -> None:
    again = tmp_path / "again.yaml"
    assert cli.main(["rehearse", "--quiet", str(STOP), "--transcript", str(again)]) == 0
    assert cli.main(["rehearse", "--quiet", str(again)]) == 0
    # A transcript that is performed and recorded again stays the same to the letter.
    third = tmp_path / "third.yaml"
    assert cli.main(["rehearse", "--quiet", str(again), "--transcript", str(third)]) == 0
    assert third.read_text() == again.read_text()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--reps", "99"], "reps 99: give 1 to 30"),
        (["--tempo", "4-1"], "tempo '4-1' is not like 4-1-2-0"),
        (["--tempo", "1-0-1-0"], "lowering of 1 s: give 2 to 8"),
        (["--rest", "601"], "rest 601: give 0 to 600"),
    ],
)
def test_a_plan_out_of_bounds_is_refused(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert told in error_line(capsys, "run", *arguments)


def test_a_script_that_names_no_pack_is_performed_with_the_one_that_is_given(tmp_path: Path) -> None:
    script = tmp_path / "talk.yaml"
    script.write_text(
        "story: Hello.\nscript:\n  - coach: Standing calf raise. I count, you rise. Say set up, or start set.\n"
    )
    assert cli.main(["rehearse", "--quiet", "--pack", str(CALF_RAISE), str(script)]) == 0
    assert cli.main(["rehearse", "--quiet", str(script)]) == 1


def test_a_rehearsal_is_drawn_as_svg_or_png(tmp_path: Path) -> None:
    svg, png = tmp_path / "new" / "stop.svg", tmp_path / "stop.png"
    for picture in (svg, png):
        assert (
            cli.main(["rehearse", "--quiet", "--picture", str(picture), "--from", "12", "--to", "30", str(STOP)]) == 0
        )
    assert "“stop”" in svg.read_text()
    assert png.read_bytes().startswith(b"\x89PNG")
    # resvg leaves words out when it finds no font for them.
    assert len(png.read_bytes()) > len(adapter.png(re.sub("<text.*?</text>", "", svg.read_text())))


def test_png_without_its_library_is_one_line_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    told = error_line(capsys, "rehearse", "--quiet", "--picture", str(tmp_path / "x.png"), str(STOP))
    assert told == "coach: no resvg_py, which draws PNG: pip install resvg_py, or write an .svg"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--picture", "x.pdf"], "name it .svg or .png"),
        (["--from", "3"], "--from and --to are for --picture"),
        (["--picture", "x.svg", "--from", "9", "--to", "3"], "the earlier first"),
        ([str(STOP), "--picture", "x.svg"], "take one script"),
        (["--picture", "x.svg", "--update"], "leave the other outputs out"),
    ],
)
def test_what_a_picture_cannot_be(options: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rehearse", str(STOP), *options]) == 2
    assert told in capsys.readouterr().err
