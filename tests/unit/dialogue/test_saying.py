"""The danger line is said to its end, whatever happens meanwhile."""

from __future__ import annotations

from coach.events import MicrophoneLost
from lab.rigs.talk import Talk

BRING_IT_UP = "Bring it up slowly. Catches in."


def test_stop_said_twice_does_not_take_the_danger_line_back() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("stop")
    talk.wait(0.8)
    talk.hears("stop")
    talk.wait(20)
    whole = [line for line in talk.lines if line.say.text == BRING_IT_UP and not line.cut]
    assert whole, "the lifter never heard the danger line to its end"


def test_a_word_about_the_volume_does_not_cut_the_danger_line() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("stop")
    talk.wait(0.5)
    talk.hears("louder")
    talk.wait(20)
    assert any(line.say.text == BRING_IT_UP and not line.cut for line in talk.lines)


def test_silence_after_the_danger_line_is_not_broken_by_a_groan() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("stop")
    talk.wait(1.0)
    assert talk.hears("") == []


def test_a_danger_line_is_not_taken_back_before_it_has_begun() -> None:
    """The line begins 60 ms after the word. The fault: a fault or a word in between dropped it, and the lifter heard no
    way out.
    """
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("stop")
    talk.wait(0.03)
    talk.receive(MicrophoneLost(talk.now, "unplugged"))
    talk.wait(20)
    assert any(line.say.text == BRING_IT_UP and not line.cut for line in talk.lines)
