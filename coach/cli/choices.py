"""Options of the command line as the values the coach is run with."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coach.settings import Hearing, Output


def chosen_plan(options: argparse.Namespace) -> dict[str, Any]:
    """What was given of the plan, checked."""
    from coach.content.loader import find_pack
    from coach.ports import ScriptError
    from coach.training.tempo import Tempo
    from coach.wiring.engines import exercise

    _, _, plan = exercise(find_pack(options.pack))
    given = {name: getattr(options, name) for name in ("reps", "sets", "rest")}
    changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    try:
        if options.tempo is not None:
            changes["tempo"] = Tempo.parse(options.tempo)
        replace(plan, **changes)
    except ValueError as fault:
        raise ScriptError(str(fault)) from fault
    return changes


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
