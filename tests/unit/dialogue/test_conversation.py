"""Events in, commands out: what the coach does about what it hears, state by state."""

from __future__ import annotations

import pytest

from coach.commands import Command, ListenFor
from coach.content.schema import Group
from coach.dialogue import policy
from coach.dialogue.states import State
from coach.events import TimePassed
from coach.records import PainReported
from lab.rigs.talk import GRAMMAR, PACK, Talk, spoken, talk_in


def commands_of(kind: type[Command], commands: tuple[Command, ...]) -> list[Command]:
    return [command for command in commands if isinstance(command, kind)]


@pytest.mark.parametrize("state", State)
def test_what_is_live_follows_the_state(state: State) -> None:
    talk = talk_in(state)
    assert talk.live == policy.live_intents(PACK, state, question_waits=False)


def test_what_is_live_is_told_only_when_it_changes() -> None:
    talk = Talk()
    assert commands_of(ListenFor, talk.receive(TimePassed(6.0))) == []
    talk.in_set()
    for _ in range(8):
        due = talk.conversation.next_deadline()
        assert due is not None
        assert commands_of(ListenFor, talk.receive(TimePassed(due))) == []


@pytest.mark.parametrize("state", State)
def test_safety_reports_and_questions_are_live_in_every_state(state: State) -> None:
    live = policy.live_intents(PACK, state, question_waits=False)
    assert {
        name for name, group in PACK.groups.items() if group in (Group.SAFETY, Group.REPORT, Group.QUESTION)
    } <= live


@pytest.mark.parametrize("state", State)
def test_every_state_can_be_left_by_voice(state: State) -> None:
    intents = sorted(intent for intent in talk_in(state).live if PACK.groups[intent] is Group.CONTROL)
    left = set()
    for intent in intents:
        talk = talk_in(state)
        talk.hears(spoken(intent)[0])
        if talk.outer_state != state:
            left.add(talk.outer_state)
    assert left, state


def test_in_a_set_talk_that_is_no_command_changes_nothing() -> None:
    talk = Talk().in_set("set.lowering", 2)
    for words in ("bananas", "", "start set", "yes", "okay", "go on", "ready"):
        assert talk.hears(words) == []
    assert talk.outer_state == "set"


def test_records_have_their_moment() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("it hurts")
    for entry in talk.records:
        assert entry.at <= talk.now
    assert talk.written(PainReported)[0].at == pytest.approx(talk.now, abs=0.001)


def test_two_conversations_do_not_share_anything() -> None:
    one, other = Talk(), Talk()
    one.hears("two reps")
    one.in_set()
    assert other.state == "idle"
    assert other.hears("start set")[0].startswith("Set one, four reps")


def test_the_same_talk_gives_the_same_answer() -> None:
    def perform() -> list[tuple[float, str]]:
        talk = Talk().in_set("set.bottom", 2)
        talk.hears("my back lifted")
        talk.wait(20)
        talk.hears("continue")
        talk.wait(60)
        return [(line.say.at, line.say.text) for line in talk.lines]

    assert perform() == perform()


def test_every_intent_of_the_pack_is_carried_out_in_some_state() -> None:
    """An intent that is live in no state could never act."""
    live = {intent for state in State for intent in policy.ever_live(PACK, state, question_waits=True)}
    assert live == GRAMMAR.intents
