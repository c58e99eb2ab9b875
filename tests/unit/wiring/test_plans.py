"""The plan of a session: file, options and pack together."""

from __future__ import annotations

from pathlib import Path

from coach.content.files import BUNDLED
from coach.training.structure import all_sets
from coach.wiring.engines import exercise
from coach.wiring.plans import choose
from lab.rigs.folders import CALF_RAISE, PLANS

MONDAY = PLANS / "monday.yaml"


def test_options_win_over_the_file() -> None:
    chosen = choose(MONDAY, None, {"reps": 5, "tempo": "3-1-1-0"}, print)
    plan = chosen.applied_to(exercise(chosen.folder)[2])
    assert [(one.reps, str(one.tempo)) for one in all_sets(plan)] == [(2, "3-1-1-0"), (5, "3-1-1-0"), (7, "3-1-1-0")]


def test_a_pack_beside_a_plan_that_names_none() -> None:
    assert choose(PLANS / "sides.yaml", str(CALF_RAISE), {}, print).folder == CALF_RAISE
    assert choose(PLANS / "sides.yaml", None, {}, print).folder == BUNDLED


def test_a_slip_in_a_plan_is_warned_of(tmp_path: Path) -> None:
    path = tmp_path / "monday.yaml"
    path.write_text("rest: 10 min\n")
    messages: list[str] = []
    choose(path, None, {}, messages.append)
    assert messages == [f"{path}:1: rest: warning: a rest of 10 min: give 5 min or less"]
