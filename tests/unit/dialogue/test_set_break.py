"""What is said in the break of a set: counting continues only if the lifter wants it, and no repetition is invented."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach.events import HearingRestarted
from coach.records import PainReported, SetBegan
from coach.training.plan import Load, SetKind, Side
from lab.rigs.talk import Talk, plan_of

SIDES = replace(plan_of(), first_side=Side.LEFT, load=Load(80, "kg"))


def in_a_break(talk: Talk | None = None, seconds: float = 4.0) -> Talk:
    talk = (talk or Talk(SIDES)).in_set()
    talk.wait_for("break")
    talk.wait(seconds)
    return talk


def test_a_question_stops_the_break() -> None:
    talk = in_a_break()
    assert talk.hears("end workout") == ["Take your time.", "Close the workout?"]
    talk.wait(6)
    assert talk.hears("no")[0] == "Still with you."
    talk.wait(60)
    assert talk.state == "paused"
    talk.hears("continue")
    talk.wait_for("set.lowering")


def test_a_word_that_was_lost_stops_the_break() -> None:
    talk = in_a_break()
    talk.receive(HearingRestarted(talk.now, "no reason", speech_lost=True))
    talk.wait(60)
    assert talk.state == "paused"


def test_pain_before_the_catches_are_in_is_pain_under_the_load() -> None:
    talk = in_a_break(seconds=0.4)
    assert talk.hears("my knee hurts") == ["Catches in."]
    talk.wait_until_quiet()
    assert talk.written(PainReported)
    later = in_a_break()
    assert later.hears("my knee hurts")[0].startswith("Stay off")


@pytest.mark.parametrize(
    ("words", "state", "left"),
    [
        ("no rest", "set.unracking", 0.0),
        ("rest for sixty seconds", "break", 60.0),
        ("rest twenty seconds", "break", 20.0),
    ],
)
def test_rest_is_the_break(words: str, state: str, left: float) -> None:
    talk = in_a_break()
    said = talk.now
    talk.hears(words)
    assert talk.state == state
    assert talk.conversation.snapshot().plan.rest == SIDES.rest
    talk.wait_for("set.unracking")
    assert talk.now - said == pytest.approx(left, abs=1.0)


def test_no_rest_between_sets_is_that_of_the_plan() -> None:
    talk = in_a_break()
    talk.hears("no rest between sets")
    assert talk.conversation.snapshot().plan.rest == 0
    assert talk.state == "break"


def test_the_set_begins_again_after_a_question() -> None:
    talk = in_a_break()
    talk.hears("from the top")
    talk.wait(5)
    assert talk.heard_since(talk.now - 5) == ["Take your time.", "From the first rep?"]
    talk.hears("yes")
    assert talk.conversation.snapshot().plan.side is Side.LEFT
    assert len(talk.written(SetBegan)) == 2


def test_fewer_repetitions_than_were_done_end_the_set() -> None:
    talk = in_a_break(Talk(replace(plan_of(), last_kind=SetKind.REST_PAUSE, sets=1)))
    talk.hears("make it two reps")
    talk.wait_for("finished")
    assert talk.reps() == 0
