"""Makes the head of a script that replays a session from its journal: the plan, and what was trained before.

Law: the head says nothing about who trained or when: no date, no name, no text that the lifter wrote.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from coach.content.plan_writing import written_out
from coach.dialogue.preferences import owner_of
from coach.ports import StoredSession
from coach.records import PainReported, PreferenceChanged, Record, RepDone, SessionBegan, SetEnded
from coach.rehearsal.scripts.past import past_of
from coach.rehearsal.scripts.script import VOICES, Script
from coach.training import plan_text
from coach.training.log import workouts
from coach.training.plan import REPS, SETS, UNITS, Load, Plan
from coach.training.tempo import Tempo

STORY = "What happened in a session, played again from its journal."
_AGO_S = 60.0
"""Seconds between a workout that was left and the session that continues it: any time that is short enough."""


def script_of(
    session: StoredSession,
    older: Sequence[StoredSession],
    preferences: Mapping[str, str],
    default_plan: Plan,
    pack: str = "",
) -> Script:
    """Returns a script without steps.

    `older`: earlier sessions, the newest first; needed only if `session` continues one of them. `preferences`: those
    when `session` begins. `default_plan`: the plan of the pack, for values that an old journal lacks. `pack`: the
    name of the pack in the script.
    """
    began = session.plan
    plan = _plan(began, session.records, default_plan)
    exercise = "" if began is None else f"{began.exercise}."
    plan = plan_text.read(plan, None if began is None else began.structure)
    load = plan.load or _load(session.records, preferences.get(f"{exercise}load", ""))
    plan = replace(plan, load=None if load is None else _rounded(load), name="")
    head: dict[str, Any] = {"story": STORY, **({"pack": pack} if pack else {}), "plan": written_out(plan)}
    talk = {name: value for name, value in preferences.items() if "." not in name}
    unfinished = _unfinished(session.earlier_session, older)
    past = {**({"left": unfinished} if unfinished else {}), **({"wanted": talk} if talk else {})}
    if past:
        head["past"] = past
    return Script("the journal", STORY, plan, VOICES[0], False, (), head, past=past_of(past, plan), preferences=talk)


def records_of(session: StoredSession, default_plan: Plan) -> Sequence[Record]:
    """Returns the session's records as a session without a plan file would write them."""
    began = session.plan
    plan = default_plan if began is None else plan_text.read(default_plan, began.structure)
    if began is None or not plan.name:
        return session.records
    owner = f"{owner_of(began.exercise, plan)}."
    return [
        replace(record, name=f"{began.exercise}.{record.name.removeprefix(owner)}")
        if isinstance(record, PreferenceChanged) and record.name.startswith(owner)
        else record
        for record in session.records
    ]


def _plan(began: SessionBegan | None, records: Sequence[Record], default_plan: Plan) -> Plan:
    sets = [record for record in records if isinstance(record, SetEnded | RepDone)]
    reps_of_sets = [record.reps if isinstance(record, SetEnded) else record.rep for record in sets]
    reps = max(reps_of_sets, default=default_plan.reps)
    set_count = max((record.set for record in sets), default=default_plan.sets)
    plan = replace(default_plan, reps=min(reps, REPS[-1]) or 1, sets=min(set_count, SETS[-1]))
    if began is not None:
        with suppress(ValueError):
            plan = Plan(began.reps, began.sets, began.rest, Tempo.parse(began.tempo))
    return plan


def _load(records: Sequence[Record], preferred: str) -> Load | None:
    """Returns the load at the start: of the first set, unless the lifter named it in the session; else `preferred`."""
    said = set()
    for record in records:
        if isinstance(record, PreferenceChanged) and record.name.endswith(".load"):
            said.add(record.value)
        if isinstance(record, SetEnded) and record.load is not None and record.unit is not None:
            first = Load(record.load, record.unit)
            if first.text not in said:
                return _rounded(first)
            break
    amount, _, unit = preferred.partition(" ")
    with suppress(ValueError):
        return _rounded(Load(float(amount), unit))
    return None


def _rounded(load: Load) -> Load | None:
    """Returns the load rounded to quarters, as scripts have it; None if its unit is unknown."""
    return load.quartered if load.unit in UNITS else None


def _unfinished(earlier: str, older: Sequence[StoredSession]) -> dict[str, Any]:
    """Returns the workout whose last session began at `earlier`, as the key `left` of a script has it."""
    found = next((workout for workout in workouts(older) if workout.last_session == earlier), None)
    if found is None:
        return {}
    values: dict[str, Any] = {"ago": _AGO_S, "sets": [done.reps for done in found.sets]}
    if found.open_set is not None and found.open_set.reps:
        values["reps"] = found.open_set.reps
    loads = [done.load for done in found.sets if done.load is not None]
    if loads and (load := _rounded(loads[-1])) is not None:
        values["load"] = load.text
    pains = sum(said.kind == PainReported.kind for said in found.reports)
    if pains:
        values["pains"] = pains
    return values
