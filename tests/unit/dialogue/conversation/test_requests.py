"""Commands of another program act as if the lifter had said them, without the wake word."""

from __future__ import annotations

import random

import pytest

from coach.adapters.broker.command_filter import MAX_BYTES
from coach.commands import Say
from coach.events import Requested, SessionStarted
from lab.rigs.talk import GRAMMAR, Talk


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


def test_a_conversation_takes_any_request() -> None:
    """Words of the coach and random bytes: the coach does what the words mean, or nothing, and soon."""
    chance, talk = random.Random(7), Talk()
    words = sorted(
        {word for intent in GRAMMAR.intents for phrase in GRAMMAR.covering_phrases(intent) for word in phrase.split()}
    )
    for _ in range(150):
        soup = " ".join(chance.choices(words, k=chance.randrange(1, 40)))
        noise = "".join(
            chr(chance.choice((chance.randrange(32, 127), chance.randrange(160, 0xD000)))) for _ in range(60)
        )
        text = chance.choice((soup, noise, soup + noise))[:MAX_BYTES]
        commands = talk.receive(Requested(talk.now + 0.01, text, "broker"))
        understood = talk.conversation.snapshot().understood
        assert not commands or (understood is not None and understood.at == talk.now)
