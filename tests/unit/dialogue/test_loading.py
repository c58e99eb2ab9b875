"""A load is changed exactly, and stays within what the machine can have and the coach can say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach.records import PreferenceChanged, SetEnded
from coach.training.plan import MAX_LOAD, FurtherStage, Load, SetKind, SetOverrides
from coach.training.structure import in_unit
from lab.rigs.talk import Talk, plan_of


def on(talk: Talk) -> Load | None:
    plan = talk.conversation.snapshot().plan
    return None if plan.load is None else Load(plan.load, plan.unit or "")


def after(*words: str, talk: Talk | None = None) -> Talk:
    talk = talk or Talk()
    for text in words:
        talk.hears(text)
        talk.wait_until_quiet()
    return talk


PLAN = replace(plan_of(reps=2, sets=2), load=Load(100, "kg"))


def resting(talk: Talk) -> Talk:
    talk.in_set()
    talk.wait_for("resting")
    talk.wait_until_quiet()
    return talk


@pytest.mark.parametrize(
    ("words", "load"),
    [
        ("forty one and a quarter kilos", Load(41.25, "kg")),
        ("forty one point two five kilos", Load(41.25, "kg")),
        ("forty one and three quarter kilos", Load(41.75, "kg")),
        ("forty one and three quarters kilos", Load(41.75, "kg")),
        ("one oh two point seven five pounds", Load(102.75, "lb")),
        ("set the load to forty one and a half", Load(41.5, "kg")),
        ("back to eighty", Load(80, "kg")),
        ("go back to eighty pounds", Load(80, "lb")),
    ],
)
def test_a_load_is_said(words: str, load: Load) -> None:
    assert on(after(words)) == load


@pytest.mark.parametrize(
    ("words", "load"),
    [
        ("add five kilos", 85),
        ("add five", 85),
        ("add one and a quarter", 81.25),
        ("add two point five kilos", 82.5),
        ("five kilos more", 85),
        ("five more kilos", 85),
        ("take off ten", 70),
        ("take ten kilos off", 70),
        ("five kilos less", 75),
        ("take off seven and three quarters", 72.25),
        ("add ten pounds", 84.5),
    ],
)
def test_more_and_less(words: str, load: float) -> None:
    assert on(after("eighty kilos", words)) == Load(load, "kg")


def test_never_to_nothing_nor_above_what_can_be_said() -> None:
    talk = after("fifty kilos")
    assert talk.hears("take off fifty") == ["So much is not on.", "Fifty kilos."]
    assert on(talk) == Load(50, "kg")
    talk = after("five hundred kilos", *["add fifty"] * 9)
    talk.wait_until_quiet()
    assert on(talk) == Load(950, "kg")
    assert talk.hears("add fifty") == ["That is the limit."]
    talk.wait_until_quiet()
    assert talk.hears("switch to pounds") == ["That is the limit."]
    assert on(talk) == Load(950, "kg")
    assert max(float(one.value.split()[0]) for one in talk.written(PreferenceChanged)) <= MAX_LOAD


def test_without_a_load_there_is_nothing_to_add_to() -> None:
    assert Talk().hears("add five") == ["Tell me the load."]


def test_a_unit_is_wanted_until_another_is() -> None:
    talk = after("switch to pounds")
    kept = {one.name: one.value for one in talk.written(PreferenceChanged)}
    assert kept == {"unit": "lb"}
    assert on(after("set the load to ninety", talk=Talk(wanted=kept))) == Load(90, "lb")


@pytest.mark.parametrize("kilos", ["forty one and a quarter", "ninety", "one hundred and two and a half"])
def test_there_and_back_is_the_same(kilos: str) -> None:
    talk = after(f"{kilos} kilos")
    before = on(talk)
    after("switch to pounds", talk=talk)
    there = on(talk)
    assert there is not None
    assert (there.unit, there.amount % 1) == ("lb", 0)
    assert on(after("switch to kilos", talk=talk)) == before


def test_a_quarter_is_a_quarter_in_every_record() -> None:
    talk = after("forty one and a quarter kilos", talk=Talk(plan_of(reps=1, sets=1)))
    talk.in_set()
    talk.wait_for("finished")
    assert [(one.load, one.unit) for one in talk.written(SetEnded)] == [(41.25, "kg")]
    assert talk.written(PreferenceChanged)[0].value == "41.25 kg"


def test_in_a_warm_up_the_working_load_is_changed() -> None:
    talk = after("eighty kilos", "warm up first")
    assert talk.hears("how much is on") != ["Eighty kilos."], "a ramp comes first"
    talk.wait_until_quiet()
    assert talk.hears("add five") == ["Noted, eighty five kilos."]
    talk.wait_until_quiet()
    assert talk.hears("switch to pounds") == ["Noted, one hundred and eighty seven pounds."]
    talk.wait_until_quiet()
    assert after("switch to kilos", talk=talk).conversation._workout.plan.load == Load(85, "kg")


def test_a_unit_is_that_of_every_load_of_the_plan() -> None:
    more = (FurtherStage(12, Load(60, "kg")),)
    plan = replace(
        plan_of(),
        load=Load(80, "kg"),
        overrides=(SetOverrides(), SetOverrides(load=Load(90, "kg"), kind=SetKind.DROP, further_stages=more)),
    )
    pounds = in_unit(plan, "lb")
    assert [pounds.load, pounds.overrides[1].load, pounds.overrides[1].further_stages[0].load] == [
        Load(176, "lb"),
        Load(198, "lb"),
        Load(132, "lb"),
    ]


def test_sets_in_another_unit_are_converted_though_the_load_that_is_on_is_not() -> None:
    plan = replace(
        plan_of(), sets=2, load=Load(60, "kg"), overrides=(SetOverrides(), SetOverrides(load=Load(150, "lb")))
    )
    talk = after("switch to kilos", talk=Talk(plan))
    assert on(talk) == Load(60, "kg")
    assert talk.conversation._workout.plan.overrides[1].load == Load(68, "kg")


def test_a_load_that_was_changed_in_the_set_is_that_of_what_came_after() -> None:
    talk = Talk(plan_of(reps=3))
    talk.hears("ninety kilos")
    talk.wait_until_quiet()
    talk.in_set("set.lowering", 2)
    talk.hears("it's too heavy")
    talk.wait(10)
    talk.hears("seventy kilos")
    talk.wait(6)
    talk.hears("continue")
    talk.wait_for("resting")
    assert [(one.set, one.reps, one.load) for one in talk.written(SetEnded)] == [(1, 1, 90), (1, 2, 70)]


@pytest.mark.parametrize(("words", "load"), [("heavier", 105), ("lighter", 95)])
def test_a_step_behind_a_warm_up_is_one_of_the_working_load(words: str, load: float) -> None:
    talk = resting(Talk(replace(PLAN, warm_up=True)))
    talk.hears(words)
    for _ in range(2):
        resting(talk)
    assert talk.conversation.snapshot().plan.load == load
