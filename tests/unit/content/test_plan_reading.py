"""Plan files as lifters write them, and the plans they make."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from coach.content.plan_reading import is_plan, read_plan, stated
from coach.ports import ScriptError
from coach.training.plan import FurtherStage, Load, Plan, SetKind, SetOverrides, Side
from coach.training.plates import Machine
from coach.training.structure import all_sets
from coach.training.tempo import Tempo
from lab.rigs.folders import CALF_RAISE, PLANS
from lab.rigs.talk import USUAL


def plan(folder: Path, text: str) -> Plan:
    """The plan of a file with this text."""
    path = folder / "monday.yaml"
    path.write_text(text, "utf-8")
    return replace(read_plan(path).over(USUAL), name="")


def kilos(amount: float) -> Load:
    return Load(amount, "kg")


def test_what_a_file_does_not_say_is_the_exercises(tmp_path: Path) -> None:
    assert plan(tmp_path, "reps: 8") == replace(USUAL, reps=8)


def test_the_common_case_is_short(tmp_path: Path) -> None:
    text = "exercise: leg_press\nreps: 10\nsets: 3\nload: 80 kg\nrest: 120\ntempo: 4-1-2-0\nlast set: drop\n"
    assert plan(tmp_path, text) == Plan(10, 3, 120, Tempo(4, 1, 2, 0), kilos(80), last_kind=SetKind.DROP)


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("load: 92.5kg", {"load": kilos(92.5)}),
        ("load: 41.25 kg", {"load": kilos(41.25)}),
        ("load: 180 lbs", {"load": Load(180, "lb")}),
        ("rest: 2 min", {"rest": 120}),
        ("rest: 90 s", {"rest": 90}),
        ("rest: 90 seconds", {"rest": 90}),
        # YAML 1.1 reads these as ninety, true, false and eight.
        ("rest: 1:30", {"rest": 90}),
        ("warm up: yes", {"warm_up": True}),
        ("warm up: no", {"warm_up": False}),
        ("one side: no", {"first_side": None}),
        ("tempo: 4120", {"tempo": Tempo(4, 1, 2, 0)}),
        ("tempo: 3-1-X", {"tempo": Tempo(3, 1, 1, 0)}),
        ("warm up: usual", {"warm_up": True}),
        ("warm up: none", {"warm_up": False}),
        ("warm up: [{reps: 8, load: 40 kg}]", {"warm_up": True, "ramp": (SetOverrides(reps=8, load=kilos(40)),)}),
        ("one side: right first", {"first_side": Side.RIGHT}),
        ("one side: left first\nswitch: 10", {"first_side": Side.LEFT, "switch_s": 10}),
        ("last set: rest-pause", {"last_kind": SetKind.REST_PAUSE}),
    ],
)
def test_it_means_what_it_says(tmp_path: Path, text: str, changes: dict[str, object]) -> None:
    assert plan(tmp_path, text) == replace(USUAL, **changes)  # type: ignore[arg-type]


def test_sets_that_differ_are_listed(tmp_path: Path) -> None:
    found = plan(
        tmp_path,
        """
load: 80 kg
sets:
  - {kind: warm-up, reps: 8, load: 40 kg, rest: 30}
  - {reps: 10, times: 2}
  - kind: drop
    reps: 8
    load: 70 kg
    then: [{reps: 4, load: 55 kg}, {reps: 3, load: 40 kg, break: 20}]
