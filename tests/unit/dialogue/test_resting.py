"""The rest: its announcements, and what the lifter changes about it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach.events import Heard
from coach.records import SetEnded
from coach.training.plan import Load
from lab.rigs.talk import Talk, plan_of, prompt, talk_in


def rest_told(talk: Talk, until: float) -> list[tuple[float, str]]:
    """Seconds into the rest, and source, of every line."""
    began = talk.written(SetEnded)[-1].at
    talk.wait_until(began + until)
    return [(round(line.say.at - began), line.say.source) for line in talk.lines if line.begins > began + 10]


PLAN = replace(plan_of(reps=2, sets=2), load=Load(100, "kg"))


def resting(talk: Talk) -> Talk:
    talk.in_set()
    talk.wait_for("resting")
    talk.wait_until_quiet()
    return talk


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        (60, [(30, "rest.half"), (50, "rest.ten"), (60, "rest.over")]),
        (120, [(60, "rest.half"), (110, "rest.ten"), (120, "rest.over")]),
        (40, [(30, "rest.ten"), (40, "rest.over")]),
        (20, [(20, "rest.over")]),
    ],
)
def test_the_rest_is_announced(rest: int, told: list[tuple[float, str]]) -> None:
    talk = Talk(plan_of(reps=1, rest=rest)).in_set()
    talk.wait_for("resting")
    assert rest_told(talk, rest + 30) == told
    assert talk.state == "ready"


def test_more_rest() -> None:
    talk = Talk(plan_of(reps=1, rest=60)).in_set()
    talk.wait_for("resting")
    talk.wait(5)
    assert talk.hears("more rest") == ["The rest is longer, eighty five seconds to go."]
    assert rest_told(talk, 140) == [(45, "rest.half"), (80, "rest.ten"), (90, "rest.over")]


def test_another_rest_while_resting_counts_from_now() -> None:
    talk = Talk(plan_of(reps=1, rest=60)).in_set()
    talk.wait_for("resting")
    talk.wait(5)
    assert talk.hears("rest two minutes") == ["From now on, two minutes of rest."]
    assert rest_told(talk, 140)[-1] == (125, "rest.over")


def test_a_shorter_rest_is_a_rest_all_the_same() -> None:
    talk = Talk(plan_of(reps=1, rest=300)).in_set()
    talk.wait_for("resting")
    talk.wait(40)
    assert talk.hears("rest thirty seconds") == ["From now on, thirty seconds of rest."]
    assert rest_told(talk, 80)[-1] == (70, "rest.over")


def test_a_rest_that_is_skipped_is_not_announced_any_more() -> None:
    for words in ("skip rest", "next", "skip"):
        talk = talk_in("resting")
        assert talk.hears(words) == [prompt("rest.skipped", set="two")]
        assert talk.state == "ready"
        at = talk.now
        talk.wait(300)
        assert len(talk.heard_since(at)) == 1


def test_a_set_can_be_started_during_the_rest() -> None:
    talk = talk_in("resting")
    talk.hears("start set")
    at = talk.now
    talk.wait_for("set.lowering")
    assert not [line for line in talk.lines if line.begins > at and line.say.source.startswith("rest.")]


def test_what_is_left_of_the_rest() -> None:
    talk = Talk(plan_of(reps=1, rest=60)).in_set()
    talk.wait_for("resting")
    talk.wait(20)
    assert talk.hears("how much rest is left") == ["Still, forty seconds to go."]


def test_an_announcement_gives_way_to_an_answer() -> None:
    talk = Talk(plan_of(reps=1, rest=60)).in_set()
    talk.wait_for("resting")
    began = talk.now
    talk.wait_until(began + 29)
    answer = talk.hears("why high feet")
    talk.wait_until(began + 45)
    assert talk.heard_since(began + 28) == answer


def test_skip_rest_that_comes_with_the_end_of_the_rest() -> None:
    talk = Talk(plan_of(reps=1, rest=60)).in_set()
    talk.wait_for("resting")
    ends = talk.written(SetEnded)[-1].at + 60
    talk.wait_until(ends - 0.005)
    talk.receive(Heard(ends + 0.01, ends - 0.5, "skip rest", 1.0, 99, True))
    assert talk.state == "ready"


@pytest.mark.parametrize("words", ["hold the rest", "wait"])
def test_behind_the_question_how_many_were_left_the_rest_can_be_held(words: str) -> None:
    talk = resting(Talk(PLAN))
    assert talk.heard_since(talk.now - 3)[-1] == "How many were left?"
    assert talk.hears(words)[0].startswith("The rest waits,")
