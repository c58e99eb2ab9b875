"""A lifter who told of danger and does not answer: the coach calls the people around, and joined programs show it."""

from __future__ import annotations

import pytest

from coach.dialogue.alarm import DIZZY_S, LOUD_DB, PAIN_S
from lab.rigs.talk import PACK, Talk

CALL = PACK.prompts["alarm.call"].say[0]


@pytest.mark.parametrize(
    ("told", "what", "seconds"),
    [("i'm stuck", "stuck", 60), ("i feel dizzy", "dizzy", DIZZY_S), ("it hurts", "pain", PAIN_S)],
)
def test_without_an_answer_people_are_called(told: str, what: str, seconds: float) -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears(told)
    at = talk.now
    assert talk.conversation.snapshot().alert is None
    talk.wait(seconds + 1)
    assert talk.conversation.snapshot().alert == what
    assert talk.volume == LOUD_DB
    assert CALL in talk.heard_since(at)


@pytest.mark.parametrize("told", ["i'm stuck", "i feel dizzy", "it hurts"])
def test_an_answer_that_it_is_over_ends_the_call(told: str) -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears(told)
    talk.wait(PAIN_S + 5)
    assert talk.conversation.snapshot().alert is not None
    talk.hears("yes")
    assert talk.conversation.snapshot().alert is None
    assert talk.volume == 0.0
    answered = talk.wait_until_quiet()
    talk.wait(5 * 60)
    assert CALL not in talk.heard_since(answered)
    assert talk.conversation.snapshot().alert is None


def test_a_word_that_does_not_end_the_danger_only_delays_the_next_call() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("i'm stuck")
    talk.wait(60)
    talk.hears("no")
    assert talk.conversation.snapshot().alert is None
    talk.wait(60)
    assert talk.conversation.snapshot().alert == "stuck"


def test_who_answers_in_time_is_not_shouted_about() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("it hurts")
    at = talk.now
    talk.wait(60)
    talk.hears("yes")
    talk.wait(5 * 60)
    assert CALL not in talk.heard_since(at)


def test_the_end_of_the_workout_ends_it() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("it hurts")
    talk.wait(PAIN_S + 5)
    talk.hears("end workout")
    talk.hears("yes")
    assert talk.ended_at is not None
    assert talk.conversation.snapshot().alert is None


def test_a_dizzy_lifter_is_asked_at_20_and_45_seconds_then_louder_until_he_answers() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("i feel dizzy")
    told = talk.now
    asked = [PACK.prompts["dizzy.ask"].say[0]]
    talk.wait(21)
    assert talk.heard_since(told + 19) == asked
    talk.wait(25)
    assert talk.heard_since(told + 44) == asked
    assert talk.volume == 0.0
    talk.wait(40)
    assert talk.volume == LOUD_DB
    talk.hears("i'm okay")
    assert (talk.state, talk.volume) == ("ready", 0.0)
    answered = talk.now
    talk.wait(120)
    assert asked[0] not in talk.heard_since(answered)
