"""The settings that apply: their sources, which source wins, and the report of a wrong one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coach import cli
from coach.ports import ScriptError
from coach.settings import Profile, Settings
from coach.wiring.configured import Given, applied, settings, settings_file
from coach.wiring.settings_table import BY_NAME, SETTINGS


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_without_anything_the_usual_holds() -> None:
    assert settings({}) == Settings()


def test_an_option_wins_over_the_environment_over_the_file_over_the_profile(file: Path) -> None:
    name, environ = "voice.ceiling_db", {"COACH_VOICE_CEILING_DB": "-7"}

    def found(options: dict[str, Given], environ: dict[str, str]) -> tuple[float, str]:
        one = next(one for one in applied(options, file, environ) if one.setting.name == name)
        return one.value, one.source

    file.write_text('profile = "quiet"\n')
    assert found({}, {}) == (-10.0, "profile quiet")
    file.write_text('profile = "quiet"\n\n[voice]\nceiling_db = -8\n')
    assert found({}, {}) == (-8.0, f"{file}:4")
    assert found({}, environ) == (-7.0, "COACH_VOICE_CEILING_DB")
    assert found({name: Given("-6", "--set")}, environ) == (-6.0, "--set")


def test_everything_that_is_wrong_is_told_at_once_with_its_line(file: Path) -> None:
    file.write_text(
        'profile = "speakr"\n[page]\nport = 99999\non = "yes"\nprot = 1\n[corner]\nlifters = ["Anna", "b"]\n'
    )
    with pytest.raises(ScriptError) as told:
        applied(
            {"page.on": Given("maybe", "--set"), "page.onn": Given("true", "--set")}, file, {"COACH_BROKER_PORT": "x"}
        )
    lines = str(told.value).splitlines()
    assert [line.split(": ")[0].removeprefix(f"{file}:") for line in lines] == [
        *("1", "3", "4", "5", "7", "7"),
        *("COACH_BROKER_PORT", "--set", "--set"),
    ]
    assert "did you mean 'port'?" in lines[3]
    assert "did you mean 'page.on'?" in lines[-1]
    assert "give 0 to 65535" in lines[1]


@pytest.mark.parametrize(
    ("text", "line"),
    [("x = \n", 1), ("[page]\non = true\non = false\n", 3), ("[a]\n\n[page\n", 3), ('x = "\n', 1), ("\xff", 1)],
)
def test_what_is_not_toml_is_one_line(file: Path, text: str, line: int) -> None:
    file.write_text(text, "latin-1")
    with pytest.raises(ScriptError) as told:
        applied({}, file, {})
    assert str(told.value).startswith(f"{file}:{line}: ")
    assert "\n" not in str(told.value)


def test_a_file_that_is_named_must_be_there(file: Path) -> None:
    for options in ({"file": file, "environ": {}}, {"file": None, "environ": {"COACH_SETTINGS": str(file)}}):
        with pytest.raises(ScriptError, match="No such file"):
            applied({}, **options)


def test_the_users_file_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "coach" / "settings.toml"
    own.parent.mkdir()
    own.write_text("[page]\non = true\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert settings_file() == own
    assert settings({}).page.on


def test_the_speaker_profile_is_the_gym_corner() -> None:
    found = settings({"profile": Given("speaker", "--profile")})
    assert (found.profile, found.wake.needed, found.corner.stays) == (Profile.SPEAKER, True, True)


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
