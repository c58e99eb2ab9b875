"""One set: stopped, paused, ended early, fulfilled, and followed by the next one."""

from __future__ import annotations

import pytest

from coach.commands import StopSpeaking
from coach.dialogue.states import State
from coach.events import Heard, TimePassed
from coach.records import SetEnded, StopSaid, record_values
from lab.rigs.talk import Talk, plan_of, prompt, talk_in

SAFE = {"countdown": "stop.up", "lowering": "stop.now", "bottom": "stop.now", "pressing": "stop.now", "top": "stop.up"}
"""The answers that fit where the platform is."""


BRING_IT_UP = "Bring it up slowly. Catches in."


@pytest.mark.parametrize("sub", SAFE)
def test_stop_in_a_set_brings_the_platform_up_then_leaves_it_quiet(sub: str) -> None:
    talk = Talk(plan_of(tempo="4-1-2-1")).in_set(f"set.{sub}")
    talk.wait(0.2)
    commands = talk.receive(Heard(talk.now, talk.now - 0.4, "stop", 1.0, 7, True))
    assert isinstance(commands[0], StopSpeaking)
    assert commands[0].at == talk.now
    said = talk.lines[-1]
    assert said.say.text == prompt(SAFE[sub])
    assert said.begins - talk.now < 0.1
    assert len(talk.written(StopSaid)) == 1
    stopped = said.ends
    talk.wait(10)
    later = talk.lines[-1]
    assert later.say.text == prompt("stop.after")
    assert later.begins - stopped >= 4.0, "silence, while the catches go in"


@pytest.mark.parametrize("words", ["resume", "continue", "start set", "go on", "yes", "ready", "okay"])
def test_after_a_stop_the_set_goes_on_from_the_catches(words: str) -> None:
    talk = Talk().in_set("set.lowering", 3)
    talk.hears("stop")
    talk.wait(15)
    assert talk.hears(words) == [prompt("resume.unrack", rep="three")]
    assert talk.state == "set.unracking"
    assert talk.written(SetEnded) == []


@pytest.mark.parametrize("words", ["finish", "finish set", "no", "done", "that's enough"])
def test_after_a_stop_the_set_can_be_ended(words: str) -> None:
    talk = Talk().in_set("set.lowering", 3)
    talk.hears("stop")
    talk.wait(15)
    assert talk.hears(words)[0] == prompt("set.finished", reps="two reps").capitalize()
    assert talk.state == "resting"
    assert len(talk.written(SetEnded)) == 1


@pytest.mark.parametrize("state", ["idle", "setup", "ready", "resting", "finished"])
def test_a_stop_where_nothing_moves_is_quiet_and_moves_nothing(state: State) -> None:
    talk = talk_in(state)
    before = talk.state
    assert talk.hears("stop") == [prompt("stop.quiet")]
    assert talk.state == before
    assert talk.written(StopSaid) == []


def test_a_pause_holds_until_told_otherwise() -> None:
    talk = Talk().in_set("set.lowering", 3)
    assert talk.hears("hold on") == [prompt("pause.now")]
    at = talk.now
    talk.wait(300)
    asked = prompt("pause.resume_hint")
    assert talk.heard_since(at) == [prompt("pause.now"), asked, prompt("hold.longer"), asked, asked, asked]
    assert talk.hears("resume")[0] == prompt("resume.unrack", rep="three")


def test_a_set_that_is_finished_early_is_kept() -> None:
    talk = Talk().in_set("set.lowering", 3)
    said = talk.hears("finish set")
    assert said == [
        prompt("finish.now"),
        prompt("set.finished", reps="two reps").capitalize(),
        prompt("rest.start", seconds="one minute"),
    ]
    assert record_values(talk.written(SetEnded)[0]) == {"set": 1, "reps": 2, "tempo": "4-1-2-0"}
    assert talk.state == "resting"


