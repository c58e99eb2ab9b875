"""What is wrong between the keys of a plan, and what is probably a slip."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.content.plan_reading import check_plan


def told(folder: Path, text: str) -> list[str]:
    path = folder / "it.yaml"
    path.write_text(text)
    return [str(fault).removeprefix(f"{path}:") for fault in check_plan(path)]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("tempo: 1-0-1-0", "tempo: lowering of 1 s: give 2 to 8"),
        ("sets: [{tempo: '4-1'}]", "sets[0].tempo: tempo '4-1' is not like 4-1-2-0"),
        ("load: 0 kg", "load: '0 kg' is no load: give more than 0, at most 999"),
        ("sets: [{times: 6}, {times: 5}]", "sets: 11 sets: give at most 10"),
        (
            "{load: 9 kg, sets: [{kind: warm-up, reps: 8, load: 4 kg, times: 9}, {}]}",
            "sets: 9 warm-ups: give at most 8",
        ),
        ("{load: 9 kg, sets: [{kind: warm-up, reps: 8, load: 4 kg}]}", "sets: only warm-ups: add the sets"),
        (
            "{load: 9 kg, sets: [{}, {kind: warm-up, reps: 8, load: 4 kg}]}",
            "sets[1]: a warm-up behind a working set: put it first",
        ),
        ("{load: 9 kg, sets: [{kind: warm-up, load: 4 kg}, {}]}", "sets[0]: a warm-up without its reps: add it"),
        ("{load: 9 kg, warm up: [{reps: 3}]}", "warm up[0]: 'load' is missing: add it"),
        (
            "{load: 9 kg, warm up: usual, sets: [{kind: warm-up, reps: 8, load: 4 kg}, {}]}",
            "warm up: stands beside warm-ups among the sets: keep one of them",
        ),
        ("{last set: drop, sets: [{}]}", "last set: stands beside a list of sets: give the last one its kind"),
        ("sets: [{then: [{reps: 3}]}]", "sets[0].then: stands in a working set: write kind: drop or kind: rest-pause"),
        (
            "sets: [{kind: rest-pause, then: [{reps: 3, load: 9 kg}]}]",
            "sets[0].then[0].load: a rest-pause set keeps its load",
        ),
        ("sets: [{kind: rest pause}]", "sets[0].kind: 'rest pause' is not one of working, warm-up, drop, rest-pause"),
        (
            "sets: [{kind: rest-pause, then: [{reps: 20}, {reps: 11}]}]",
            "sets[0].then: 31 repetitions behind the first ones: give at most 30 in all",
        ),
        ("machine: {empty: 20 kg, plates: [0]}", "machine: plates 0.0: give the weight of each kind"),
        ("sets: []", "sets: 0 entries: write 1 to 18"),
        ("sets: {reps: 3}", "sets: a mapping stands where a single value must"),
    ],
)
def test_a_fault(tmp_path: Path, text: str, fault: str) -> None:
    found = told(tmp_path, text)
    assert len(found) == 1, found
    assert found[0].startswith(f"1: {fault}")


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("rest: 10 min", "rest: warning: a rest of 10 min: give 5 min or less"),
        (
            "{load: 80 kg, sets: [{kind: drop, then: [{reps: 3, load: 60 kg, break: 90}]}]}",
            "sets[0].then[0].break: warning: a break of 90 s within a set",
        ),
        (
            "{load: 80 kg, sets: [{kind: drop, then: [{reps: 3, load: 80 kg}]}]}",
            "sets[0].then[0].load: warning: 80 kg is no drop from 80 kg: give less",
        ),
        ("sets: [{kind: drop, then: [{reps: 3}]}]", "sets[0].then[0]: warning: a drop without a load"),
        (
            "{load: 80 kg, warm up: [{reps: 8, load: 80 kg}]}",
            "warm up[0].load: warning: 80 kg to warm up for 80 kg: give less",
        ),
        (
            "{load: 80 kg, warm up: [{reps: 8, load: 60 kg}, {reps: 8, load: 40 kg}]}",
            "warm up[1].load: warning: 40 kg behind 60 kg: begin with the lightest",
        ),
        ("warm up: usual", "warm up: warning: a warm-up without a working load"),
        ("{load: 80 kg, sets: [{}, {load: 150 lb}]}", "the file: warning: loads in kilos and in pounds"),
        ("sets: [{load: 80 kg}, {load: 800 kg}]", "sets[1].load: warning: 800 kg behind a set of 80 kg"),
        (
            "{load: 81 kg, machine: {empty: 20 kg, plates: [20, 10, 1.25]}}",
            "load: warning: 81 kg cannot be made of the plates: give 80 kg or 82.5 kg",
        ),
        ("sets: [{load: 80 kg}, {}]", "sets[1]: warning: a set without a load beside sets that have one"),
    ],
)
def test_a_likely_slip(tmp_path: Path, text: str, slip: str) -> None:
    found = told(tmp_path, text)
    assert len(found) == 1, found
    assert found[0].startswith(f"1: {slip}")


@pytest.mark.parametrize(
    "text",
    [
        "{load: 80 kg, warm up: usual, last set: drop, rest: 3 min}",
        "{load: 100 lb, warm up: [{reps: 8, load: 50 lb}, {reps: 4, load: 75 lb}]}",
        "sets: [{kind: warm-up, reps: 5, load: 40 kg}, {load: 80 kg, kind: drop, then: [{reps: 4, load: 60 kg}]}]",
        "sets: [{kind: rest-pause, then: [{reps: 4}, {reps: 3, break: 20}]}]",
    ],
)
def test_nothing_is_wrong(tmp_path: Path, text: str) -> None:
    assert told(tmp_path, text) == []
