"""Writes a plan as the keys of a plan file, from which `plan_reading.py` makes the same plan.

Law: used for scripts that play a session again. A lifter's file is never written to.
"""

from __future__ import annotations

from typing import Any

from coach.content.plan_reading import KINDS
from coach.training.plan import SWITCH_S, Load, Plan, SetKind, SetOverrides
from coach.training.structure import kind_of

_KINDS = {kind: word for word, kind in KINDS.items()}


def written_out(plan: Plan) -> dict[str, Any]:
    """The keys of a plan file for this plan, as plain values."""
    found: dict[str, Any] = {"reps": plan.reps, "sets": plan.sets, "rest": plan.rest, "tempo": str(plan.tempo)}
    if plan.load is not None:
        found["load"] = plan.load.text
    if plan.warm_up:
        found["warm up"] = [_fields(one) for one in plan.ramp] if plan.ramp else "usual"
    if plan.first_side is not None:
        found["one side"] = f"{plan.first_side.value} first"
    if plan.switch_s != SWITCH_S:
        found["switch"] = plan.switch_s
    if plan.overrides:
        found["sets"] = [_listed(plan, number) for number in range(1, plan.sets + 1)]
    elif plan.last_kind is not SetKind.WORKING:
        found["last set"] = _KINDS[plan.last_kind]
    return found


def _listed(plan: Plan, number: int) -> dict[str, Any]:
    own = plan.overrides_of(number)
    kind = kind_of(plan, number)
    later = own.further_stages if kind in (SetKind.DROP, SetKind.REST_PAUSE) else ()
    return {
        **({} if kind is SetKind.WORKING else {"kind": _KINDS[kind]}),
        **_fields(own),
        **({"then": [_part(part.reps, part.load, part.break_s) for part in later]} if later else {}),
    }


def _fields(own: SetOverrides) -> dict[str, Any]:
    found = {
        "reps": own.reps,
        "load": None if own.load is None else own.load.text,
        "rest": own.rest,
        "tempo": None if own.tempo is None else str(own.tempo),
    }
    return {name: value for name, value in found.items() if value is not None}


def _part(reps: int, load: Load | None, wait: int | None) -> dict[str, Any]:
    return {
        "reps": reps,
        **({} if load is None else {"load": load.text}),
        **({} if wait is None else {"break": wait}),
    }
