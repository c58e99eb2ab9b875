"""A plan that is written and read again is the same plan."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach.content.plan_reading import plan_over, read_plan
from coach.content.plan_writing import written_out
from coach.training.plan import FurtherStage, Load, Plan, SetKind, SetOverrides, Side
from coach.training.structure import all_sets
from coach.training.tempo import Tempo
from lab.rigs.folders import PLANS
from lab.rigs.talk import USUAL

SMALL = Plan(8, 3, 60, Tempo(3, 1, 1, 0), Load(41.25, "kg"))


@pytest.mark.parametrize(
    "plan",
    [
        SMALL,
        replace(SMALL, load=None, first_side=Side.RIGHT, switch_s=5),
        replace(SMALL, warm_up=True, last_kind=SetKind.REST_PAUSE),
        replace(
            SMALL, warm_up=True, ramp=(SetOverrides(reps=5, load=Load(20, "kg"), rest=30, tempo=Tempo(4, 0, 2, 0)),)
        ),
        replace(
            SMALL,
            overrides=(
                SetOverrides(reps=9),
                SetOverrides(kind=SetKind.DROP, further_stages=(FurtherStage(3, Load(30, "kg"), 20), FurtherStage(2))),
            ),
        ),
        replace(SMALL, overrides=(SetOverrides(kind=SetKind.REST_PAUSE, load=Load(90, "lb")),), last_kind=SetKind.DROP),
        *(read_plan(path).over(USUAL) for path in sorted(PLANS.glob("*.yaml"))),
    ],
)
def test_it_comes_to_the_same_sets(plan: Plan) -> None:
    again = plan_over(USUAL, written_out(plan))
    assert all_sets(again) == all_sets(plan)
    assert (again.first_side, again.switch_s, again.warm_up, again.ramp) == (
        plan.first_side,
        plan.switch_s,
        plan.warm_up,
        plan.ramp,
    )
