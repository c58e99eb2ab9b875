"""What a spotter remembers: a lifter who does not answer, what was lifted, what was trained before."""

from __future__ import annotations

import pytest

from coach.commands import ListenFor, Manner
from coach.dialogue import policy
from coach.dialogue.alarm import LOUD_DB
from coach.dialogue.states import State
from coach.events import SessionStarted
from coach.ports import StoredSession
from coach.records import GotStuck, SetEnded
from coach.training.log import workouts
from coach.training.past import Last, Past
from coach.training.plan import Load
from lab.rigs.talk import PACK, Talk, plan_of


def test_a_dizzy_lifter_is_asked_at_20_and_45_seconds_then_louder_until_he_answers() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("i feel dizzy")
    told = talk.now
    asked = [PACK.prompts["dizzy.ask"].say[0]]
    talk.wait(21)
    assert talk.heard_since(told + 19) == asked
    talk.wait(25)
    assert talk.heard_since(told + 44) == asked
    assert talk.volume == 0.0
    talk.wait(40)
    assert talk.volume == LOUD_DB
    talk.hears("i'm okay")
    assert (talk.state, talk.volume) == ("ready", 0.0)
    answered = talk.now
    talk.wait(120)
    assert asked[0] not in talk.heard_since(answered)


def test_the_second_time_something_hurts_the_workout_ends() -> None:
    talk = Talk().in_set("set.lowering", 2)
    talk.hears("it hurts")
    talk.wait(15)
    talk.hears("yes")
    talk.quiet()
    talk.in_set("set.lowering", 1)
    talk.hears("it hurts")
    talk.wait(40)
    assert talk.ended_at is not None
    assert PACK.prompts["pain.twice"].say[0] in talk.heard_since(0)


def test_no_word_but_that_it_is_over_leads_out_of_being_stuck() -> None:
    talk = Talk().in_set("set.pressing", 2)
    talk.hears("i'm stuck")
    at = talk.now
    for words in ("start set", "continue", "go", "stop", "okay", "next", "slower"):
        talk.wait(7)
        talk.hears(words)
        assert talk.state == "stuck", words
    assert talk.counts_since(at) == []
    talk.wait(10)
    talk.hears("yes")
    assert talk.state == "resting"
    assert len(talk.written(GotStuck)) == 1


def test_a_load_that_was_changed_in_the_set_is_that_of_what_came_after() -> None:
    talk = Talk(plan_of(reps=3))
    talk.hears("ninety kilos")
    talk.quiet()
    talk.in_set("set.lowering", 2)
    talk.hears("it's too heavy")
    talk.wait(10)
    talk.hears("seventy kilos")
    talk.wait(6)
    talk.hears("continue")
    talk.wait_for("resting")
    assert [(one.set, one.reps, one.load) for one in talk.written(SetEnded)] == [(1, 1, 90), (1, 2, 70)]


def test_counts_only_takes_back_what_was_placed() -> None:
    talk = Talk(plan_of(reps=6)).in_set("set.lowering", 1)
    talk.hears("counts only")
    at = talk.now
    talk.to("set.lowering", 4)
    assert not [line for line in talk.lines if line.begins > at and line.say.manner is Manner.CUE]


def test_the_past_is_what_the_journal_kept() -> None:
    sessions = [
        StoredSession(
            "friday",
            4 * 86_400.0,
            (SetEnded(1.0, 1, 10, 90.0, "kg"), SetEnded(2.0, 2, 4, 90.0, "kg"), SetEnded(2.0, 2, 5, 85.0, "kg")),
        ),
        StoredSession("tuesday", 86_400.0, (GotStuck(2.0, 1, 0),)),
        StoredSession("monday", 0.0, (SetEnded(1.0, 1, 8, 80.0, "kg"),)),
    ]
    assert Past.of(2, workouts(sessions), "leg_press", 10 * 86_400.0, lambda _: plan_of()) == Past(
        2, Last(2, 10, Load(85.0, "kg"), (10, 9))
    )
    assert Past.of(0, [], "leg_press", 0.0, lambda _: plan_of()) == Past()


@pytest.mark.parametrize("past", [Past(), Past(1, Last(3, 10, None)), Past(1, Last(3, 10, Load(90.0, "kg")))])
def test_what_the_greeting_asks_decides_what_is_listened_for_first(past: Past) -> None:
    """The first vocabulary is compiled while the recogniser loads, before a conversation exists to ask."""
    commands = Talk(greeted=False, past=past).conversation.receive(SessionStarted(0.5))
    [first] = [one for one in commands if isinstance(one, ListenFor)]
    assert first.intents == policy.live(PACK, State.IDLE, asked=past.asks)
