"""Writes as one text for the journal what a plan has besides sets, repetitions, rest and tempo, and reads it back.

Law: old journals contain the names in the text, so names are only added and never changed. A name that only a newer
coach knows is ignored; a text that is damaged or has a value that this coach does not know is ignored as a whole.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from coach.training.plan import HEAVIEST, REPS, REST_S, SWITCH_S, UNITS, Kind, Load, More, Own, Plan, Side
from coach.training.tempo import Tempo


def write(plan: Plan) -> str | None:
    """The text for a plan; None if the plan has nothing besides sets, repetitions, rest and tempo."""
    found: dict[str, Any] = {
        "load": _load_told(plan.load),
        "warm_up": plan.warm_up or None,
        "side": plan.side,
        "last": None if plan.last is Kind.WORKING else plan.last,
        "own": [_written(one) for one in plan.own] or None,
        "ramp": [_written(one) for one in plan.ramp] or None,
        "switch": None if plan.switch == SWITCH_S else plan.switch,
        "name": plan.name or None,
    }
    return json.dumps(_told(found), separators=(",", ":")) if _told(found) else None


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
            side=None if found.get("side") is None else Side(found["side"]),
            last=Kind(found.get("last") or Kind.WORKING),
            own=_own_sets(found.get("own")),
            ramp=_own_sets(found.get("ramp")),
            switch=_whole(found.get("switch"), REST_S) or SWITCH_S,
            name=str(found.get("name") or ""),
        )
    return plan


def _written(own: Own) -> dict[str, Any]:
    return _told(
        {
            "kind": own.kind,
            "reps": own.reps,
            "load": _load_told(own.load),
            "tempo": None if own.tempo is None else str(own.tempo),
            "rest": own.rest,
            "more": [_told({"reps": more.reps, "load": _load_told(more.load), "wait": more.wait}) for more in own.more]
            or None,
        }
    )


def _told(found: Mapping[str, Any]) -> dict[str, Any]:
    """What is worth writing: the entries that are not None."""
    return {name: value for name, value in found.items() if value is not None}


def _load_told(load: Load | None) -> list[Any] | None:
    return None if load is None else [load.amount, load.unit]


def _own_sets(found: Sequence[Mapping[str, Any]] | None) -> tuple[Own, ...]:
    return tuple(
        Own(
            kind=None if one.get("kind") is None else Kind(one["kind"]),
            reps=_whole(one.get("reps"), REPS),
            load=_load(one.get("load")),
            tempo=None if one.get("tempo") is None else Tempo.parse(one["tempo"]),
            rest=_whole(one.get("rest"), REST_S),
            more=tuple(
                More(_whole(more["reps"], REPS) or 1, _load(more.get("load")), _whole(more.get("wait"), REST_S))
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
    if not 0 < load.amount <= HEAVIEST or load.unit not in UNITS:
        raise ValueError(found)
    return load
