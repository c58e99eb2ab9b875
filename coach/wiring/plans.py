"""The plan that is trained now. Later ones win: the exercise's, a file's, what was wanted by voice, options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from coach.content.files import BUNDLED, find_pack
from coach.content.model import Pack
from coach.content.plan_reading import PlanFile, read_plan
from coach.dialogue import preferences
from coach.ports import History, HistoryError, ScriptError
from coach.training.plan import Plan
from coach.training.plates import Machine
from coach.training.tempo import Tempo
from coach.wiring.engines import exercise
from coach.wiring.recognizers import Warn


@dataclass(frozen=True, slots=True)
class ChosenPlan:
    """The exercise and plan that were chosen before the lifter says a word."""

    folder: Path = BUNDLED
    """Folder of the exercise."""
    file: PlanFile | None = None
    """The file with the plan; None: no file was named."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Values of the plan, by their names: they win over the file and over what was wanted by voice."""

    @property
    def machine(self) -> Machine | None:
        """The plates of the machine, if the file names them."""
        return None if self.file is None else self.file.machine

    def applied_to(self, default: Plan) -> Plan:
        """The plan without what was wanted by voice; `default`: the exercise's plan. ScriptError: an invalid option."""
        plan = default if self.file is None else self.file.over(default)
        options = dict(self.options)
        try:
            if "reps" in options:
                plan = plan.with_reps(options.pop("reps"))
            if "rest" in options:
                plan = plan.with_rest(options.pop("rest"))
            if "tempo" in options:
                plan = plan.with_tempo(options.pop("tempo"))
            return replace(plan, **options)
        except ValueError as error:
            raise ScriptError(str(error)) from error


@dataclass(frozen=True, slots=True)
class PlanToday:
    """The exercise and plan that would be trained now."""

    pack: Pack
    plan: Plan
    changed: Mapping[str, str]
    """What of the plan was changed by voice, written as preferences are, by their names without the exercise."""
    asks_effort: bool


def today(chosen: ChosenPlan, journal: History, warn: Warn) -> PlanToday:
    """What a session would train now. A journal that cannot be read causes a warning."""
    pack, _, default = exercise(chosen.folder)
    given = chosen.applied_to(default)
    try:
        preferred = journal.preferences()
    except HistoryError as error:
        warn(str(error))
        preferred = {}
    plan = preferences.preferred_plan(given, pack.id, preferred, chosen.options)
    unchanged = preferences.plan_values(given)
    changed = {name: text for name, text in preferences.plan_values(plan).items() if text != unchanged[name]}
    return PlanToday(pack, plan, changed, preferences.asks_effort(preferred))


def choose(file: Path | None, pack: str | None, options: Mapping[str, Any], warn: Warn) -> ChosenPlan:
    """Choose exercise and plan. ScriptError lists what is wrong with the file, or names the option.

    `pack`: folder or name; None: the file's exercise, or the leg press. `options`: reps, sets, rest, and tempo as text.
    """
    plan = None if file is None else read_plan(file)
    folder = None if pack is None else find_pack(pack)
    if plan is not None:
        for doubt in plan.warnings:
            warn(str(doubt))
        if folder is not None and plan.folder is not None and folder.resolve() != plan.folder.resolve():
            raise ScriptError(f"--pack {pack!r} is not the exercise of {str(file)!r}: leave --pack out")
        folder = folder or plan.folder
    try:
        tempo = {"tempo": Tempo.parse(options["tempo"])} if "tempo" in options else {}
    except ValueError as error:
        raise ScriptError(str(error)) from error
    return ChosenPlan(folder or BUNDLED, plan, {**options, **tempo})
