"""Plan and progress: values that are checked when made and never changed."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from coach.training.plan import Load, Plan, Progress, SetDone, SetKind, SetOverrides
from coach.training.tempo import Tempo

TEMPO = Tempo(4, 1, 2, 0)
PLAN = Plan(10, 3, 90, TEMPO)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"reps": 0}, "reps 0: give 1 to 30"),
        ({"reps": 31}, "reps 31: give 1 to 30"),
        ({"sets": 0}, "sets 0: give 1 to 10"),
        ({"sets": 11}, "sets 11: give 1 to 10"),
        ({"rest": -1}, "rest -1: give 0 to 600"),
        ({"rest": 601}, "rest 601: give 0 to 600"),
    ],
)
def test_out_of_bounds(changes: dict[str, int], wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        replace(PLAN, **changes)  # type: ignore[arg-type]


def test_the_bounds_themselves_are_good() -> None:
    assert Plan(1, 1, 10, TEMPO).load is None
    assert Plan(30, 10, 600, TEMPO, Load(92.5, "kg")).load == Load(92.5, "kg")


def test_a_plan_is_replaced_never_edited() -> None:
    with pytest.raises(FrozenInstanceError):
        PLAN.reps = 3  # type: ignore[misc]


def test_a_load_holds_for_the_later_sets_that_had_the_same() -> None:
    rising = replace(
        PLAN, load=Load(80, "kg"), overrides=tuple(SetOverrides(load=Load(kilos, "kg")) for kilos in (60, 60, 80))
    )

    def loads(plan: Plan) -> list[float]:
        found = (one.load or plan.load for one in (*plan.overrides, SetOverrides()))
        return [load.amount for load in found if load is not None]

    assert loads(rising.with_load(Load(65, "kg"))) == [65, 65, 80, 80]
    assert loads(rising.with_load(Load(65, "kg"), 2)) == [60, 65, 80, 80]
    assert loads(rising.with_load(Load(85, "kg"), 3)) == [60, 60, 85, 85]
    assert loads(rising.with_load(Load(85, "kg"), 4)) == [60, 60, 80, 85]
    assert PLAN.with_load(Load(65, "kg"), 2).load == Load(65, "kg")


def test_a_workout() -> None:
    progress = Progress()
    assert (progress.set_number, progress.reps_done, progress.is_set_open) == (1, 0, False)
    progress = progress.begin_set().count_rep().count_rep()
    assert (progress.set_number, progress.rep, progress.reps_done, progress.is_set_open) == (1, 2, 2, True)
    progress = progress.close_set(Load(90, "kg"), SetKind.WORKING)
    assert (progress.set_number, progress.rep, progress.reps_done, progress.is_set_open) == (2, 0, 2, False)
    progress = progress.begin_set().count_rep().close_set(None, SetKind.WORKING)
    assert progress.sets_done == (SetDone(2, Load(90, "kg")), SetDone(1, None))
    assert progress.reps_done == 3


def test_a_set_without_a_repetition_leaves_no_trace() -> None:
    progress = Progress().begin_set().close_set(None, SetKind.WORKING)
    assert progress == Progress()


def test_a_new_set_begins_at_nothing() -> None:
    assert Progress(rep=3).begin_set().rep == 0
