"""Pain closes the set, and a second pain ends the workout."""

from __future__ import annotations

import pytest

from coach.records import PainReported, SetEnded, record_values
from lab.rigs.talk import PACK, Talk, prompt, talk_in

BRING_IT_UP = "Bring it up slowly. Catches in."


@pytest.mark.parametrize(("words", "what"), [("it hurts", "Pain"), ("i feel faint", "Dizzy")])
def test_pain_closes_the_set(words: str, what: str) -> None:
    talk = Talk().in_set("set.pressing", 3)
    said = talk.hears(words)
    assert said == [prompt("pain.now")]
    assert record_values(talk.written(PainReported)[0]) == {"what": what, "set": 1, "rep": 2}
    assert record_values(talk.written(SetEnded)[0]) == {"set": 1, "reps": 2, "tempo": "4-1-2-0"}
    talk.wait(10)
    assert prompt("pain.after") in talk.heard_since(talk.now - 10)
    for refused in ("resume", "continue", "start set", "go on", "next"):
        talk.hears(refused)
        assert talk.state == "hurt"
        talk.wait(5)


def test_pain_before_the_first_repetition_leaves_no_set() -> None:
    talk = Talk().in_set("set.countdown")
    talk.hears("ouch")
    assert talk.written(SetEnded) == []
    talk.wait(15)
    talk.hears("yes")
    talk.wait_until_quiet()
    assert talk.hears("start set")[0].startswith("Set one")


def test_pain_at_rest_ends_the_rest_timer() -> None:
    talk = talk_in("resting")
    assert talk.hears("it hurts") == [prompt("pain.rest")]
    at = talk.now
    talk.wait(15)
    assert talk.heard_since(at) == [prompt("pain.rest"), prompt("pain.ask")]


@pytest.mark.parametrize("first", ["stop", "my back lifted", "pause"])
def test_pain_told_right_after_the_count_was_halted_is_pain_under_the_platform(first: str) -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears(first)
    talk.wait(0.8)
    said = talk.hears("it hurts")
    assert said[0] == BRING_IT_UP


def test_the_second_time_something_hurts_the_workout_ends() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("it hurts")
    talk.wait(15)
    talk.hears("yes")
    talk.wait_until_quiet()
    talk.in_set("set.lowering", 1)
    talk.hears("it hurts")
    talk.wait(40)
    assert talk.ended_at is not None
    assert PACK.prompts["pain.twice"].say[0] in talk.heard_since(0)
