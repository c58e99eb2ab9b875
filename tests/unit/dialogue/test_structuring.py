"""Changes by voice to the kind of a set."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach.records import PreferenceChanged, SetEnded
from coach.training.plan import Load, SetKind
from lab.rigs.talk import Talk, plan_of

PLAN = replace(plan_of(reps=2, sets=2), load=Load(100, "kg"))


def resting(talk: Talk) -> Talk:
    talk.in_set()
    talk.wait_for("resting")
    talk.wait_until_quiet()
    return talk


@pytest.mark.parametrize("words", ["do a cluster set", "make it a plain set"])
def test_a_word_about_one_set_is_none_about_the_last_set_of_other_days(words: str) -> None:
    talk = Talk(replace(PLAN, sets=1, last_kind=SetKind.DROP))
    talk.hears(words)
    assert talk.conversation.snapshot().plan.kind is not SetKind.DROP
    assert talk.written(PreferenceChanged) == []


def test_a_set_is_remembered_as_it_is_logged() -> None:
    talk = Talk(PLAN).in_set("set.lowering", 2)
    talk.hears("make this a drop set")
    talk.hears("finish set")
    talk.wait_until_quiet()
    assert talk.written(SetEnded)[0].sort == "drop"
    talk.hears("three left")
    assert "Agreed" not in " ".join(talk.heard_since(talk.now)), "a drop set tells nothing of the next load"


def test_behind_a_drop_the_load_of_the_next_set_is_said() -> None:
    talk = Talk(replace(plan_of(reps=1), load=Load(80, "kg")))
    talk.hears("do a drop set")
    talk.wait_until_quiet()
    talk.in_set()
    talk.wait_for("resting")
    assert "Then, eighty kilos." in talk.heard_since(talk.now)
