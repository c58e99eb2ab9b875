"""A plan as people write it on paper: its sets in order, and how long they take."""

from __future__ import annotations

from collections.abc import Sequence

from coach.training.plan import SetPlan, Stage


def reps_of_stages(planned: SetPlan) -> tuple[tuple[Stage, int], ...]:
    """The stages of the side that is trained first, with the repetitions of each stage alone."""
    stages = planned.stages_of_first_side
    before = [0, *(stage.reps for stage in stages)]
    return tuple((stage, stage.reps - done) for stage, done in zip(stages, before, strict=False))


def seconds_of(planned: SetPlan) -> int:
    """Duration of one set, with the breaks within it, without the rest behind it."""
    reps = planned.reps * len(planned.sides)
    return reps * planned.tempo.rep_seconds + sum(stage.break_s for stage in planned.stages)


def seconds_in_all(sets: Sequence[SetPlan]) -> int:
    """Duration of a workout, with the rests between its sets."""
    return sum(map(seconds_of, sets)) + sum(one.rest for one in sets[:-1])