""",
    )
    assert (found.sets, found.warm_up, found.last_kind) == (3, True, SetKind.DROP)
    assert found.overrides[2].further_stages == (FurtherStage(4, kilos(55)), FurtherStage(3, kilos(40), 20))
    told = [(one.kind, [(stage.reps, stage.load) for stage in one.stages], one.rest) for one in all_sets(found)]
    assert told == [
        (SetKind.WARM_UP, [(8, kilos(40))], 30),
        (SetKind.WORKING, [(10, kilos(80))], USUAL.rest),
        (SetKind.WORKING, [(10, kilos(80))], USUAL.rest),
        (SetKind.DROP, [(8, kilos(70)), (12, kilos(55)), (15, kilos(40))], USUAL.rest),
    ]


def test_what_all_listed_sets_have_in_common_is_the_plans(tmp_path: Path) -> None:
    """A value of the plan is changed by voice as in a plan without a list."""
    listed = plan(tmp_path, "sets: [{reps: 8, load: 80 kg, times: 3}]")
    assert listed == plan(tmp_path, "{reps: 8, load: 80 kg, sets: 3}")


def test_sets_beyond_the_plan_are_like_the_last_one(tmp_path: Path) -> None:
    found = plan(tmp_path, "sets: [{reps: 8, load: 80 kg}, {reps: 12, load: 60 kg}]")
    assert (found.reps, found.load) == (12, kilos(60))


def test_a_last_set_that_another_kind_is_wanted_for_forgets_what_it_goes_on_with(tmp_path: Path) -> None:
    found = plan(tmp_path, "sets: [{times: 2}, {kind: drop, load: 70 kg, then: [{reps: 4, load: 55 kg}]}]")
    assert found.with_last_kind(SetKind.DROP) == found
    assert [one.further_stages for one in found.with_last_kind(SetKind.REST_PAUSE).overrides] == [(), (), ()]


def test_the_name_changes_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "Monday, Legs.yaml"
    names = []
    for text in ("reps: 8", "reps: 9", "reps: 8"):
        path.write_text(text)
        names.append(read_plan(path).name)
    assert names[0] == names[2] != names[1]
    assert all(name.startswith("monday_legs-") and "." not in name for name in names)


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "monday.yaml"
    path.write_text("exercise: leg_pres\nreps: 010\nload: 80\nrest: on\nsets:\n  - {rep: 3}\n")
    with pytest.raises(ScriptError) as error:
        read_plan(path)
    lines = str(error.value).replace(f"{path}:", "").splitlines()
    assert lines == [
        "1: exercise: no pack 'leg_pres': name a folder with guidance.yaml and commands.yaml, or leg_press",
        "2: reps: '010' is read as 8 by YAML: write plain digits, without zeros or colons in front",
        "3: load: '80' is not a load: write it like 80 kg, 92.5 kg or 41.25 kg",
        "4: rest: 'on' is not a number of seconds: give 0 to 600 seconds, like 90, 90 s, 2 min or 1:30",
        "6: sets[0].rep: unknown key 'rep': did you mean 'reps'?",
    ]


def test_the_exercise_may_be_a_folder_beside_it() -> None:
    path = PLANS / "monday.yaml"
    assert read_plan(path).folder != CALF_RAISE
    assert read_plan(PLANS / "sides.yaml").folder is None


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("reps: 8", True),
        ("{sets: 3, load: 80 kg}", True),
        ("rep: 8\nset: 3\n", True),
        ("reps: 8\n  sets: [", True),
        ("story: x\nplan: {reps: 3}\nscript: []\n", False),
        ("{story: x, plan: {reps: 3}, script: []}", False),
        ("prompts: {}\n", False),
        ("hello", False),
        ("- reps: 8", False),
        ("", False),
    ],
)
def test_a_plan_is_told_by_its_keys(tmp_path: Path, text: str, plan: bool) -> None:
    path = tmp_path / "it.yaml"
    path.write_text(text)
    assert is_plan(path) is plan
    (tmp_path / "it.convo.txt").write_text(text)
    assert not is_plan(tmp_path / "it.convo.txt")
    assert not is_plan(tmp_path / "nowhere.yaml")


def test_a_plan_may_tell_what_the_machine_has(tmp_path: Path) -> None:
    path = tmp_path / "monday.yaml"
    path.write_text("machine: {empty: 20 kg, plates: [20, 2.5]}\n")
    assert read_plan(path).machine == Machine(kilos(20), (20.0, 2.5))
    assert read_plan(PLANS / "monday.yaml").machine is None


def test_what_a_plan_states_is_told_by_the_names_of_preferences() -> None:
    value = {"warm up": "usual", "one side": "none", "last set": "drop", "load": "80 kg"}
    assert stated(value) == {"warm_up", "side", "last", "load"}
    assert stated({"sets": [{"kind": "warm-up", "reps": 3}, {"rest": 60}]}) == {"sets", "warm_up", "reps", "rest"}
