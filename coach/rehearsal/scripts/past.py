"""Reads what a script says about earlier sessions; the docstring of `script.py` describes the format."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from coach.content.reading import Document
from coach.content.spec import Fields, Integer, ListOf, Seconds, Text, WordOrNumber
from coach.dialogue.preferences import EXERCISE_PREFERENCES, TALK_PREFERENCES
from coach.training.past import LastWorkout, Past, UnfinishedWorkout
from coach.training.plan import REPS, SETS, Load, Plan, SetDone

LOAD_PATTERN = r"(?P<amount>\d+(?:\.(?:5|25|75))?) (?P<unit>kg|lb)"
_EARLIER = "2000-01-01T00:00:00+00:00"
"""Start of the session that was left; a script does not give it."""
PAST_FIELDS = Fields(
    optional={
        "workouts": Integer(1, 9999),
        "sets": Integer(SETS[0], SETS[-1]),
        "reps": Integer(REPS[0], REPS[-1]),
        "load": Text(LOAD_PATTERN, "a load", "write it like 90 kg or 92.5 kg"),
        "left": Fields(
            required={"ago": Seconds()},
            optional={
                "sets": ListOf(Integer(REPS[0], REPS[-1]), max_length=SETS[-1], min_length=0),
                "reps": Integer(REPS[0], REPS[-1]),
                "load": Text(LOAD_PATTERN, "a load", "write it like 90 kg or 92.5 kg"),
                "pains": Integer(0, 9),
            },
        ),
        "wanted": Fields(other_keys=WordOrNumber()),
    }
)


def past_of(value: Mapping[str, Any], plan: Plan) -> Past:
    """Returns the earlier workouts. The last workout has the values that the script gives, else those of the plan."""
    unfinished = _unfinished(value["left"], plan) if "left" in value else None
    if not value.keys() & {"workouts", "sets", "reps", "load"}:
        return Past(unfinished=unfinished)
    sets, reps = value.get("sets", plan.sets), value.get("reps", plan.reps)
    return Past(value.get("workouts", 1), LastWorkout(sets, reps, _load(value), (reps,) * sets), unfinished)


def _unfinished(value: Mapping[str, Any], plan: Plan) -> UnfinishedWorkout | None:
    """Returns the workout that was left; None if it cannot be continued."""
    load = _load(value)
    sets = tuple(SetDone(done, load) for done in value.get("sets", ()))
    plan = replace(plan, load=load or plan.load)
    workout = UnfinishedWorkout(
        _EARLIER, value.get("ago", 0.0), plan, sets, value.get("reps", 0), value.get("pains", 0)
    )
    return workout if workout.can_be_resumed else None


def _load(value: Mapping[str, Any]) -> Load | None:
    given = re.fullmatch(LOAD_PATTERN, str(value.get("load", "")))
    return Load(float(given["amount"]), given["unit"]) if given else None


def preferences_of(document: Document, value: Mapping[str, Any]) -> dict[str, str]:
    """Returns the preferences that were changed by voice in earlier sessions; an unknown name is a finding."""
    for name in value:
        exercise, _, bare = name.rpartition(".")
        if bare not in (EXERCISE_PREFERENCES if exercise else TALK_PREFERENCES):
            talk, of_exercise = (", ".join(sorted(names)) for names in (TALK_PREFERENCES, EXERCISE_PREFERENCES))
            remedy = f"give {talk}, or leg_press. and {of_exercise}"
            document.report(("past", "wanted", name), f"{name!r} is no preference", remedy)
    return {name: str(value) for name, value in value.items()}
