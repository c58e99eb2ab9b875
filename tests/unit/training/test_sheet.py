"""How long a plan takes, and its sets stage by stage."""

from __future__ import annotations

from coach.training.plan import Load, Plan, SetKind, Side
from coach.training.sheet import reps_of_stages, seconds_in_all, seconds_of
from coach.training.structure import all_sets, working_set
from coach.training.tempo import Tempo

PLAN = Plan(10, 2, 60, Tempo(4, 1, 2, 0), Load(80, "kg"))


def test_repetitions_take_as_long_as_the_tempo_says() -> None:
    assert seconds_of(working_set(PLAN, 1)) == 70
    assert seconds_in_all(all_sets(PLAN)) == 70 + 60 + 70


def test_each_stage_has_its_own_repetitions() -> None:
    dropped = working_set(Plan(10, 1, 60, Tempo(4, 1, 2, 0), Load(80, "kg"), last_kind=SetKind.DROP), 1)
    assert [(reps, stage.load) for stage, reps in reps_of_stages(dropped)] == [
        (10, Load(80, "kg")),
        (5, Load(65, "kg")),
        (5, Load(50, "kg")),
    ]
    assert seconds_of(dropped) == 20 * 7 + 2 * 15


def test_two_sides_take_twice_as_long_and_the_switch() -> None:
    sided = working_set(Plan(10, 1, 60, Tempo(4, 1, 2, 0), first_side=Side.LEFT, switch_s=6), 1)
    assert [reps for _, reps in reps_of_stages(sided)] == [10]
    assert seconds_of(sided) == 2 * 70 + 6
