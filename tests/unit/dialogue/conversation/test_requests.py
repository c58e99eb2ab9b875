"""Commands of another program act as if the lifter had said them, without the wake word."""

from __future__ import annotations

import pytest

from coach.commands import Say
from coach.events import Requested, SessionStarted
from lab.rigs.talk import Talk


def ask(talk: Talk, text: str) -> list[str]:
    """The coach's lines in answer to a request."""
    talk.wait_until(talk.now)
    commands = talk.receive(Requested(talk.now, text, "page"))
    return [command.text for command in commands if isinstance(command, Say)]


@pytest.mark.parametrize("wake_word", [False, True])
def test_a_request_does_what_the_words_do(wake_word: bool) -> None:
    talk = Talk(wake_word=wake_word)
    talk.wait(60)
    assert ask(talk, "Start set")
    talk.wait_for("set.lowering")
    ask(talk, "stop")
    assert talk.state == "stopped"
    understood = talk.conversation.snapshot().understood
    assert understood is not None
    assert (understood.intent, understood.text) == ("Stop", "stop")


def test_a_request_is_confirmed_as_words_are() -> None:
    talk = Talk().in_set("set.lowering", 2)
    ask(talk, "end workout")
    assert talk.ended_at is None
    ask(talk, "yes")
    assert talk.ended_at is not None


@pytest.mark.parametrize("text", ["bananas", "", "yes", "coach start set now bananas", "x" * 5000])
def test_what_is_not_live_does_nothing_and_says_nothing(text: str) -> None:
    talk = Talk()
    before = talk.conversation.snapshot()
    assert ask(talk, text) == []
    after = talk.conversation.snapshot()
    assert (before.state, before.understood) == (after.state, after.understood)


def test_a_request_is_never_taken_for_the_coachs_own_voice() -> None:
    talk = Talk(open_speaker=True, greeted=False)
    talk.receive(SessionStarted(0.0))
    talk.wait(3.0)
    ask(talk, "start set")
    assert talk.state != "idle"
