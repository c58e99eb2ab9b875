"""`coach doctor` reports faults of the settings as lines."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from coach import cli
from coach.doctor import CHECKS


def test_faults_of_the_settings_are_lines_and_all_else_is_examined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "settings.toml").write_text("[page]\nonn = true\nport = 99999\n")
    monkeypatch.setattr("coach.doctor.CHECKS", tuple(one for one in CHECKS if one.name in ("settings", "disk")))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert cli.main(["doctor", "--json", "--settings", str(tmp_path / "settings.toml")]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["coaches"] is False
    assert [(one["part"], one["status"]) for one in told["found"][:2]] == [("settings", "fix")] * 2
    assert [one["part"] for one in told["found"][2:]] == ["disk"]
    assert os.fspath(tmp_path) in told["found"][0]["told"]
