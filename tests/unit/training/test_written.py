"""A structure that nobody wrote is ignored."""

from __future__ import annotations

import pytest

from coach.training import written
from lab.rigs.talk import plan_of as small_plan

PLAN = small_plan(reps=4, sets=3, rest=60)


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
    assert written.read(PLAN, structure) == PLAN
