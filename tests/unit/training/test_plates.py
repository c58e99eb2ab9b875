"""Which plates make a load, and which loads they make."""

from __future__ import annotations

import pytest

from coach.training.plan import Load
from coach.training.plates import Machine

KILOS = Machine(Load(20.0, "kg"), (20, 10, 5, 2.5, 1.25))


def kilos(amount: float) -> Load:
    return Load(amount, "kg")


@pytest.mark.parametrize(
    ("amount", "side"),
    [
        (20, ()),
        (22.5, (1.25,)),
        (42.5, (10, 1.25)),
        (80, (20, 10)),
        (150, (20, 20, 20, 5)),
        (41.25, None),
        (81, None),
        (10, None),
    ],
)
def test_the_plates_of_each_side(amount: float, side: tuple[float, ...] | None) -> None:
    assert KILOS.plates_per_side(kilos(amount)) == side


def test_as_few_as_can_be() -> None:
    """Taking the heaviest plate first would need three: 25, 5 and 10."""
    assert Machine(kilos(0), (25, 20, 5)).plates_per_side(kilos(80)) == (20, 20)


@pytest.mark.parametrize(
    ("load", "near"),
    [
        (kilos(80), [80]),
        (kilos(81), [80, 82.5]),
        (kilos(41.25), [40, 42.5]),
        (kilos(3), [20]),
        (Load(200, "lb"), [90, 92.5]),
    ],
)
def test_the_nearest_loads(load: Load, near: list[float]) -> None:
    assert [one.amount for one in KILOS.nearest_loads(load)] == near
    assert {one.unit for one in KILOS.nearest_loads(load)} == {"kg"}


def test_what_they_make_they_make_exactly() -> None:
    for quarter in range(4, 4 * 500):
        load = kilos(quarter / 4)
        side = KILOS.plates_per_side(load)
        near = KILOS.nearest_loads(load)
        if side is None:
            assert load not in near
        else:
            assert near == (load,)
            assert 20 + 2 * sum(side) == load.amount
        assert all(KILOS.plates_per_side(one) is not None for one in near)


def test_in_pounds() -> None:
    machine = Machine(Load(118.0, "lb"), (45, 35, 25, 10, 5, 2.5))
    assert machine.plates_per_side(Load(388.0, "lb")) == (45, 45, 45)
    assert machine.plates_per_side(kilos(100)) is None
    assert [one.text for one in machine.nearest_loads(kilos(100))] == ["218 lb", "223 lb"]


@pytest.mark.parametrize(
    ("empty", "plates", "wrong"),
    [(20, (), "plates None"), (20, (20, 0), "plates 0"), (20, (-5,), "plates -5"), (-1, (20,), "empty '-1 kg'")],
)
def test_out_of_bounds(empty: float, plates: tuple[float, ...], wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        Machine(kilos(empty), plates)
