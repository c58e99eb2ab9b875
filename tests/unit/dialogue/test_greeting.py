"""What the coach says first, and which intents are live then."""

from __future__ import annotations

import pytest

from coach.commands import Command, ListenFor, Say
from coach.dialogue import policy
from coach.dialogue.states import State
from coach.events import SessionStarted
from coach.training.past import LastWorkout, Past
from coach.training.plan import Load
from lab.rigs.talk import PACK, Talk, prompt


def commands_of(kind: type[Command], commands: tuple[Command, ...]) -> list[Command]:
    return [command for command in commands if isinstance(command, kind)]


def test_the_coach_greets_and_listens() -> None:
    talk = Talk(greeted=False)
    commands = talk.receive(SessionStarted(0.0))
    assert [command.text for command in commands if isinstance(command, Say)] == [prompt("greeting")]
    assert commands_of(ListenFor, commands) == [ListenFor(policy.live_intents(PACK, State.IDLE, question_waits=False))]
    assert talk.state == "idle"


def test_a_recording_is_announced_before_anything_else_and_again_when_it_is_cut() -> None:
    talk = Talk(greeted=False)
    talk.receive(SessionStarted(0.0, sound_recorded=True))
    talk.wait_until(0.4)
    assert [line.say.source for line in talk.lines] == ["sound.kept", "greeting"]
    talk.hears("start set")
    assert talk.lines[0].cut
    talk.wait(6)
    assert [line.say.source for line in talk.lines if not line.cut] == ["sound.kept", "set.intro"]
    assert "sound.kept" not in [line.say.source for line in Talk().lines]


@pytest.mark.parametrize(
    "past", [Past(), Past(1, LastWorkout(3, 10, None)), Past(1, LastWorkout(3, 10, Load(90.0, "kg")))]
)
def test_what_the_greeting_asks_decides_what_is_listened_for_first(past: Past) -> None:
    """The first vocabulary is compiled while the recogniser loads, before a conversation exists to ask."""
    commands = Talk(greeted=False, past=past).conversation.receive(SessionStarted(0.5))
    [first] = [one for one in commands if isinstance(one, ListenFor)]
    assert first.intents == policy.live_intents(PACK, State.IDLE, question_waits=past.has_offer)
