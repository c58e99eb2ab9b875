"""Reads what a session needs from the sessions before it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from time import time

from coach.dialogue import preferences
from coach.ports import History, HistoryError
from coach.training.log import workouts
from coach.training.past import Past
from coach.training.plan import Plan
from coach.wiring.recognizers import Warn

RECENT_SESSIONS = 60
"""Number of sessions in which the last workout of the exercise is looked for: an imported file may hold ten years of
other exercises."""


def read_earlier(
    journal: History, exercise: str, plan: Plan, given: Collection[str], warn: Warn
) -> tuple[Plan, Past, Mapping[str, str]]:
    """The plan with what the lifter wanted by voice, what was trained before, and all preferences.

    `given`: fields of the plan that stay as they are. A journal that cannot be read causes a warning.
    """
    try:
        preferred = journal.preferences()
        plan = preferences.preferred_plan(plan, exercise, preferred, given)
        left = partial(preferences.unfinished_plan, load=plan.load)
        return (
            plan,
            Past.of(journal.count_workouts(), workouts(journal.sessions(RECENT_SESSIONS)), exercise, time(), left),
            preferred,
        )
    except HistoryError as error:
        warn(str(error))
        return plan, Past(), {}
