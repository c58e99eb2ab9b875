"""Words that answer how many repetitions were left or which load is next.

If the coach has not asked, these words mean something else, or nothing.
"""

from __future__ import annotations

from coach.dialogue import state_words
from coach.dialogue.confirming import Request
from coach.dialogue.effort import EFFORT_INTENT, MAX_IN_RESERVE
from coach.dialogue.scenes import Scenes
from coach.dialogue.states import State


def one_more(scenes: Scenes, request: Request) -> None:
    """Log a repetition that was left, if that was asked; at rest one that was not counted; else begin another set."""
    if _answers_effort(request):
        scenes.effort.log_reps_left(request.at, 1)
    elif scenes.workout.state is State.RESTING:
        scenes.logbook.log_more_reps(request.at, 1)
    else:
        state_words.start(scenes, request)


def how_hard(scenes: Scenes, request: Request) -> None:
    """The lifter says how many repetitions were left."""
    scenes.effort.log_reps_left(request.at, int(request.intent.slots["left"]))


def number(scenes: Scenes, request: Request) -> None:
    """A bare number at rest: repetitions left, if that was asked; a load, if one was proposed."""
    value = int(request.intent.slots["number"])
    if _answers_effort(request):
        scenes.effort.log_reps_left(request.at, value)
    elif request.question is not None and request.question.proposed_load is not None:
        scenes.effort.take_amount(request.at, value)


def set_reps(scenes: Scenes, request: Request) -> None:
    """Set the repetitions of a set; a small number answers how many were left, if that was asked."""
    reps = int(request.intent.slots["reps"])
    if _answers_effort(request) and reps <= MAX_IN_RESERVE:
        scenes.effort.log_reps_left(request.at, reps)
    else:
        scenes.adjusting.set_reps(request.at, request.intent)


def _answers_effort(request: Request) -> bool:
    return request.question is not None and request.question.intent_name == EFFORT_INTENT


def correct_set(scenes: Scenes, request: Request) -> None:
    """Correct what is logged of the last set."""
    slots = request.intent.slots
    reps = int(slots["reps"]) if "reps" in slots else None
    load = float(slots["load"]) if "load" in slots else None
    unit = str(slots["unit"]) if "unit" in slots else None
    scenes.logbook.correct(request.at, reps, load, unit)
