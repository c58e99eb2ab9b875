"""The settings that apply. An option wins over the environment, the environment over the user's file, the file over the
profile.

Law: everything that is wrong is reported at once, in lines that name the place. Without a file and without given values
nothing is read, and no reader is loaded.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coach.adapters.files.folders import settings_folder
from coach.ports import ScriptError
from coach.settings import Broker, Corner, Devices, Hearing, Output, Page, Profile, Settings, Wake, parse_device
from coach.wiring.settings_table import BY_NAME, SETTINGS, Setting, spec

if TYPE_CHECKING:
    from coach.content.reading import Document

FILE_VARIABLE = "COACH_SETTINGS"
"""Environment variable that names another settings file."""


@dataclass(frozen=True, slots=True)
class AppliedSetting:
    """A setting with the value that applies, and the source of the value."""

    setting: Setting
    value: Any
    source: str
    """Source of the value, for people: "default", "profile speaker", "COACH_PAGE_ON", "--set", or the file and its
    line."""


@dataclass(frozen=True, slots=True)
class Given:
    """A value as text, and where it was given."""

    text: str
    source: str


def settings_file(environ: Mapping[str, str] = os.environ) -> Path:
    """The user's settings file: the one that COACH_SETTINGS names, or the one in the user's settings folder."""
    if named := environ.get(FILE_VARIABLE):
        return Path(named)
    return settings_folder() / "settings.toml"


def applied(
    options: Mapping[str, Given], file: Path | None = None, environ: Mapping[str, str] = os.environ
) -> tuple[AppliedSetting, ...]:
    """The value of every setting, in the order of the table. ScriptError lists everything that is wrong.

    `options`: values by the settings' names. `file`: a file named on the command line; it must exist.
    """
    given: dict[str, Given] = {}
    for setting in SETTINGS:
        if setting.variable in environ:
            given[setting.name] = Given(environ[setting.variable], setting.variable)
    given |= options
    path = file or settings_file(environ)
    must_be_there = file is not None or FILE_VARIABLE in environ
    found: dict[str, tuple[Any, str]] = {}
    findings: list[str] = []
    if must_be_there or path.exists():
        document = _document(path)
        findings += map(str, document.findings)
        found |= _of_file(document)
    for name, value in given.items():
        found[name] = (_parsed(name, value, findings), value.source)
    if findings:
        raise ScriptError("\n".join(findings))
    profile = Profile(found["profile"][0]) if "profile" in found else Profile.HEADPHONES
    return tuple(
        AppliedSetting(setting, *(found.get(name) or _default(setting, profile))) for name, setting in BY_NAME.items()
    )


def settings(
    options: Mapping[str, Given], file: Path | None = None, environ: Mapping[str, str] = os.environ
) -> Settings:
    """The values that the coach runs with; arguments and ScriptError as for `applied`."""
    return build({one.setting.name: one.value for one in applied(options, file, environ)})


def build(values: Mapping[str, Any]) -> Settings:
    """The coach's settings from the value of every setting, by its name."""
    model, page, broker = values["hearing.model"], _section("page", values), _section("broker", values)
    for name in ("password_file", "ca_file"):
        broker[name] = Path(broker[name]) if broker[name] else None
    return Settings(
        profile=Profile(values["profile"]),
        exercise=values["exercise"],
        hearing=Hearing(values["hearing.engine"], Path(model) if model else None),
        wake=Wake(values["hearing.wake_word"], values["hearing.needs_wake_word"]),
        voice=values["voice.name"],
        devices=Devices(parse_device(values["devices.microphone"]), parse_device(values["devices.loudspeaker"])),
        output=Output(
            hiss=values["voice.hiss_dbfs"] if values["voice.hiss"] else None,
            small_sounds=values["voice.small_sounds"],
            ceiling=values["voice.ceiling_db"],
            music_db=values["voice.music_db"],
        ),
        corner=Corner(values["corner.stays"], tuple(values["corner.lifters"])),
        page=Page(**{**page, "names": tuple(page["names"])}),
        broker=Broker(**broker),
    )


def _section(name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {setting.key: values[setting.name] for setting in SETTINGS if setting.section == name}


def _default(setting: Setting, profile: Profile) -> tuple[Any, str]:
    return setting.default(profile), f"profile {profile.value}" if profile in setting.of_profile else "default"


def _document(path: Path) -> Document:
    from coach.content.reading import read_nodes  # noqa: PLC0415  it loads PyYAML, which few starts need
    from coach.content.toml_nodes import compose  # noqa: PLC0415

    return read_nodes(path, lambda: compose(path), spec())


def _of_file(document: Document) -> dict[str, tuple[Any, str]]:
    table = document.value or {}
    found = {}
    for name, setting in BY_NAME.items():
        section = table.get(setting.section, {}) if setting.section else table
        if setting.key in section:
            key = (setting.section, setting.key) if setting.section else (setting.key,)
            found[name] = (section[setting.key], f"{document.file}:{document.lines[key]}")
    return found


def _parsed(name: str, given: Given, findings: list[str]) -> Any:
    """The text as the setting's value; what is wrong with it is added to `findings`."""
    from coach.content.reading import read_text_value  # noqa: PLC0415  as above

    setting = BY_NAME.get(name)
    if setting is None:
        from coach.content.reading import did_you_mean  # noqa: PLC0415

        findings.append(
            f"{given.source}: unknown setting {name!r}: {did_you_mean(name, BY_NAME, 'see coach settings')}"
        )
        return None
    value, found = read_text_value(given.text, setting.spec)
    findings += [f"{given.source}: {name}: {one.wrong}: {one.remedy}" for one in found]
    return value
