"""`coach check` of scripts: what would fail in every performance is a fault, what fails in audio only a warning."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach import cli
from coach.wiring.rehearsing import DEMO

CONVERSATIONS = Path(__file__).parent / "conversations"

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


def test_names_that_nobody_knows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "talk.yaml"
    script.write_text(SLIPS)
    (tmp_path / "hello.wav").touch()
    faults = [
        f"{script}:3: says: no line 'stop.nwo': did you mean 'stop.now'?",
        f"{script}:4: state: no state 'set.lowring': did you mean 'set.lowering'?",
        f"{script}:5: while: no line 'Breathe inn': did you mean 'Breathe in'?",
    ]
    assert told(capsys, script) == (1, [*faults, f"{script}: 3 faults"])
    assert told(capsys, tmp_path) == (1, [*faults, f"{tmp_path}: 3 faults"])


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


def test_ours_are_good(capsys: pytest.CaptureFixture[str]) -> None:
    places = [CONVERSATIONS / "audio", DEMO]
    assert told(capsys, *places) == (0, [f"{place}: good" for place in places])
    code, lines = told(capsys, CONVERSATIONS, CONVERSATIONS / "faults")
    assert code == 0
    assert all("warning" in line or line.endswith(": good") for line in lines)
