"""What was changed by voice is still changed in the next session, and a broken value is ignored."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from coach.commands import SetPace, SetVolume
from coach.dialogue.preferences import EXERCISE_PREFERENCES, TALK_PREFERENCES, apply_talk, plan_values, preferred_plan
from coach.dialogue.workout import Verbosity
from coach.events import SessionStarted
from coach.records import PreferenceChanged
from coach.training.past import LastWorkout, Past
from coach.training.plan import Load, Plan, SetOverrides
from coach.training.structure import working_set
from lab.rigs.talk import Talk
from lab.rigs.talk import plan_of as small_plan

USUAL = small_plan()
EVERYTHING = (
    "twelve reps",
    "five sets",
    "rest two minutes",
    "tempo three one two",
    "switch to pounds",
    "ninety two and a quarter kilos",
    "fewer cues",
    "quieter",
    "talk faster",
    "start on my own",
    "i set the pace",
    "warm up first",
    "right leg first",
    "don't ask me again",
    "make the last one a drop set",
)


def written(talk: Talk) -> dict[str, str]:
    return {one.name: one.value for one in talk.written(PreferenceChanged)}


def test_everything_that_voice_changes_is_written_and_is_there_next_time() -> None:
    talk = Talk()
    for words in EVERYTHING:
        talk.hears(words)
        talk.wait_until_quiet()
    kept = written(talk)
    assert {name.removeprefix("leg_press.") for name in kept} == EXERCISE_PREFERENCES | TALK_PREFERENCES
    plan = preferred_plan(USUAL, "leg_press", kept)
    assert (plan.reps, plan.sets, plan.rest, str(plan.tempo), plan.load) == (12, 5, 120, "3-1-2-0", Load(92.25, "kg"))
    again = Talk(plan, wanted=kept)
    workout = again.conversation._workout
    assert (workout.verbosity, workout.volume, workout.speaking_pace, workout.lifter_begins) == (
        Verbosity.FEW,
        -6.0,
        115,
        True,
    )
    assert workout.unit == "lb"
    assert workout.lifter_counts
    assert written(again) == {}, "nothing was changed"


def test_the_voice_is_tuned_before_the_first_word() -> None:
    talk = Talk(greeted=False, wanted={"volume": "-12", "pace": "85"})
    commands = talk.receive(SessionStarted(0.5))
    assert commands[:2] == (SetVolume(-12.0), SetPace(85))


def test_what_was_given_wins() -> None:
    kept = {"leg_press.reps": "12", "leg_press.sets": "5"}
    plan = preferred_plan(USUAL, "leg_press", kept, given={"reps": 4})
    assert (plan.reps, plan.sets) == (USUAL.reps, 5)


def test_another_exercise_has_its_own_plan_and_the_same_voice() -> None:
    assert preferred_plan(USUAL, "calf_raise", {"leg_press.load": "90 kg"}).load is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("leg_press.reps", "0"),
        ("leg_press.reps", "31"),
        ("leg_press.reps", "ten"),
        ("leg_press.sets", ""),
        ("leg_press.rest", "601"),
        ("leg_press.tempo", "1-0-1-0"),
        ("leg_press.tempo", "4"),
        ("leg_press.load", "0 kg"),
        ("leg_press.load", "90"),
        ("leg_press.load", "90 st"),
        ("leg_press.load", "90.3 kg"),
        ("leg_press.load", "1e3 kg"),
        ("volume", "6"),
        ("volume", "-30"),
        ("volume", "loud"),
        ("pace", "200"),
        ("pace", "nan"),
        ("verbosity", "chatty"),
        ("verbosity", "name"),
        ("begins", ""),
        ("leg_press.colour", "red"),
    ],
)
def test_a_broken_value_is_as_if_it_was_never_written(name: str, value: str) -> None:
    assert preferred_plan(USUAL, "leg_press", {name: value}) == USUAL
    workout = Talk().conversation._workout
    before = (workout.verbosity, workout.volume, workout.speaking_pace, workout.lifter_begins)
    apply_talk(workout, {name: value})
    assert (workout.verbosity, workout.volume, workout.speaking_pace, workout.lifter_begins) == before


def with_sets(**changes: Any) -> Plan:
    """The plan of a file in which the sets differ."""
    own = (SetOverrides(load=Load(80, "kg")), SetOverrides(load=Load(60, "kg")))
    return replace(small_plan(), load=Load(60, "kg"), overrides=own, name="monday-3f2a91", **changes)


def test_a_plan_of_a_file_has_preferences_of_its_own() -> None:
    plan = with_sets()
    talk = Talk(plan)
    talk.hears("twelve reps")
    assert written(talk) == {"leg_press.monday-3f2a91.reps": "12"}
    assert preferred_plan(plan, "leg_press", written(talk)).reps == 12
    assert preferred_plan(USUAL, "leg_press", written(talk)) == USUAL, "another plan is not changed"
    assert preferred_plan(plan, "leg_press", {"leg_press.reps": "12"}) == plan, "nor is this one by others"
    assert preferred_plan(replace(plan, name="monday-ffffff"), "leg_press", written(talk)).reps == plan.reps, (
        "it was changed"
    )


def test_what_one_set_of_a_file_has_is_remembered_by_set() -> None:
    plan = with_sets(reps=1, rest=10)
    talk = Talk(plan).in_set()
    talk.wait_for("resting")
    talk.hears("seventy kilos")
    assert written(talk) == {"leg_press.monday-3f2a91.load": "80 kg, 70 kg, 70 kg"}
    again = preferred_plan(plan, "leg_press", written(talk))
    assert [working_set(again, number).stages[0].load for number in (1, 2, 3)] == [
        Load(80, "kg"),
        Load(70, "kg"),
        Load(70, "kg"),
    ]
    talk.hears("undo")
    assert preferred_plan(plan, "leg_press", written(talk)).load == plan.load
    assert plan_values(preferred_plan(plan, "leg_press", written(talk))) == plan_values(plan)


@pytest.mark.parametrize("value", ["80 kg, ", ", ".join(["80 kg"] * 12), "80 kg, heavy, 70 kg"])
def test_a_broken_list_is_as_if_it_was_never_written(value: str) -> None:
    assert preferred_plan(with_sets(), "leg_press", {"leg_press.monday-3f2a91.load": value}) == with_sets()


def test_a_plan_of_a_file_is_not_asked_whether_it_is_the_same_as_last_time() -> None:
    past = Past(3, LastWorkout(3, 10, Load(90, "kg"), (10, 10, 10)))
    assert len(Talk(small_plan(), past=past).heard_since(0)) == 2
    assert len(Talk(with_sets(), past=past).heard_since(0)) == 1


def test_an_undone_load_is_none_next_time() -> None:
    talk = Talk()
    for words in ("ninety kilos", "scratch that"):
        talk.hears(words)
        talk.wait_until_quiet()
    assert written(talk) == {"leg_press.load": ""}
    assert preferred_plan(USUAL, "leg_press", written(talk)).load is None


def test_a_change_in_the_set_is_written_when_it_is_made() -> None:
    talk = Talk(small_plan(reps=3, sets=1, tempo="3-1-2-0")).in_set("set.lowering", 1)
    talk.hears("slower")
    assert written(talk) == {"leg_press.tempo": "4-1-2-0"}
    talk.hears("ten reps")
    assert "leg_press.reps" not in written(talk), "that waits for the end of the set"
    talk.wait_for("finished")
    assert written(talk) == {"leg_press.tempo": "4-1-2-0", "leg_press.reps": "10"}
