"""The load that is proposed after a number of repetitions left."""

from __future__ import annotations

import pytest

from coach.training.effort import RULES, proposals, stepped
from coach.training.plan import MAX_LOAD, Load
from coach.training.structure import load_step


@pytest.mark.parametrize(("left", "proposed"), [(0, [75]), (1, []), (2, [80, 85]), (3, [85]), (4, [85]), (8, [85])])
def test_the_table(left: int, proposed: list[float]) -> None:
    assert [one.amount for one in proposals(left, Load(80.0, "kg"), may_rise=True)] == proposed


@pytest.mark.parametrize("left", range(9))
@pytest.mark.parametrize("amount", [1, 2.5, 5, 20, 41.25, 80, 990, MAX_LOAD])
@pytest.mark.parametrize("unit", ["kg", "lb"])
@pytest.mark.parametrize("may_rise", [True, False])
def test_never_more_than_a_step_and_never_up_where_it_is_forbidden(
    left: int, amount: float, unit: str, may_rise: bool
) -> None:
    load = Load(amount, unit)
    for one in proposals(left, load, may_rise):
        assert abs(one.amount - amount) <= load_step(load)
        assert 0 < one.amount <= MAX_LOAD
        assert may_rise or one.amount <= amount
        assert one.unit == unit


def test_the_rows_begin_at_none_and_rise() -> None:
    assert [rule.in_reserve for rule in RULES] == sorted({rule.in_reserve for rule in RULES})
    assert RULES[0].in_reserve == 0
    assert all(abs(step) <= 1 for rule in RULES for step in rule.steps)


def test_light_loads_move_by_half_a_step() -> None:
    assert stepped(Load(20.0, "kg"), 1) == Load(22.5, "kg")
    assert stepped(Load(2.5, "kg"), -1) is None
