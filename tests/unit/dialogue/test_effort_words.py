"""Answers to the question how many repetitions were left."""

from __future__ import annotations

from dataclasses import replace

from coach.training.plan import Load
from lab.rigs.talk import Talk, plan_of

PLAN = replace(plan_of(reps=2, sets=2), load=Load(100, "kg"))


def resting(talk: Talk) -> Talk:
    talk.in_set()
    talk.wait_for("resting")
    talk.wait_until_quiet()
    return talk


def test_a_yes_does_not_tell_how_many_were_left() -> None:
    talk = Talk(replace(PLAN, rest=0)).in_set()
    talk.wait_for("ready")
    talk.wait_until_quiet()
    for words in ("yes", "okay"):
        assert talk.hears(words) == ["Say a number, or none."]
        talk.wait_until_quiet()
    assert talk.hears("three")[0] == "So you had three left."


def test_in_the_gym_corner_the_answer_needs_no_wake_word_while_the_question_waits() -> None:
    talk = resting(Talk(replace(PLAN, rest=300), wake_word=True))
    talk.wait(15)
    assert {"HowHard", "LeftOver", "RepNumber"} <= talk.live
    assert "SetRest" not in talk.live
    assert talk.hears("two left")[-1].startswith("The same load?")
    talk.wait(15)
    assert {"Heavier", "SameLoad", "SetLoad"} <= talk.live
    talk.wait(20)
    assert not {"HowHard", "Heavier", "SetLoad", "RepNumber"} & talk.live
