"""What was changed by voice is there next time, and a broken value counts for nothing."""

from __future__ import annotations

import pytest

from coach.commands import SetPace, SetVolume
from coach.dialogue.preferences import OF_EXERCISE, OF_TALK, plan_of, tune
from coach.dialogue.workout import Verbosity
from coach.events import SessionStarted
from coach.records import Preference
from coach.training.plan import Load
from tests.talk import Talk
from tests.talk import plan_of as small_plan

USUAL = small_plan()
EVERYTHING = (
    "twelve reps",
    "five sets",
    "rest two minutes",
    "tempo three one two",
    "ninety two and a half kilos",
    "fewer cues",
    "quieter",
    "talk faster",
    "start on my own",
    "warm up first",
    "right leg first",
    "don't ask me again",
    "make the last one a drop set",
)


def written(talk: Talk) -> dict[str, str]:
    return {one.name: one.value for one in talk.written(Preference)}


def test_everything_that_voice_changes_is_written_and_is_there_next_time() -> None:
    talk = Talk()
    for words in EVERYTHING:
        talk.hears(words)
        talk.quiet()
    kept = written(talk)
    assert {name.removeprefix("leg_press.") for name in kept} == OF_EXERCISE | OF_TALK
    plan = plan_of(USUAL, "leg_press", kept)
    assert (plan.reps, plan.sets, plan.rest, str(plan.tempo), plan.load) == (12, 5, 120, "3-1-2-0", Load(92.5, "kg"))
    again = Talk(plan, wanted=kept)
    workout = again.conversation._workout
    assert (workout.verbosity, workout.volume, workout.pace, workout.own_pace) == (Verbosity.FEW, -6.0, 115, True)
    assert written(again) == {}, "nothing was changed"


def test_the_voice_is_tuned_before_the_first_word() -> None:
    talk = Talk(greeted=False, wanted={"volume": "-12", "pace": "85"})
    commands = talk.receive(SessionStarted(0.5))
    assert commands[:2] == (SetVolume(-12.0), SetPace(85))


def test_what_was_given_wins() -> None:
    kept = {"leg_press.reps": "12", "leg_press.sets": "5"}
    plan = plan_of(USUAL, "leg_press", kept, given={"reps": 4})
    assert (plan.reps, plan.sets) == (USUAL.reps, 5)


def test_another_exercise_has_its_own_plan_and_the_same_voice() -> None:
    assert plan_of(USUAL, "calf_raise", {"leg_press.load": "90 kg"}).load is None


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
        ("leg_press.load", "90.25 kg"),
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
    assert plan_of(USUAL, "leg_press", {name: value}) == USUAL
    workout = Talk().conversation._workout
    before = (workout.verbosity, workout.volume, workout.pace, workout.own_pace)
    tune(workout, {name: value})
    assert (workout.verbosity, workout.volume, workout.pace, workout.own_pace) == before


def test_an_undone_load_is_none_next_time() -> None:
    talk = Talk()
    for words in ("ninety kilos", "scratch that"):
        talk.hears(words)
        talk.quiet()
    assert written(talk) == {"leg_press.load": ""}
    assert plan_of(USUAL, "leg_press", written(talk)).load is None


def test_a_change_in_the_set_is_written_when_it_is_made() -> None:
    talk = Talk(small_plan(reps=3, sets=1, tempo="3-1-2-0")).in_set("set.lowering", 1)
    talk.hears("slower")
    assert written(talk) == {"leg_press.tempo": "4-1-2-0"}
    talk.hears("ten reps")
    assert "leg_press.reps" not in written(talk), "that waits for the end of the set"
    talk.wait_for("finished")
    assert written(talk) == {"leg_press.tempo": "4-1-2-0", "leg_press.reps": "10"}
