"""`coach check`: what would fail in every performance is a fault, what fails in audio only a warning."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from coach import cli
from coach.wiring.rehearsing import DEMO, VOICES
from lab.rigs.folders import CALF_RAISE, CONVERSATIONS

SLIPS = """\
story: Slips of the pen.
script:
  - says: stop.nwo
  - state: set.lowring
  - {lifter: start set, while: Breathe inn}
  - {lifter: stop, while: stop.now}
  - {lifter: stop, while: rep three}
  - {lifter: hello you, wav: hello.wav}
"""


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, list[str]]:
    code = cli.main(["check", *map(str, arguments)])
    return code, capsys.readouterr().out.splitlines()


def test_our_packs_are_good_and_one_that_is_not_there_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "nowhere", "leg_press", str(CALF_RAISE)]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("no pack 'nowhere': ")
    assert told[1:] == ["leg_press: good", f"{CALF_RAISE}: good"]


def test_names_that_nobody_knows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "talk.yaml"
    script.write_text(SLIPS)
    shutil.copy(VOICES / "slt-stop.flac", tmp_path / "hello.wav")
    faults = [
        f"{script}:3: says: no line 'stop.nwo': did you mean 'stop.now'?",
        f"{script}:4: state: no state 'set.lowring': did you mean 'set.lowering'?",
        f"{script}:5: while: no line 'Breathe inn': did you mean 'Breathe in'?",
    ]
    assert told(capsys, script) == (1, [*faults, f"{script}: 3 faults"])
    assert told(capsys, tmp_path) == (1, [*faults, f"{tmp_path}: 3 faults"])


def test_plans_are_checked_beside_scripts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan, script = tmp_path / "monday.yaml", tmp_path / "talk.yaml"
    plan.write_text("reps: 10\nrest: 10 min\n")
    script.write_text("story: Hello.\nplan: monday.yaml\nscript:\n  - says: greeting\n")
    slip = f"{plan}:2: rest: warning: a rest of 10 min: give 5 min or less"
    assert told(capsys, tmp_path) == (0, [slip, f"{tmp_path}: good"])
    plan.write_text("reps: 10\nrests: 60\n")
    wrong = f"{plan}:2: rests: unknown key 'rests': did you mean 'rest'?"
    assert told(capsys, plan) == (1, [wrong, f"{plan}: one fault"])
    assert told(capsys, script) == (1, [f"{script}:2: plan: {wrong}", f"{script}: one fault"])


def test_what_keeps_a_script_from_being_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "talk.yaml"
    script.write_text("story: Hello.\nvoice: mine\nscript:\n  - {lifter: stop, wav: nowhere.wav}\n")
    assert told(capsys, script) == (
        1,
        [
            f"{script}:2: voice: 'mine' is not one of slt, rms, awb, kal: choose one of them",
            f"{script}:4: script[0].wav: no file 'nowhere.wav': name it relative to the script",
            f"{script}: 2 faults",
        ],
    )


def test_a_line_without_a_clip_is_no_fault_of_a_script_for_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "talk.yaml"
    script.write_text("story: Hello.\nvoice: rms\nscript:\n  - lifter: stop\n  - lifter: hello you\n")
    warning = "warning: 'rms' has no clip of 'hello you', so it cannot be performed in audio: add `wav: FILE`"
    assert told(capsys, script) == (0, [f"{script}:5: lifter: {warning}", f"{script}: good"])


def test_any_suffix_and_case_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ["a.yml", "B.YAML", "c.Yaml", "d.CONVO.txt"]
    for name in names:
        (tmp_path / name).write_text("t\n\n#me\nstop\n" if "txt" in name else "story: x\nscript:\n  - lifter: stop!\n")
    code, lines = told(capsys, tmp_path)
    assert (code, lines[-1]) == (1, f"{tmp_path}: 3 faults")
    assert [line.partition(":")[0] for line in lines[:3]] == [str(tmp_path / name) for name in sorted(names)[:3]]
    assert told(capsys, tmp_path / "d.CONVO.txt") == (0, [f"{tmp_path / 'd.CONVO.txt'}: good"])
    (tmp_path / "e.yml").write_text("story: x\n")
    assert "there is e.yml: call it e.yaml" in told(capsys, tmp_path / "e.yaml")[1][0]


def test_a_part_of_an_exercise_is_told_from_a_conversation(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack = tmp_path / "mine"
    shutil.copytree(CALF_RAISE, pack)
    assert told(capsys, pack) == (0, [f"{pack}: good"])
    for name in ("guidance.yaml", "commands.yaml"):
        wrong = "is part of an exercise, no conversation: name the folder it is in"
        assert told(capsys, pack / name) == (1, [f"{pack / name}:1: the file: {wrong}", f"{pack / name}: one fault"])
    (pack / "commands.yaml").rename(pack / "commands.yml")
    assert "there is commands.yml: call it commands.yaml" in told(capsys, pack)[1][0]
    (pack / "guidance.yaml").rename(pack / "Guidance.yml")
    assert told(capsys, pack) == (1, [f"no pack {str(pack)!r}: it has Guidance.yml: call it guidance.yaml"])


def test_recordings_are_looked_at_without_performing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "text.wav").write_text("hello")
    (tmp_path / "empty.wav").touch()
    soundfile.write(tmp_path / "stereo.wav", np.zeros((8000, 2), np.int16), 16_000)
    soundfile.write(tmp_path / "gsm.wav", np.zeros(8000, np.int16), 8000, subtype="GSM610")
    soundfile.write(tmp_path / "good.wav", np.zeros(8000, np.int16), 16_000)
    script = tmp_path / "talk.yaml"
    for name, wrong in {
        "text": "Format not recognised",
        "empty": "Format not recognised",
        "stereo": "has 2 channels: give one",
        "gsm": "is GSM 6.10",
    }.items():
        script.write_text(f"story: w\nscript:\n  - {{lifter: start set, wav: {name}.wav}}\n")
        code, lines = told(capsys, script)
        assert code == 1
        assert lines[0].startswith(f"{script}:3: wav: ")
        assert wrong in lines[0]
        assert lines[1:] == [f"{script}: one fault"]
    script.write_text("story: w\nroom: {noise: text.wav}\nscript:\n  - {lifter: start set, wav: good.wav}\n")
    assert told(capsys, script)[1][0].startswith(f"{script}:1: room.noise: ")
    script.write_text("story: w\nroom: {noise: stereo.wav}\nscript:\n  - {lifter: start set, wav: good.wav}\n")
    assert told(capsys, script) == (0, [f"{script}: good"])


def test_ours_are_good(capsys: pytest.CaptureFixture[str]) -> None:
    places = [CONVERSATIONS / "audio", DEMO]
    assert told(capsys, *places) == (0, [f"{place}: good" for place in places])
    code, lines = told(capsys, CONVERSATIONS, CONVERSATIONS / "faults")
    assert code == 0
    assert all("warning" in line or line.endswith(": good") for line in lines)
