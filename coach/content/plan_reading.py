"""Reads a plan file, or the same keys in another file, as a `Plan`. `plan_schema.py` describes the format.

Law: values that the file does not give are the exercise's. Nothing is ever written into the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from coach.content.files import UnreadableError, find_pack, is_yaml, read_text
from coach.content.nodes import pairs, parse
from coach.content.plan_check import check, load_in
from coach.content.plan_schema import DROP, PLAN, REST_PAUSE, WARM_UP, WORKING
from coach.content.reading import Document, Finding, close_to, read
from coach.ports import ScriptError
from coach.training.plan import FurtherStage, Load, Plan, SetKind, SetOverrides, Side
from coach.training.plates import Machine
from coach.training.tempo import Tempo

KINDS = {WARM_UP: SetKind.WARM_UP, WORKING: SetKind.WORKING, DROP: SetKind.DROP, REST_PAUSE: SetKind.REST_PAUSE}
_FIELDS = ("reps", "load", "rest", "tempo")
"""Values that a set may have of its own. They have the same names in the file, in `SetOverrides` and in `Plan`."""
NAMES = {"warm up": "warm_up", "one side": "side", "last set": "last"}
"""Keys of the file whose preferences have other names."""
_DIGEST = 6
"""Number of hexadecimal digits: among a thousand versions of a file, two have the same digest with a chance of 3 %."""
_LONGEST = 30
"""Number of letters of a file's name that are kept."""
_OF_OTHERS = {"script", "story", "prompts", "setup", "cues", "intents", "expansion_rules", "lists"}
"""Keys of scripts and of the files of an exercise."""


@dataclass(frozen=True, slots=True)
class PlanFile:
    """The content of a plan file."""

    name: str
    """Name of the file and a digest of its content, in one word."""
    folder: Path | None
    """Folder of the exercise; None: the file names no exercise."""
    value: Mapping[str, Any]
    warnings: tuple[Finding, ...] = ()
    """Likely typing errors."""

    def over(self, usual: Plan) -> Plan:
        """The plan with the file's values; other values are those of `usual`, the exercise's plan."""
        return replace(plan_over(usual, self.value), name=self.name)

    @property
    def machine(self) -> Machine | None:
        """The machine, if the file describes it."""
        return machine_of(self.value)


def read_plan(path: Path) -> PlanFile:
    """A plan from its file; ScriptError lists every error as `file:line: key: what is wrong: remedy`."""
    document, folder = _read(path)
    wrong = [finding for finding in document.findings if not finding.warning]
    if wrong:
        raise ScriptError("\n".join(map(str, sorted(wrong))))
    word = re.sub(r"[^a-z0-9]+", "_", path.stem.lower()).strip("_")[:_LONGEST] or "plan"
    name = f"{word}-{sha256(path.read_bytes()).hexdigest()[:_DIGEST]}"
    return PlanFile(name, folder, document.value, tuple(sorted(document.findings)))


def check_plan(path: Path) -> list[Finding]:
    """All findings in a plan file: errors, and warnings of likely typing errors."""
    return sorted(_read(path)[0].findings)


def is_plan(path: Path) -> bool:
    """Whether a file is meant as a plan, judged by its keys. If it is not valid YAML, keys are found line by line."""
    try:
        text = read_text(path) if is_yaml(path) else ""
    except UnreadableError:
        return False
    if re.search(r"^script\s*:", text, re.MULTILINE):
        return False
    try:
        node = parse(text)
        keys = {key.value for key, _ in pairs(node)} if isinstance(node, yaml.MappingNode) else set()
    except UnreadableError:
        keys = set(re.findall(r"^([a-z][a-z _-]*?)\s*:", text, re.MULTILINE))
    names = [key for key in keys if isinstance(key, str)]
    return not _OF_OTHERS & {*names} and any(close_to(name, PLAN.optional) for name in names)


def plan_over(usual: Plan, value: Mapping[str, Any]) -> Plan:
    """The exercise's plan `usual` with the values of these keys, which were read against `plan_schema.INLINE`."""
    plan = replace(usual, **_own(value))
    ramp = value.get("warm up")
    if ramp is not None:
        plan = replace(plan, warm_up=ramp not in ("none", "no"), ramp=_ramp(ramp if isinstance(ramp, list) else ()))
    side = value.get("one side")
    if side is not None:
        plan = replace(plan, first_side=Side(side.split()[0]) if side.endswith("first") else None)
    # Without the key the last set is a working set, as in every exercise.
    plan = replace(plan, switch_s=value.get("switch", plan.switch_s), last_kind=KINDS[value.get("last set", WORKING)])
    sets = value.get("sets")
    if isinstance(sets, int):
        return replace(plan, sets=sets)
    return plan if sets is None else _with_sets(plan, sets)


