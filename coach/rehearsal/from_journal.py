"""What stands above the script of a session that is played again: its plan, and what was there before.

Law: nothing that tells who trained or when: no date, no name, no text of the lifter's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from coach.content.plan_writing import written_out
from coach.dialogue.preferences import belongs_to
from coach.ports import KeptSession
from coach.records import Began, Pain, Preference, Record, Rep, Set
from coach.rehearsal.before import past_of
from coach.rehearsal.script import VOICES, Script
from coach.training import written
from coach.training.log import workouts
from coach.training.plan import REPS, SETS, UNITS, Load, Plan
from coach.training.tempo import Tempo

STORY = "What happened in a session, played again from its journal."
_AGO_S = 60.0
"""How long ago a workout was left that is gone on with: any time that is short enough."""


def script_of(
    session: KeptSession, older: Sequence[KeptSession], wanted: Mapping[str, str], usual: Plan, pack: str = ""
) -> Script:
    """A script without steps.

    `older`: the sessions before it, the newest first, as far as it goes on with one. `wanted`: the preferences until
    then. `usual`: the plan of the pack, for what an old journal does not tell. `pack`: as the script names it.
    """
    began = session.plan
    plan = _plan(began, session.records, usual)
    exercise = "" if began is None else f"{began.exercise}."
    plan = written.read(plan, None if began is None else began.structure)
    load = plan.load or _load(session.records, wanted.get(f"{exercise}load", ""))
    plan = replace(plan, load=None if load is None else _quartered(load), name="")
    head: dict[str, Any] = {
        "story": STORY,
        **({"pack": pack} if pack else {}),
        "plan": written_out(plan),
    }
    talk = {name: value for name, value in wanted.items() if "." not in name}
    left = _left(session.earlier, older)
    past = {**({"left": left} if left else {}), **({"wanted": talk} if talk else {})}
    if past:
        head["past"] = past
    return Script("the journal", STORY, plan, VOICES[0], False, (), head, past=past_of(past, plan), wanted=talk)


def records_of(session: KeptSession, usual: Plan) -> Sequence[Record]:
    """Its records, as a session writes them whose plan stands in no file."""
    began = session.plan
    plan = usual if began is None else written.read(usual, began.structure)
    if began is None or not plan.name:
        return session.records
    owner = f"{belongs_to(began.exercise, plan)}."
    return [
        replace(record, name=f"{began.exercise}.{record.name.removeprefix(owner)}")
        if isinstance(record, Preference) and record.name.startswith(owner)
        else record
        for record in session.records
    ]


def _plan(began: Began | None, records: Sequence[Record], usual: Plan) -> Plan:
    sets = [record for record in records if isinstance(record, Set | Rep)]
    most = max((record.reps if isinstance(record, Set) else record.rep for record in sets), default=usual.reps)
    numbers = max((record.set for record in sets), default=usual.sets)
    plan = replace(usual, reps=min(most, REPS[-1]) or 1, sets=min(numbers, SETS[-1]))
    if began is not None:
        with suppress(ValueError):
            plan = Plan(began.reps, began.sets, began.rest, Tempo.parse(began.tempo))
    return plan


def _load(records: Sequence[Record], kept: str) -> Load | None:
    """What was on the platform at first: that of the first set, unless it was told in the session; else as kept."""
    said = set()
    for record in records:
        if isinstance(record, Preference) and record.name.endswith(".load"):
            said.add(record.value)
        if isinstance(record, Set) and record.load is not None and record.unit is not None:
            first = Load(record.load, record.unit)
            if first.text not in said:
                return _quartered(first)
            break
    amount, _, unit = kept.partition(" ")
    with suppress(ValueError):
        return _quartered(Load(float(amount), unit))
    return None


def _quartered(load: Load) -> Load | None:
    """As scripts have it: in quarters."""
    return load.quartered if load.unit in UNITS else None


def _left(earlier: str, older: Sequence[KeptSession]) -> dict[str, Any]:
    """The workout whose last session began then, as it was left."""
    found = next((one for one in workouts(older) if one.latest == earlier), None)
    if found is None:
        return {}
    left: dict[str, Any] = {"ago": _AGO_S, "sets": [done.reps for done in found.sets]}
    if found.open is not None and found.open.reps:
        left["reps"] = found.open.reps
    loads = [done.load for done in found.sets if done.load is not None]
    if loads and (load := _quartered(loads[-1])) is not None:
        left["load"] = load.text
    pains = sum(said.kind == Pain.kind for said in found.reported)
    if pains:
        left["pains"] = pains
    return left
