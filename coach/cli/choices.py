"""Options of the command line as the values the coach is run with."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coach.settings import Hearing, Output
    from coach.wiring.plans import Chosen
    from coach.wiring.recognizers import Warn


def chosen_plan(options: argparse.Namespace, warn: Warn) -> Chosen:
    """The exercise and what was given of its plan, checked; ScriptError."""
    from coach.ports import ScriptError
    from coach.wiring.engines import exercise
    from coach.wiring.plans import choose

    given = {name: getattr(options, name) for name in ("reps", "sets", "rest", "tempo")}
    chosen = choose(
        options.plan, options.pack, {name: value for name, value in given.items() if value is not None}, warn
    )
    try:
        chosen.over(exercise(chosen.folder)[2])
    except ValueError as fault:
        raise ScriptError(str(fault)) from fault
    return chosen


def chosen_hearing(options: argparse.Namespace) -> Hearing:
    from coach.settings import Hearing

    return Hearing(options.engine, options.model)


def chosen_room(options: argparse.Namespace) -> dict[str, float | str]:
    """What was given of the room."""
    names = ("snr", "noise", "echo", "delay", "reverb", "seed")
    return {name: getattr(options, name) for name in names if getattr(options, name, None) is not None}


def chosen_device(name: str | None) -> int | str | None:
    return int(name) if name is not None and name.isdigit() else name


def chosen_output(options: argparse.Namespace) -> Output:
    from coach.ports import SoundError
    from coach.settings import Output

    floor: float | None = Output().floor
    try:
        if options.floor is not None:
            floor = None if options.floor == "off" else float(options.floor)
        return Output(floor, options.sounds)
    except ValueError as fault:
        told = str(fault) if "give" in str(fault) else f"floor {options.floor!r}: give decibels of full scale, or off"
        raise SoundError(told) from fault
