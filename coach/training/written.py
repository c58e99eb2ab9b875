"""What a plan has besides sets, repetitions, rest and tempo, as one text for the journal, and back.

Law: the names in the text stand in old journals, so they are only ever added to. A text that is damaged or of a newer
coach is taken for none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from coach.training.plan import Kind, Load, More, Own, Plan, Side
from coach.training.tempo import Tempo


def write(plan: Plan) -> str | None:
    """None: it has nothing else."""
    found: dict[str, Any] = {
        "load": _load_told(plan.load),
        "warm_up": plan.warm_up or None,
        "side": plan.side,
        "last": None if plan.last is Kind.WORKING else plan.last,
        "own": [_written(one) for one in plan.own] or None,
        "ramp": [_written(one) for one in plan.ramp] or None,
    }
    return json.dumps(_told(found), separators=(",", ":")) if _told(found) else None


def read(plan: Plan, text: str | None) -> Plan:
    """The plan with what `write` has made a text of."""
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
    return {name: value for name, value in found.items() if value is not None}


def _load_told(load: Load | None) -> list[Any] | None:
    return None if load is None else [load.amount, load.unit]


def _own_sets(found: Sequence[Mapping[str, Any]] | None) -> tuple[Own, ...]:
    return tuple(
        Own(
            kind=None if one.get("kind") is None else Kind(one["kind"]),
            reps=one.get("reps"),
            load=_load(one.get("load")),
            tempo=None if one.get("tempo") is None else Tempo.parse(one["tempo"]),
            rest=one.get("rest"),
            more=tuple(More(more["reps"], _load(more.get("load")), more.get("wait")) for more in one.get("more", ())),
        )
        for one in found or ()
    )


def _load(found: Sequence[Any] | None) -> Load | None:
    return None if found is None else Load(float(found[0]), str(found[1]))
