"""The end of the workout: what is written down, and the last words."""

from __future__ import annotations

import pytest

from coach.dialogue.states import State
from coach.language.numbers import in_words
from coach.records import SetEnded, WorkoutEnded, record_values
from lab.rigs.talk import Talk, plan_of, prompt, talk_in


def test_the_end_keeps_an_open_set() -> None:
    talk = Talk().in_set("set.lowering", 3)
    talk.hears("pause")
    talk.wait(8)
    talk.hears("end workout")
    talk.wait_until_quiet()
    talk.hears("yes")
    assert record_values(talk.written(SetEnded)[0]) == {"set": 1, "reps": 2, "tempo": "4-1-2-0"}
    assert record_values(talk.written(WorkoutEnded)[0]) == {"sets": 1, "reps": 2}


@pytest.mark.parametrize("state", ["idle", "setup", "ready", "finished"])
def test_where_nothing_would_be_lost_the_end_is_not_asked_about(state: State) -> None:
    talk = talk_in(state)
    said = talk.hears("end workout")
    assert said[-1] == prompt("goodbye")
    assert talk.conversation.ended
    assert ("Today" in said[0] or "Nothing" in said[0]) == (state != "finished"), "the summary is told once"


def test_the_session_ends_after_the_farewell() -> None:
    talk = Talk()
    talk.hears("end workout")
    assert talk.ended_at == pytest.approx(talk.lines[-1].ends)


def test_the_thousandth_repetition_has_a_number() -> None:
    """The fault: ValueError from in_words(1000): a session of a whole day died at the end of a set."""
    assert in_words(1000) == "one thousand"
    talk = Talk(plan_of(reps=30, sets=1, tempo="2-0-1-0"))
    for _ in range(34):
        talk.hears("start set")
        talk.wait_for("finished")
    talk.wait_until_quiet()
    assert talk.hears("end workout")[-1] == "That is all. Goodbye."
    assert any("one thousand and twenty reps" in line.say.text for line in talk.lines)
