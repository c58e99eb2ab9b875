"""Kinds of sets, loads and effort by voice: a command changes what it names, and an undo only what that command
changed.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach.records import PreferenceChanged, SetEnded
from coach.training.plan import Kind, Load
from lab.rigs.talk import Talk, plan_of

PLAN = replace(plan_of(reps=2, sets=2), load=Load(100, "kg"))


def resting(talk: Talk) -> Talk:
    talk.in_set()
    talk.wait_for("resting")
    talk.quiet()
    return talk


@pytest.mark.parametrize(("words", "load"), [("heavier", 105), ("lighter", 95)])
def test_a_step_behind_a_warm_up_is_one_of_the_working_load(words: str, load: float) -> None:
    talk = resting(Talk(replace(PLAN, warm_up=True)))
    talk.hears(words)
    for _ in range(2):
        resting(talk)
    assert talk.conversation.snapshot().plan.load == load


@pytest.mark.parametrize("words", ["hold the rest", "wait"])
def test_behind_the_question_how_many_were_left_the_rest_can_be_held(words: str) -> None:
    talk = resting(Talk(PLAN))
    assert talk.heard_since(talk.now - 3)[-1] == "How many were left?"
    assert talk.hears(words)[0].startswith("The rest waits,")


def test_a_yes_does_not_tell_how_many_were_left() -> None:
    talk = Talk(replace(PLAN, rest=0)).in_set()
    talk.wait_for("ready")
    talk.quiet()
    for words in ("yes", "okay"):
        assert talk.hears(words) == ["Say a number, or none."]
        talk.quiet()
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


def test_an_undo_leaves_what_was_changed_in_another_way() -> None:
    talk = Talk(PLAN)
    talk.hears("warm up first")
    talk.quiet()
    talk.hears("no warm up")
    talk.quiet()
    talk.in_set()
    talk.hears("slower")
    talk.wait_for("resting")
    for expected in ("I took back, set one, two reps.", "That is as it was."):
        talk.quiet()
        assert talk.hears("scratch that") == [expected]
    planned = talk.conversation.snapshot().plan
    assert (planned.kind, planned.tempo) == (Kind.WARM_UP, "5-1-2-0")


@pytest.mark.parametrize("words", ["do a cluster set", "make it a plain set"])
def test_a_word_about_one_set_is_none_about_the_last_set_of_other_days(words: str) -> None:
    talk = Talk(replace(PLAN, sets=1, last=Kind.DROP))
    talk.hears(words)
    assert talk.conversation.snapshot().plan.kind is not Kind.DROP
    assert talk.written(PreferenceChanged) == []


def test_a_set_is_remembered_as_it_is_logged() -> None:
    talk = Talk(PLAN).in_set("set.lowering", 2)
    talk.hears("make this a drop set")
    talk.hears("finish set")
    talk.quiet()
    assert talk.written(SetEnded)[0].sort == "drop"
    talk.hears("three left")
    assert "Agreed" not in " ".join(talk.heard_since(talk.now)), "a drop set tells nothing of the next load"


def test_behind_a_drop_the_load_of_the_next_set_is_said() -> None:
    talk = Talk(replace(plan_of(reps=1), load=Load(80, "kg")))
    talk.hears("do a drop set")
    talk.quiet()
    talk.in_set()
    talk.wait_for("resting")
    assert "Then, eighty kilos." in talk.heard_since(talk.now)
