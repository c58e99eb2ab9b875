"""Turns options of the command line into the values that the coach runs with."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coach.settings import Hearing, Settings
    from coach.wiring.configured import Given
    from coach.wiring.plans import ChosenPlan
    from coach.wiring.recognizers import Warn


def chosen_plan(options: argparse.Namespace, warn: Warn, default_pack: str | None = None) -> ChosenPlan:
    """Returns the exercise and the plan's values from the options. ScriptError: one of them is wrong. A value out of
    bounds is found later, when the plan is made (`ChosenPlan.applied_to`).

    `default_pack`: the exercise in the settings.
    """
    from coach.wiring.plans import choose

    given = {name: getattr(options, name) for name in ("reps", "sets", "rest", "tempo")}
    pack = options.pack or (default_pack if options.plan is None else None)
    return choose(options.plan, pack, {name: value for name, value in given.items() if value is not None}, warn)


def chosen_hearing(options: argparse.Namespace) -> Hearing:
    from coach.settings import Hearing

    return Hearing(options.engine, options.model)


def chosen_room(options: argparse.Namespace) -> dict[str, float | str]:
    """Returns the options about the room that were given."""
    names = ("snr", "noise", "echo", "delay", "reverb", "seed")
    return {name: getattr(options, name) for name in names if getattr(options, name, None) is not None}


_OPTIONS = {
    "profile": "profile",
    "engine": "hearing.engine",
    "model": "hearing.model",
    "voice": "voice.name",
    "input": "devices.microphone",
    "output": "devices.loudspeaker",
    "address": "page.address",
    "port": "page.port",
}
"""Options of commands, with the name of the setting that each gives."""


def chosen_settings(options: argparse.Namespace) -> Settings:
    """Returns the settings in force, options included; ScriptError: a setting is wrong."""
    from coach.wiring.configured import settings

    return settings(given_settings(options), options.settings)


def given_settings(options: argparse.Namespace) -> dict[str, Given]:
    """Returns the settings that options give, by name; ScriptError: a `--set` is not NAME=VALUE."""
    from coach.ports import ScriptError
    from coach.wiring.configured import Given

    given = {}
    for option, name in _OPTIONS.items():
        value = getattr(options, option, None)
        if value is not None:
            given[name] = Given(str(value), f"--{option}")
    if getattr(options, "page", False):
        given["page.on"] = Given("true", "coach serve")
    floor = getattr(options, "floor", None)
    if floor == "off":
        given["voice.hiss"] = Given("false", "--floor")
    elif floor is not None:
        given["voice.hiss_dbfs"] = Given(floor, "--floor")
    if not getattr(options, "sounds", True):
        given["voice.small_sounds"] = Given("false", "--no-sounds")
    for text in options.set or ():
        name, equals, value = text.partition("=")
        if not equals:
            raise ScriptError(f"--set {text!r}: write NAME=VALUE, such as page.on=true; `coach settings` has the names")
        given[name.strip()] = Given(value.strip(), "--set")
    return given
