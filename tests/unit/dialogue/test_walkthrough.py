"""The setup, step by step."""

from __future__ import annotations

from lab.rigs.talk import PACK, Talk, prompt, talk_in


def test_the_walk_through_the_setup() -> None:
    talk = Talk()
    said = talk.hears("set up")
    for step in PACK.setup:
        assert talk.state == step.id
        assert said == [step.line.say[0]]
        talk.wait_until_quiet()
        assert talk.hears("why") == [*step.why.say, prompt("setup.ask")]
        talk.wait_until_quiet()
        said = talk.hears("next")
    assert said == [prompt("setup.done")]
    assert talk.state == "ready"


def test_the_second_walk_has_other_words() -> None:
    talk = Talk()
    first = talk.hears("set up")
    talk.wait_until_quiet()
    assert talk.hears("set up") == [PACK.setup[0].line.say[1]] != first


def test_a_set_can_be_started_from_the_middle_of_the_setup() -> None:
    talk = talk_in("setup")
    talk.hears("start set")
    assert talk.state == "set.unracking"
