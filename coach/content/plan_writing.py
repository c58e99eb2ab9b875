"""Writes a plan as the keys of a plan file, from which `plan_reading.py` makes the same plan.

Law: used for scripts that play a session again. A lifter's file is never written to.
"""

from __future__ import annotations

from typing import Any

from coach.content.plan_reading import KINDS
from coach.training.plan import SWITCH_S, FurtherStage, Plan, SetKind, SetOverrides
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
        **({"then": [_stage(stage) for stage in later]} if later else {}),
    }


def _fields(own: SetOverrides) -> dict[str, Any]:
    tempo = None if own.tempo is None else str(own.tempo)
    return _given(reps=own.reps, load=own.load and own.load.text, rest=own.rest, tempo=tempo)


def _stage(stage: FurtherStage) -> dict[str, Any]:
    return _given(reps=stage.reps, load=stage.load and stage.load.text, **{"break": stage.break_s})


def _given(**values: Any) -> dict[str, Any]:
    """The values that are not None, by key."""
    return {name: value for name, value in values.items() if value is not None}
