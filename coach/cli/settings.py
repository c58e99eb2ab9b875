"""The command `settings`: shows the settings in force, and where each comes from."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from coach.cli.choices import given_settings


def show(options: argparse.Namespace) -> int:
    from coach.wiring.configured import applied, settings_file

    if options.example:
        print(_example(), end="")
        return 0
    found = applied(given_settings(options), options.settings)
    if options.json:
        values_of = {each.setting.name: {"value": each.value, "source": each.source} for each in found}
        print(json.dumps(values_of, ensure_ascii=False))
        return 0
    file = options.settings or settings_file()
    if not file.exists():
        print(f"no file {file}; `coach settings --example > FILE` makes one", file=sys.stderr)
    names = max(len(each.setting.name) for each in found)
    values = max(len(_toml(each.value)) for each in found)
    for each in found:
        print(f"{each.setting.name:{names}}  {_toml(each.value):{values}}  {each.source}")
    return 0


def _example() -> str:
    """Returns a settings file with every setting at its default, so that the file changes nothing."""
    from coach.settings import Profile
    from coach.wiring.settings_table import SETTINGS

    lines = ["# Settings of the coach. Every line may be left out.", ""]
    section = ""
    for setting in SETTINGS:
        if setting.section != section:
            section = setting.section
            lines += ["", f"[{section}]"]
        with_profile = ", ".join(
            f"{_toml(value)} with {profile.value}" for profile, value in setting.of_profile.items()
        )
        usual = setting.default(Profile.HEADPHONES)
        lines.append(f"# {setting.about}" + (f" ({with_profile})" if with_profile else ""))
        lines.append(f"{'# ' if with_profile else ''}{setting.key} = {_toml(usual)}")
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return f"{value:g}"
