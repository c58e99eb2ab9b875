"""After an interruption the set waits: nothing is counted, and no old line is said into what comes next."""

from __future__ import annotations

import pytest

from coach.events import Heard
from lab.rigs.talk import PACK, Talk


def test_a_pause_asked_for_while_a_question_is_answered_holds() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("how deep")
    talk.wait(1.0)
    talk.hears("hold on")
    asked = talk.now
    talk.wait(30)
    assert talk.counts_since(asked) == []


def test_a_report_while_a_question_is_answered_holds_the_set() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("how deep")
    talk.wait(1.0)
    talk.hears("my back lifted")
    told = talk.now
    talk.wait(30)
    assert talk.counts_since(told) == []


def test_nothing_is_counted_while_the_coach_waits_for_a_yes_or_no() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("how deep")
    talk.wait(1.0)
    assert talk.hears("end workout") == ["Bring it up. Catches in.", "Close the workout?"]
    asked = talk.now
    talk.wait(30)
    assert talk.counts_since(asked) == []


@pytest.mark.parametrize("words", ["start set", "finish set"])
def test_what_was_owed_after_a_stop_is_not_said_into_what_came_next(words: str) -> None:
    """The fault: `say_unheard` after `start` did not forget the words, so the hint lay over the counts."""
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("stop")
    talk.wait(3.0)
    talk.hears(words)
    went_on = talk.now
    talk.wait(30)
    assert PACK.prompts["stop.after"].say[0] not in talk.heard_since(went_on)


def test_continue_that_comes_with_the_coachs_own_resuming() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("how deep")
    due = talk.conversation.next_deadline()
    assert due is not None
    talk.receive(Heard(due + 0.01, due - 0.5, "continue", 1.0, 99, True))
    assert talk.state == "set.bottom", "the set goes on"
