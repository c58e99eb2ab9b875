"""A plan as a table for a terminal, and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from coach.content.plan_reading import NAMES
from coach.training.effort import RULES, in_a_sentence
from coach.training.plan import Load, SetKind, SetPlan
from coach.training.sheet import reps_of_stages, seconds_in_all, seconds_of
from coach.training.structure import all_sets
from coach.wiring.plans import PlanToday

HEADS = ("", "reps", "load", "break", "rest", "tempo")
_KIND_NAMES = {SetKind.DROP: " drop", SetKind.REST_PAUSE: " rest-pause"}
_KEY_OF_PREFERENCE = {name: key for key, name in NAMES.items()}
"""Keys of a plan file, by the names of the preferences that are changed by voice."""


def lines(today: PlanToday, file: Path | None) -> list[str]:
    """Returns the plan as lines for people."""
    sets = all_sets(today.plan)
    rows = [HEADS, *(_cells(planned, last=planned is sets[-1]) for planned in sets)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    shown = [index for index in range(len(HEADS)) if any(row[index] not in ("", "-") for row in rows[1:])]
    lines_ = [today.pack.name + (f" ({file})" if file is not None else ""), ""]
    lines_ += ["  ".join(row[index].ljust(widths[index]) for index in shown).rstrip() for row in rows]
    return [*lines_, "", *_notes(today, sets)]


def _cells(planned: SetPlan, last: bool) -> tuple[str, ...]:
    stages = reps_of_stages(planned)
    name = "warm-up" if planned.kind is SetKind.WARM_UP else "set"
    waits = dict.fromkeys(stage.break_s for stage, _ in stages[1:])
    cells = (
        f"{name} {planned.number}{_KIND_NAMES.get(planned.kind, '')}",
        " + ".join(str(reps) for _, reps in stages),
        _loads(stage.load for stage, _ in stages),
        ", ".join(map(span, waits)),
        "" if last else span(planned.rest),
        str(planned.tempo),
    )
    return tuple(cell or "-" for cell in cells)


def _loads(loads: Iterable[Load | None]) -> str:
    """Returns loads such as "80, 65, 50 kg"; equal loads are named once."""
    found = list(dict.fromkeys(load for load in loads if load is not None))
    if len({load.unit for load in found}) > 1:
        return ", ".join(load.text for load in found)
    return f"{', '.join(f'{load.amount:g}' for load in found)} {found[0].unit}" if found else ""


def _notes(today: PlanToday, sets: tuple[SetPlan, ...]) -> list[str]:
    plan = today.plan
    notes = []
    if plan.first_side is not None:
        side, other = plan.first_side.value, plan.first_side.other.value
        notes.append(f"Each set on the {side} side, {span(plan.switch_s)} later on the {other}.")
    if plan.warm_up and not any(planned.kind is SetKind.WARM_UP for planned in sets):
        notes.append("A warm-up comes first as soon as the load is known.")
    notes.append(f"It takes about {max(1, round(seconds_in_all(sets) / 60))} min: counting, breaks and rests.")
    if today.changed:
        changes = (f"{_KEY_OF_PREFERENCE.get(name, name)} {text}" for name, text in today.changed.items())
        notes.append(f"Changed by voice: {'; '.join(changes)}.")
    if today.asks_effort:
        notes.append(f"After a set the coach asks how many repetitions were left, and proposes: {in_a_sentence()}.")
    else:
        notes.append("The coach does not ask how many repetitions were left.")
    return notes


def span(seconds: int) -> str:
    """Returns a time such as "45 s", "2 min" or "1 min 30 s"; 90 seconds are "90 s"."""
    minutes, rest = divmod(seconds, 60)
    if not minutes or seconds == 90:
        return f"{seconds} s"
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def as_json(today: PlanToday, file: Path | None) -> dict[str, object]:
    """Returns the plan as JSON values. Times are in seconds; a stage has its own repetitions, not the set's."""
    sets = all_sets(today.plan)
    return {
        "exercise": today.pack.id,
        "file": None if file is None else str(file),
        "seconds": seconds_in_all(sets),
        "sets": [_set(planned) for planned in sets],
        "one_side": today.plan.first_side,
        "switch": today.plan.switch_s,
        "changed_by_voice": dict(today.changed),
        "asks_effort": today.asks_effort,
        "effort": [{"left": rule.in_reserve, "steps": list(rule.steps)} for rule in RULES],
    }


def _set(planned: SetPlan) -> dict[str, object]:
    return {
        "kind": planned.kind,
        "number": planned.number,
        "sides": [side for side in planned.sides if side is not None],
        "stages": [
            {
                "reps": reps,
                "load": stage.load and stage.load.amount,
                "unit": stage.load and stage.load.unit,
                "break": stage.break_s,
            }
            for stage, reps in reps_of_stages(planned)
        ],
        "tempo": str(planned.tempo),
        "seconds": seconds_of(planned),
        "rest": planned.rest,
    }
