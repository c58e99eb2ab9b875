"""The coach asks before something is lost: when it is not sure of the words, or sets are still to come."""

from __future__ import annotations

import pytest

from coach.commands import Command, End
from coach.events import Heard
from lab.rigs.talk import PACK, Talk, plan_of, prompt, talk_in


def commands_of(kind: type[Command], commands: tuple[Command, ...]) -> list[Command]:
    return [command for command in commands if isinstance(command, kind)]


UNSURE = 0.6


def test_a_doubtful_finish_is_asked_about_and_done_on_yes() -> None:
    talk = Talk().in_set("set.lowering", 2)
    assert talk.hears("finish set", confidence=UNSURE) == [prompt("pause.now"), prompt("finish.confirm")]
    assert talk.state == "paused"
    talk.wait(4)
    assert talk.hears("yes") == [
        prompt("catches.now"),
        prompt("set.finished", reps="one rep").capitalize(),
        prompt("rest.start", seconds="one minute"),
    ]
    assert talk.state == "resting"


@pytest.mark.parametrize("answer", ["no", ""])
def test_a_set_that_was_asked_about_waits_for_the_lifter(answer: str) -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("finish set", confidence=UNSURE)
    asked = talk.wait_until_quiet()
    if answer:
        talk.hears(answer)
    talk.wait(60)
    assert talk.counts_since(asked) == []
    assert prompt("pause.resume_hint") in talk.heard_since(asked)
    assert talk.hears("yes")[0] in (prompt("resume.intro", rep="two"), prompt("resume.unrack", rep="two"))


def test_said_again_it_is_meant_however_doubtful() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("finish set", confidence=UNSURE)
    talk.hears("finish set", confidence=UNSURE)
    assert talk.state == "resting"


def test_a_doubtful_end_is_asked_about_even_where_nothing_would_be_lost() -> None:
    talk = Talk()
    assert talk.hears("end workout", confidence=UNSURE) == [prompt("end.confirm")]
    assert talk.hears("no") == [prompt("end.cancelled")]
    talk.hears("end workout", confidence=UNSURE)
    talk.hears("yes")
    assert talk.ended_at is not None


@pytest.mark.parametrize("words", ["stop", "it hurts", "my back lifted", "pause"])
def test_what_must_be_quick_is_never_asked_about(words: str) -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears(words, final=False, confidence=0.4)
    assert talk.outer_state in ("stopped", "hurt", "correcting", "paused")
    assert prompt("finish.confirm") not in talk.heard_since(talk.now)


def test_what_can_be_said_again_is_not_asked_about() -> None:
    talk = Talk()
    assert talk.hears("ninety kilos", confidence=UNSURE) == ["Noted, ninety kilos."]


def test_a_correction_does_not_talk_into_the_question() -> None:
    """The rest of the correction is said once the question is answered."""
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("my back lifted")
    talk.wait(0.5)
    now = PACK.corrections["BackLifted"].now.say[0]
    assert talk.hears("finish set", confidence=UNSURE) == [now, prompt("finish.confirm")], "it had been cut"
    talk.wait_until_quiet()
    answered = talk.now
    talk.hears("no")
    talk.wait(15)
    fix = PACK.corrections["BackLifted"].fix.say[0]
    assert talk.heard_since(answered) == [prompt("end.cancelled"), fix, prompt("correction.ask")]


def test_a_workout_with_sets_to_come_is_closed_after_a_yes() -> None:
    talk = talk_in("resting")
    assert not {"Yes", "No"} & talk.live
    assert talk.hears("end workout") == [prompt("end.confirm")]
    assert {"Yes", "No"} <= talk.live
    talk.wait_until_quiet()
    commands = talk.receive(Heard(talk.now, talk.now - 0.4, "yes", 1.0, 9, True))
    assert talk.state == "finished"
    assert len(commands_of(End, commands)) == 1
    assert talk.ended_at == pytest.approx(talk.lines[-1].ends)
    assert talk.lines[-1].say.text == prompt("goodbye")
    assert talk.conversation.ended
    assert talk.conversation.next_deadline() is None


def test_a_no_keeps_the_workout() -> None:
    talk = talk_in("resting")
    talk.hears("i want to quit")
    talk.wait_until_quiet()
    assert talk.hears("no") == [prompt("end.cancelled")]
    assert talk.state == "resting"
    assert not {"Yes", "No"} & talk.live
    talk.wait_until_quiet()
    assert talk.hears("yes") == [prompt("help.resting")]


@pytest.mark.parametrize("words", ["start set", "stop"])
def test_another_command_takes_the_question_back(words: str) -> None:
    talk = talk_in("resting")
    talk.hears("i want to quit")
    talk.wait_until_quiet()
    talk.hears(words)
    talk.wait_until_quiet()
    talk.hears("yes")
    assert talk.ended_at is None


def test_a_question_to_close_is_no_longer_asked_once_something_else_was_said() -> None:
    talk = Talk(plan_of(reps=1, rest=30)).in_set()
    talk.wait_for("resting")
    talk.wait_until_quiet()
    talk.hears("end workout")
    talk.wait_until_quiet()
    talk.wait_for("ready")
    talk.wait_until_quiet()
    talk.wait(5)
    talk.hears("yes")
    assert talk.ended_at is None


def test_the_question_to_end_is_not_talked_into() -> None:
    """The fault: a line that the lifter had interrupted was said after the question, and took the answer away."""
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("stop")
    talk.wait(8)
    hint = PACK.prompts["stop.after"].say[0]
    assert talk.heard_since(talk.now - 3) == [hint]
    assert talk.hears("end workout") == ["Close the workout?"]
    talk.wait(4)
    assert {"Yes", "No"} <= talk.live
    talk.hears("no")
    answered = talk.now
    talk.wait(10)
    assert talk.heard_since(answered) == ["Still with you.", hint]


def test_a_question_that_is_said_again_can_still_be_answered() -> None:
    """The fault: "repeat that" took the answer away: the coach asked again, and a yes was no longer live."""
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("pause")
    talk.wait(5)
    assert talk.hears("end workout") == ["Bring it up. Catches in.", "Close the workout?"]
    talk.wait_until_quiet()
    assert "Close the workout?" in talk.hears("repeat that")
    talk.wait_until_quiet()
    talk.hears("yes")
    assert talk.ended_at is not None
