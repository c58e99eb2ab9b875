"""`coach settings` and `--set`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coach import cli
from coach.settings import Settings
from coach.wiring.configured import settings
from coach.wiring.settings_table import BY_NAME, SETTINGS


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_the_example_is_what_holds_without_a_file(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["settings", "--example"]) == 0
    file.write_text(capsys.readouterr().out)
    assert settings({}, file, {}) == Settings()
    for setting in SETTINGS:
        assert f"{setting.key} = " in file.read_text()


def test_the_command_shows_what_holds_and_where_it_comes_from(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text('profile = "speaker"\n[hearing]\nwake_word = "arnold"\n')
    assert cli.main(["settings", "--settings", str(file), "--set", "page.on=true"]) == 0
    printed = {line.split()[0]: line.split()[1:] for line in capsys.readouterr().out.splitlines()}
    assert printed["hearing.wake_word"] == ['"arnold"', f"{file}:3"]
    assert printed["page.on"] == ["true", "--set"]
    assert cli.main(["settings", "--settings", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["profile"] == {"value": "speaker", "source": f"{file}:1"}
    assert set(printed) == set(BY_NAME)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--set", "page.on"], "write NAME=VALUE"),
        (["--set", "page.onn=true"], "did you mean 'page.on'?"),
        (["--set", "voice.ceiling_db=6"], "give -30 to 0"),
        (["--settings", "/nowhere/at/all.toml"], "cannot be read"),
    ],
)
def test_a_wrong_option_is_one_line(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("settings", "run"):
        assert cli.main([command, *arguments]) == 1
        printed = capsys.readouterr()
        assert told in printed.err
        assert len(printed.err.splitlines()) == 1
