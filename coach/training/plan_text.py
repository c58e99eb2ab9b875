"""What a plan has besides sets, repetitions, rest and tempo, as one text for the journal: writes and reads the text.

Law: old journals contain the names in the text, so names are only added and never changed. A name that only a newer
coach knows is ignored; a text that is damaged or has a value that this coach does not know is ignored as a whole.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from coach.training.plan import REPS, REST_S, SWITCH_S, FurtherStage, Load, Plan, SetKind, SetOverrides, Side
from coach.training.tempo import Tempo


def write(plan: Plan) -> str | None:
    """The text for a plan; None if the plan has nothing besides sets, repetitions, rest and tempo."""
    entries: dict[str, Any] = {
        "load": _load_entry(plan.load),
        "warm_up": plan.warm_up or None,
        "side": plan.first_side,
        "last": None if plan.last_kind is SetKind.WORKING else plan.last_kind,
        "own": [_overrides_entry(one) for one in plan.overrides] or None,
        "ramp": [_overrides_entry(one) for one in plan.ramp] or None,
        "switch": None if plan.switch_s == SWITCH_S else plan.switch_s,
        "name": plan.name or None,
    }
    entries = _without_none(entries)
    return json.dumps(entries, separators=(",", ":")) if entries else None


def read(plan: Plan, text: str | None) -> Plan:
    """The plan with the values from a text that `write` made; unchanged if the text cannot be read."""
    if text is None:
        return plan
    with suppress(ValueError, TypeError, KeyError, AttributeError, RecursionError):
        found: Mapping[str, Any] = json.loads(text)
        return replace(
            plan,
            load=_load(found.get("load")) or plan.load,
            warm_up=found.get("warm_up") is True,
            first_side=None if found.get("side") is None else Side(found["side"]),
            last_kind=SetKind(found.get("last") or SetKind.WORKING),
            overrides=_overrides(found.get("own")),
            ramp=_overrides(found.get("ramp")),
            switch_s=_whole(found.get("switch"), REST_S) or SWITCH_S,
            name=str(found.get("name") or ""),
        )
    return plan


def _overrides_entry(overrides: SetOverrides) -> dict[str, Any]:
    stages = ((stage.reps, stage.load, stage.break_s) for stage in overrides.further_stages)
    entry = {
        "kind": overrides.kind,
        "reps": overrides.reps,
        "load": _load_entry(overrides.load),
        "tempo": None if overrides.tempo is None else str(overrides.tempo),
        "rest": overrides.rest,
        "more": [_without_none({"reps": reps, "load": _load_entry(load), "wait": wait}) for reps, load, wait in stages]
        or None,
    }
    return _without_none(entry)


def _without_none(entries: Mapping[str, Any]) -> dict[str, Any]:
    """The entries that have a value."""
    return {name: value for name, value in entries.items() if value is not None}


def _load_entry(load: Load | None) -> list[Any] | None:
    return None if load is None else [load.amount, load.unit]


def _overrides(found: Sequence[Mapping[str, Any]] | None) -> tuple[SetOverrides, ...]:
    return tuple(
        SetOverrides(
            kind=None if one.get("kind") is None else SetKind(one["kind"]),
            reps=_whole(one.get("reps"), REPS),
            load=_load(one.get("load")),
            tempo=None if one.get("tempo") is None else Tempo.parse(one["tempo"]),
            rest=_whole(one.get("rest"), REST_S),
            further_stages=tuple(
                FurtherStage(_whole(more["reps"], REPS) or 1, _load(more.get("load")), _whole(more.get("wait"), REST_S))
                for more in one.get("more", ())
            ),
        )
        for one in found or ()
    )


def _whole(found: Any, bounds: range) -> int | None:
    """The whole number, or None; ValueError if it is no whole number within `bounds`: another program wrote it."""
    if found is not None and (type(found) is not int or found not in bounds):
        raise ValueError(found)
    return None if found is None else int(found)


def _load(found: Sequence[Any] | None) -> Load | None:
    if found is None:
        return None
    load = Load(float(found[0]), str(found[1]))
    if not load.is_sayable:
        raise ValueError(found)
    return load
