"""The settings that apply: their sources, which source wins, and the report of a wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.ports import ScriptError
from coach.settings import Profile, Settings
from coach.wiring.configured import Given, applied, settings, settings_file


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
    with pytest.raises(ScriptError) as error:
        applied(
            {"page.on": Given("maybe", "--set"), "page.onn": Given("true", "--set")}, file, {"COACH_BROKER_PORT": "x"}
        )
    lines = str(error.value).splitlines()
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
    with pytest.raises(ScriptError) as error:
        applied({}, file, {})
    assert str(error.value).startswith(f"{file}:{line}: ")
    assert "\n" not in str(error.value)


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
