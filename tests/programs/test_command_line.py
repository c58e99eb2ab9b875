"""The coach as a program: help, wrong options, and what it loads."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from coach import cli
from lab.rigs.folders import CALF_RAISE, CONVERSATIONS

STOP = CONVERSATIONS / "stop.yaml"


def coach(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the coach as users do."""
    return subprocess.run(
        [sys.executable, "-m", "coach", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **environment},
    )


def test_help_names_every_command() -> None:
    told = coach("--help")
    assert told.returncode == 0
    for command in (
        "run",
        "plan",
        "rehearse",
        "demo",
        "commands",
        "check",
        "hear",
        "history",
        "export",
        "import",
        "models",
        "doctor",
        "diagram",
    ):
        assert f"    {command} " in told.stdout


def test_an_unknown_option_is_refused_with_usage() -> None:
    refused = coach("run", "--loud")
    assert refused.returncode == 2
    assert "unrecognized arguments: --loud" in refused.stderr


def test_sound_needs_audio_mode() -> None:
    refused = coach("rehearse", str(STOP), "--wav", "x.wav")
    assert refused.returncode == 2
    assert "--wav needs --audio" in refused.stderr


@pytest.mark.parametrize("command", [["--help"], ["rehearse", "--quiet", str(STOP)]], ids=["help", "rehearse"])
def test_what_needs_no_engine_loads_none(command: list[str]) -> None:
    program = (
        "import sys; from coach import cli\n"
        "try: cli.main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print('loaded', *{'vosk', 'onnxruntime', 'pyttsx3', 'sounddevice'} & sys.modules.keys())\n"
    )
    told = subprocess.run([sys.executable, "-c", program, *command], capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[-1] == "loaded"


def test_without_a_model_vosk_says_how_to_get_one(tmp_path: Path) -> None:
    told = coach(
        *("rehearse", "--audio", "--engine", "vosk", str(STOP)),
        HOME=str(tmp_path),
        XDG_DATA_HOME=str(tmp_path),
        VOSK_MODEL_PATH="",
    )
    assert told.returncode == 1
    assert "coach models fetch" in told.stderr
    assert "Traceback" not in told.stderr


def test_commands_are_listed_by_state(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["commands", "--state", "set"]) == 0
    listed = capsys.readouterr().out
    assert "Stop: stop" in listed
    assert "SkipRest" not in listed
    assert cli.main(["commands", "--state", "sett"]) == 2


def test_what_can_be_said_is_the_packs(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["commands", "--pack", str(CALF_RAISE)]) == 0
    listed = capsys.readouterr().out
    assert "Bounced: i bounced" in listed
    assert "Stop: stop" in listed
    assert "BackLifted" not in listed


def test_the_diagram_is_mermaid(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["diagram"]) == 0
    assert capsys.readouterr().out.startswith("stateDiagram-v2\n")
