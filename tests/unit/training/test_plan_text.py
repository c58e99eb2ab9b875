"""A plan's structure is read as it was written, and a text that nobody wrote is ignored."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach.training.plan import FurtherStage, Load, Plan, SetKind, SetOverrides, Side
from coach.training.plan_text import read, write
from coach.training.tempo import Tempo

PLAN = Plan(10, 3, 90, Tempo(4, 1, 2, 0), Load(80.0, "kg"))


def kg(amount: float) -> Load:
    return Load(amount, "kg")


@pytest.mark.parametrize(
    "structure",
    [
        '{"own":[{"reps":"8"}]}',
        '{"own":[{"reps":99}]}',
        '{"own":[{"load":[-1,"kg"]}]}',
        '{"own":[{"more":[{"reps":true}]}]}',
        '{"switch":1e9}',
        '{"load":[80,"stone"]}',
        "[1]",
        "{",
    ],
)
def test_a_structure_that_nobody_wrote_is_taken_for_none(structure: str) -> None:
    assert read(PLAN, structure) == PLAN


@pytest.mark.parametrize(
    "plan",
    [
        PLAN,
        replace(PLAN, load=None),
        replace(PLAN, warm_up=True, first_side=Side.LEFT, last_kind=SetKind.DROP),
        replace(PLAN, ramp=(SetOverrides(reps=5, load=Load(41.25, "kg"), rest=30),), warm_up=True),
        replace(
            PLAN,
            overrides=(
                SetOverrides(
                    SetKind.REST_PAUSE, 8, None, Tempo(3, 0, 1, 0), 0, (FurtherStage(3), FurtherStage(2, kg(70), 20))
                ),
            ),
        ),
    ],
)
def test_what_is_written_in_the_journal_is_read_back(plan: Plan) -> None:
    bare = Plan(plan.reps, plan.sets, plan.rest, plan.tempo)
    assert read(bare, write(plan)) == plan


@pytest.mark.parametrize(
    "text", ["", "nonsense", "[]", "3", '{"side":"up"}', '{"own":3}', '{"own":[{"tempo":"9"}]}', "[" * 9999]
)
def test_a_damaged_text_is_taken_for_none(text: str) -> None:
    assert read(PLAN, text) == PLAN
