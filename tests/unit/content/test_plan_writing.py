"""A plan that is written and read again is the same plan."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach.content.plan_reading import plan_over, read_plan
from coach.content.plan_writing import written_out
from coach.training.plan import Kind, Load, More, Own, Plan, Side
from coach.training.structure import all_sets
from coach.training.tempo import Tempo
from lab.rigs.folders import PLANS
from lab.rigs.talk import USUAL

SMALL = Plan(8, 3, 60, Tempo(3, 1, 1, 0), Load(41.25, "kg"))


@pytest.mark.parametrize(
    "plan",
    [
        SMALL,
        replace(SMALL, load=None, side=Side.RIGHT, switch=5),
        replace(SMALL, warm_up=True, last=Kind.REST_PAUSE),
        replace(SMALL, warm_up=True, ramp=(Own(reps=5, load=Load(20, "kg"), rest=30, tempo=Tempo(4, 0, 2, 0)),)),
        replace(SMALL, own=(Own(reps=9), Own(kind=Kind.DROP, more=(More(3, Load(30, "kg"), 20), More(2))))),
        replace(SMALL, own=(Own(kind=Kind.REST_PAUSE, load=Load(90, "lb")),), last=Kind.DROP),
        *(read_plan(path).over(USUAL) for path in sorted(PLANS.glob("*.yaml"))),
    ],
)
def test_it_comes_to_the_same_sets(plan: Plan) -> None:
    again = plan_over(USUAL, written_out(plan))
    assert all_sets(again) == all_sets(plan)
    assert (again.side, again.switch, again.warm_up, again.ramp) == (plan.side, plan.switch, plan.warm_up, plan.ramp)
