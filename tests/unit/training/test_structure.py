"""The sets that a plan makes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach.training.plan import (
    SWITCH_S,
    FurtherStage,
    Load,
    Plan,
    Progress,
    SetDone,
    SetKind,
    SetOverrides,
    SetPlan,
    Side,
    Stage,
)
from coach.training.structure import next_set, ramp, resumed_progress, rounded_share, with_load, working_set
from coach.training.tempo import Tempo

PLAN = Plan(10, 3, 90, Tempo(4, 1, 2, 0), Load(80.0, "kg"))


def kg(amount: float) -> Load:
    return Load(amount, "kg")


def walked(plan: Plan, most: int = 20) -> list[SetPlan]:
    """Every set of a plan, each done as planned."""
    found: list[SetPlan] = []
    progress = Progress()
    while len(progress.working_sets) < plan.sets and len(found) < most:
        planned = next_set(plan, progress)
        found.append(planned)
        progress = replace(progress, sets_done=(*progress.sets_done, SetDone(planned.reps, None, kind=planned.kind)))
    return found


def test_a_plain_plan_is_the_same_set_again_and_again() -> None:
    assert [one.number for one in walked(PLAN)] == [1, 2, 3]
    assert {one.stages for one in walked(PLAN)} == {(Stage(10, kg(80)),)}


@pytest.mark.parametrize("unit", ["kg", "lb"])
@pytest.mark.parametrize("amount", [1, 2.5, 5, 7.5, 12, 20, 40, 41.25, 60, 80, 135, 400, 999])
def test_a_ramp_rises_and_never_reaches_the_working_load(amount: float, unit: str) -> None:
    steps = [one.load.amount for one in ramp(replace(PLAN, warm_up=True, load=Load(amount, unit))) if one.load]
    assert steps == sorted(set(steps))
    assert all(0 < step < amount for step in steps)
    assert len(steps) <= 3


def test_the_ramp_comes_first_and_full_rest_before_the_first_working_set() -> None:
    found = walked(replace(PLAN, warm_up=True, sets=2))
    assert [(one.kind, one.number, one.reps, one.rest) for one in found] == [
        (SetKind.WARM_UP, 1, 8, 45),
        (SetKind.WARM_UP, 2, 5, 45),
        (SetKind.WARM_UP, 3, 3, 90),
        (SetKind.WORKING, 1, 10, 90),
        (SetKind.WORKING, 2, 10, 90),
    ]
    assert [one.stages[0].load for one in found] == [kg(30), kg(50), kg(65), kg(80), kg(80)]


def test_without_a_load_there_is_no_ramp() -> None:
    assert ramp(replace(PLAN, warm_up=True, load=None)) == ()


def test_a_warm_up_that_was_refused_is_stepped_over() -> None:
    plan = replace(PLAN, warm_up=True)
    assert next_set(plan, Progress(refused_warm_ups=1)).stages[0].load == kg(50)
    assert next_set(plan, Progress(refused_warm_ups=3)).kind is SetKind.WORKING


def test_an_open_warm_up_stays_one_where_no_more_are_wanted() -> None:
    planned = next_set(replace(PLAN, warm_up=False), Progress(is_set_open=True, kind=SetKind.WARM_UP))
    assert (planned.kind, planned.stages[0].load) == (SetKind.WARM_UP, kg(30))


def test_own_warm_ups_that_are_no_longer_lighter_are_left_out() -> None:
    plan = replace(PLAN, warm_up=True, ramp=(SetOverrides(reps=5, load=kg(40)), SetOverrides(reps=3, load=kg(60))))
    assert [one.load for one in ramp(plan)] == [kg(40), kg(60)]
    assert [one.load for one in ramp(plan.with_load(kg(60)))] == [kg(40)]


def test_one_side_after_the_other_has_the_same_count() -> None:
    (planned, *_) = walked(replace(PLAN, first_side=Side.RIGHT))
    assert planned.stages == (Stage(10, kg(80), Side.RIGHT), Stage(10, kg(80), Side.LEFT, SWITCH_S))
    assert (planned.sides, planned.reps) == ((Side.RIGHT, Side.LEFT), 10)


def test_a_drop_set_gets_lighter_and_its_count_runs_on() -> None:
    *_, last = walked(replace(PLAN, last_kind=SetKind.DROP))
    assert [(one.reps, one.load, one.break_s) for one in last.stages] == [
        (10, kg(80), 0),
        (15, kg(65), 15),
        (20, kg(50), 15),
    ]


def test_a_rest_pause_set_keeps_its_load() -> None:
    *_, last = walked(replace(PLAN, last_kind=SetKind.REST_PAUSE))
    assert [(one.reps, one.load) for one in last.stages] == [(10, kg(80)), (14, kg(80)), (18, kg(80))]


def test_a_drop_set_on_each_side() -> None:
    *_, last = walked(replace(PLAN, last_kind=SetKind.DROP, first_side=Side.LEFT))
    assert [(one.side, one.reps) for one in last.stages] == [
        *((Side.LEFT, reps) for reps in (10, 15, 20)),
        *((Side.RIGHT, reps) for reps in (10, 15, 20)),
    ]
    assert [one.break_s for one in last.stages] == [0, 15, 15, 15, 15, 15]


def test_what_a_set_has_of_its_own() -> None:
    drops = (FurtherStage(4, kg(60), 20), FurtherStage(4))
    own = (SetOverrides(), SetOverrides(SetKind.DROP, 8, kg(70), Tempo(3, 0, 1, 0), 120, drops))
    planned = working_set(replace(PLAN, overrides=own), 2)
    assert (planned.kind, planned.rest, str(planned.tempo)) == (SetKind.DROP, 120, "3-0-1-0")
    assert planned.stages == (Stage(8, kg(70)), Stage(12, kg(60), break_s=20), Stage(16, kg(60), break_s=15))


def test_a_drop_is_never_heavier_than_a_load_that_was_said() -> None:
    plan = replace(
        PLAN,
        overrides=(
            SetOverrides(SetKind.DROP, 8, kg(80), further_stages=(FurtherStage(4, kg(60)), FurtherStage(4, kg(40)))),
        ),
    ).with_load(kg(50))
    assert [one.load for one in working_set(plan, 1).stages] == [kg(50), kg(50), kg(40)]


@pytest.mark.parametrize("step", range(3))
def test_a_load_that_is_said_holds_from_there_on(step: int) -> None:
    plan = replace(PLAN, last_kind=SetKind.DROP, sets=1)
    changed = with_load(plan, Progress(is_set_open=True, kind=SetKind.DROP, stage=step), kg(40))
    loads = [one.load.amount for one in working_set(changed, 1).stages if one.load]
    assert loads[step] == 40
    assert loads[:step] == [80, 65][:step]
    assert loads == sorted(loads, reverse=True)


def test_in_a_warm_up_a_load_is_the_working_load() -> None:
    plan = replace(PLAN, warm_up=True)
    assert with_load(plan, Progress(), kg(100)).load == kg(100)
    assert with_load(plan, Progress(is_set_open=True, kind=SetKind.WARM_UP), kg(100)).load == kg(100)


@pytest.mark.parametrize(
    ("sides", "stage", "rep", "parts"),
    [
        (((Side.LEFT, 4),), 0, 4, [(4, 80, Side.LEFT)]),
        (((Side.LEFT, 12),), 1, 12, [(10, 80, Side.LEFT), (2, 65, Side.LEFT)]),
        (((Side.LEFT, 20),), 2, 20, [(10, 80, Side.LEFT), (5, 65, Side.LEFT), (5, 50, Side.LEFT)]),
        (((Side.LEFT, 20), (Side.RIGHT, 3)), 3, 3, [(10, 80, "l"), (5, 65, "l"), (5, 50, "l"), (3, 80, Side.RIGHT)]),
    ],
)
def test_a_set_that_broke_off_is_taken_up_where_it_was(
    sides: tuple[tuple[Side, int], ...], stage: int, rep: int, parts: list[tuple[int, float, object]]
) -> None:
    plan = replace(PLAN, last_kind=SetKind.DROP, sets=1, first_side=Side.LEFT)
    found = resumed_progress(plan, Progress(), SetKind.DROP, sides)
    assert (found.stage, found.rep, found.side) == (stage, rep, sides[-1][0])
    load = working_set(plan, 1).stages[stage].load
    told = [(one.reps, one.load.amount if one.load else 0, one.side) for one in found.parts(load)]
    assert told == [(reps, load, Side.LEFT if side == "l" else side) for reps, load, side in parts]


def test_loads_are_rounded_to_what_is_quickly_loaded() -> None:
    assert rounded_share(kg(81), 0.8) == kg(65)
    assert rounded_share(kg(21), 0.8) == kg(17.5)
    assert rounded_share(Load(200.0, "lb"), 0.6) == Load(120.0, "lb")
    assert rounded_share(kg(1), 0.4) == kg(1)


def test_what_is_said_of_one_set_goes_before_what_is_said_of_the_last_one() -> None:
    plan = replace(
        PLAN, last_kind=SetKind.DROP, overrides=(SetOverrides(), SetOverrides(), SetOverrides(kind=SetKind.WORKING))
    )
    assert [one.kind for one in walked(plan)] == [SetKind.WORKING] * 3
    assert working_set(replace(plan, sets=2), 2).kind is SetKind.DROP


def test_the_last_set_is_that_of_the_number_of_sets() -> None:
    own = (
        SetOverrides(),
        SetOverrides(kind=SetKind.REST_PAUSE, further_stages=(FurtherStage(2),)),
        SetOverrides(reps=3),
    )
    plan = replace(PLAN, sets=2, overrides=own).with_last_kind(SetKind.DROP)
    assert working_set(plan, 2).kind is SetKind.DROP
    assert [stage.reps for stage in working_set(plan, 2).stages] == [10, 15, 20]
    assert working_set(replace(plan, sets=3), 3).reps == 3 + 2 + 2
