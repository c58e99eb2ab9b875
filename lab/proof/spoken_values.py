"""The values in the coach's lines, and those of a plan, in the words of the coach."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import astuple

from coach.commands import Say
from coach.content.model import Pack
from coach.dialogue.preferences import plan_values
from coach.language.speech import digits, duration, load, repetitions, sets
from coach.training.plan import Plan

PREFERENCES: dict[str, tuple[str, Callable[[str], str]]] = {
    "reps.set": ("reps", lambda text: repetitions(int(text))),
    "sets.set": ("sets", lambda text: sets(int(text))),
    "rest.set": ("rest", lambda text: duration(int(text))),
    "rest.set_now": ("rest", lambda text: duration(int(text))),
    "load.set": ("load", lambda text: load(float(text.split()[0]), text.split()[1])),
    "tempo.set": ("tempo", lambda text: digits(*map(int, text.split("-")))),
}
"""Lines that read a preference back: the preference's name, and how its value is said."""


def slot_of(pack: Pack, say: Say, name: str) -> str:
    """Returns the words in a slot of the line; empty if no wording fits."""
    for wording in pack.prompts[say.source].say:
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(wording))
        found = re.fullmatch(pattern, say.text, re.IGNORECASE)
        if found:
            return found[name]
    return ""


def plan_preferences(plan: Plan) -> dict[str, str]:
    """Returns a plan's values by the names of preferences."""
    found = {"reps": str(plan.reps), "sets": str(plan.sets), "rest": str(plan.rest)}
    found["tempo"] = "-".join(map(str, astuple(plan.tempo)))
    if plan.load is not None:
        found["load"] = f"{plan.load.amount:g} {plan.load.unit}"
    return found


def each_set(plan: Plan) -> dict[str, list[str]]:
    """Returns a plan's values by the names of preferences: one for each set that differs, the last for all others."""
    return {name: text.split(", ") for name, text in plan_values(plan).items() if text}
