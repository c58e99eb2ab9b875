"""The conversations of other exercises go as written."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.settings import Hearing
from coach.wiring import rehearsing
from lab.rigs.folders import CALF_RAISE, PACKS


@pytest.mark.parametrize("file", sorted(PACKS.glob("*/conversations/*.yaml")), ids=lambda file: file.stem)
def test_a_conversation_of_another_exercise_goes_as_written(file: Path) -> None:
    rehearsals = rehearsing.Rehearsals(False, Hearing(), pytest.fail)
    script, played = rehearsals.perform(file, recording=False)
    assert played.failure is None, str(played.failure)
    if file.parent.parent == CALF_RAISE and file.stem == "first_set":
        assert (script.plan.rest, str(script.plan.tempo)) == (60, "3-1-1-1"), (
            "what the script leaves open is the pack's"
        )