def test_a_set_without_a_repetition_is_dropped() -> None:
    talk = Talk().in_set("set.countdown")
    assert talk.hears("finish set")[:2] == [prompt("catches.now"), prompt("set.dropped")]
    assert talk.written(SetEnded) == []


def test_the_last_set_ends_the_workout_with_its_summary() -> None:
    talk = Talk(plan_of(reps=2, sets=1)).in_set()
    talk.wait_for("finished")
    assert talk.heard_since(talk.now) == [
        prompt("set.done"),
        prompt("catches.now"),
        prompt("summary", sets="one set", reps="two reps"),
        prompt("workout.done"),
    ]


def test_one_more_set_after_the_last() -> None:
    talk = Talk(plan_of(reps=1, sets=1)).in_set()
    talk.wait_for("finished")
    talk.wait_until_quiet()
    assert talk.hears("begin the set")[0].startswith("Set two")
    talk.wait_for("finished")
    assert [entry.set for entry in talk.written(SetEnded)] == [1, 2]


def test_introductions_and_rests_are_said_in_turn() -> None:
    talk = Talk(plan_of(reps=1, sets=3, rest=20)).in_set()
    for number in range(2):
        talk.wait_for("resting")
        assert prompt("set.done", number) in [line.say.text for line in talk.lines[-5:]]
        talk.wait_for("ready")
        talk.wait_until_quiet()
        talk.hears("start set")


@pytest.mark.parametrize("first", ["my back lifted", "pause"])
def test_stop_after_a_pause_or_a_report_brings_the_platform_into_the_catches(first: str) -> None:
    """In paused and correcting the lifter holds the load with soft knees: the catches are out."""
    talk = Talk().in_set("set.lowering", 2)
    talk.hears(first)
    talk.wait(10)
    assert talk.hears("stop")[:1] == [BRING_IT_UP]


def test_a_set_cut_below_what_is_done_is_over_when_it_is_taken_up() -> None:
    talk = Talk(plan_of(reps=8)).in_set("set.lowering", 6)
    talk.hears("pause")
    talk.wait(5)
    talk.hears("three reps")
    talk.wait_until_quiet()
    talk.hears("resume")
    assert talk.outer_state == "resting"
    assert [entry.reps for entry in talk.written(SetEnded)] == [5]


@pytest.mark.parametrize("words", ["pause", "i'm done", "my back lifted", "stop"])
def test_words_that_come_with_the_end_of_the_set(words: str) -> None:
    """The fault: the deadline that ends the set and the words fall into one event, and MachineError ended the session.

    Audio rehearsals give whole blocks of 20 ms to the conversation, and `receive` promises to handle what fell due.
    """
    talk = Talk(plan_of(reps=1)).in_set("set.pressing", 1)
    due = talk.conversation.next_deadline()
    while talk.conversation.next_deadline() is not None and talk.outer_state == "set":
        due = talk.conversation.next_deadline()
        assert due is not None
        if talk.reps() == 1:
            break
        talk.receive(TimePassed(due))
    assert due is not None
    talk.receive(Heard(due + 0.01, due - 0.5, words, 1.0, 99, True))
    assert talk.state == "resting"
    assert [entry.reps for entry in talk.written(SetEnded)] == [1]


def test_a_set_halted_after_its_last_repetition_has_no_further_one() -> None:
    """Rep four of four is counted on the beat before the set ends. The fault: halted in that second, the set resumed
    with rep five.
    """
    talk = Talk(plan_of(reps=4)).in_set("set.pressing", 4)
    while talk.reps() < 4:
        due = talk.conversation.next_deadline()
        assert due is not None
        talk.receive(TimePassed(due))
    talk.wait(0.2)
    assert talk.outer_state == "set"
    talk.hears("stop")
    talk.wait(8)
    talk.hears("resume")
    talk.wait(30)
    assert talk.reps() <= 4
    assert "From rep five. Soft knees. Brace." not in [line.say.text for line in talk.lines]