def machine_of(value: Mapping[str, Any]) -> Machine | None:
    """The machine that a plan describes; None: it describes none. ValueError if its values are not possible."""
    machine = value.get("machine")
    return None if machine is None else Machine(load_of(machine["empty"]), tuple(machine["plates"]))


def stated(value: Mapping[str, Any]) -> frozenset[str]:
    """The names of what a plan sets, as `dialogue/preferences.py` has them."""
    names = {NAMES.get(key, key) for key in value}
    sets = value.get("sets")
    for one in sets if isinstance(sets, list) else ():
        names |= {*_FIELDS} & one.keys()
        if one.get("kind") == WARM_UP:
            names.add("warm_up")
    return frozenset(names)


def _read(path: Path) -> tuple[Document, Path | None]:
    document = read(path, PLAN)
    value = document.value if isinstance(document.value, Mapping) else {}
    folder = None
    if "exercise" in value:
        try:
            folder = find_pack(value["exercise"], path.parent)
        except ScriptError as error:
            wrong, remedy = str(error).split(": ", 1)
            document.report(("exercise",), wrong, remedy)
    check(document, value)
    return document, folder


def load_of(text: str) -> Load:
    """The load in a text; ValueError if the text does not match `plan_schema.LOAD`."""
    load = load_in(text)
    if load is None:
        raise ValueError(f"{text!r} is not a load")
    return load


def _own(value: Mapping[str, Any]) -> dict[str, Any]:
    """The values of `_FIELDS` that a mapping gives."""
    found = {name: value[name] for name in _FIELDS if name in value}
    if "load" in found:
        found["load"] = load_of(found["load"])
    if "tempo" in found:
        found["tempo"] = Tempo.parse(found["tempo"])
    return found


def _ramp(steps: Sequence[Mapping[str, Any]]) -> tuple[SetOverrides, ...]:
    return tuple(SetOverrides(**_own(step)) for step in steps)


def _with_sets(plan: Plan, sets: Sequence[Mapping[str, Any]]) -> Plan:
    """The plan with the listed sets."""
    entries = [one for one in sets for _ in range(one.get("times", 1))]
    warm_ups = [one for one in entries if one.get("kind") == WARM_UP]
    if warm_ups:
        plan = replace(plan, warm_up=True, ramp=_ramp(warm_ups))
    own = [_listed(one, plan) for one in entries if one.get("kind") != WARM_UP]
    # Put the last set's kind and the values that all sets share into the plan itself: there the lifter's words change
    # them.
    plan = replace(plan, sets=len(own), last_kind=own[-1].kind or SetKind.WORKING)
    own[-1] = replace(own[-1], kind=None)
    for field in _FIELDS:
        of_plan = getattr(plan, field)
        values = [of_plan if getattr(one, field) is None else getattr(one, field) for one in own]
        # Sets beyond the list get the values of the last listed set.
        plan = replace(plan, **{field: values[-1]})
        if all(one == values[0] for one in values):
            values = [None] * len(own)
        own = [replace(one, **{field: its}) for one, its in zip(own, values, strict=True)]
    own = [replace(one, kind=None) if one.kind is SetKind.WORKING else one for one in own]
    return replace(plan, overrides=tuple(own) if any(one != SetOverrides() for one in own) else ())


def _listed(one: Mapping[str, Any], plan: Plan) -> SetOverrides:
    fields = _own(one)
    more = _more(one.get("then", ()), fields.get("load", plan.load))
    return SetOverrides(KINDS[one.get("kind", WORKING)], **fields, further_stages=more)


def _more(later: Sequence[Mapping[str, Any]], before: Load | None) -> tuple[FurtherStage, ...]:
    """The further stages of a set; `before`: its first load. A stage that is not lighter keeps the load before it."""
    found = []
    for one in later:
        load = _own(one).get("load")
        if load is not None and before is not None and not load.is_lighter(before):
            load = None
        before = load or before
        found.append(FurtherStage(one["reps"], load, one.get("break")))
    return tuple(found)
