"""Whether the lifter speaks to the coach: the wake word, the seconds in which it is not needed, and what is
answered.
"""

from __future__ import annotations

import pytest

from coach.commands import ListenFor, Say
from coach.content.schema import Group
from coach.dialogue import policy
from coach.dialogue.attention import ATTENTION_S
from coach.dialogue.states import State
from coach.events import Heard, SessionStarted
from coach.language.grammar import WAKE_INTENT, Grammar, Intent
from lab.rigs.talk import GRAMMAR, PACK, Talk, plan_of

HINT = "Say coach first."
AWAY = 30.0
"""Seconds; long after the last word."""
PLAIN = Grammar(PACK.commands)


def prompt(name: str) -> str:
    return PACK.prompts[name].say[0]


def corner() -> Talk:
    """A talk in the gym corner in which nothing has been said for a while."""
    talk = Talk(plan_of(reps=1, sets=2, rest=300), wake_word=True)
    talk.wait(AWAY)
    return talk


def test_the_greeting_says_how_to_talk() -> None:
    assert [line.say.text for line in Talk(wake_word=True).lines][-1] == HINT
    assert HINT not in [line.say.text for line in Talk().lines]


def test_without_the_wake_word_talk_does_nothing() -> None:
    talk = corner()
    for words in ("start set", "set up", "next", "louder", "yes", "my back lifted", "bananas"):
        assert talk.hears(words) == [], words
    assert talk.state == "idle"


def test_behind_the_wake_word_a_command_is_carried_out() -> None:
    talk = corner()
    assert talk.hears("coach set up") == [PACK.setup[0].line.say[0]]
    assert talk.outer_state == "setup"


@pytest.mark.parametrize("words", ["stop", "it hurts", "coach stop", "coach it hurts", "i feel dizzy"])
def test_safety_words_need_no_wake_word(words: str) -> None:
    talk = corner()
    talk.hears(words)
    assert talk.state == ("idle" if "stop" in words else "hurt")
    assert talk.lines[-1].say.source in ("stop.quiet", "pain.rest")


def test_while_a_set_runs_nothing_needs_it() -> None:
    for words, state in (("my back lifted", "correcting"), ("pause", "paused"), ("coach pause", "paused")):
        talk = corner()
        talk.hears("coach start set")
        talk.to("set.lowering", 1)
        talk.hears(words, final=False)
        assert talk.state == state, words


def test_for_eight_seconds_after_an_answer_it_is_not_needed() -> None:
    talk = corner()
    talk.hears("coach louder")
    talk.wait_until_quiet()
    talk.wait(ATTENTION_S - 0.1)
    assert talk.hears("louder") != []
    talk.wait_until_quiet()
    talk.wait(ATTENTION_S + 0.1)
    assert talk.hears("louder") == []


def test_the_window_closes_by_itself() -> None:
    talk = corner()
    talk.hears("coach louder")
    everything = policy.live_intents(PACK, State.IDLE, question_waits=False)
    assert (talk.live, talk.after_wake_word) == (everything, everything)
    end = talk.wait_until_quiet()
    talk.wait_until(end + ATTENTION_S + 0.001)
    assert {PACK.groups[name] for name in talk.live} == {Group.SAFETY}
    assert talk.after_wake_word == everything


def test_called_by_name_it_listens() -> None:
    talk = corner()
    assert talk.hears("coach", final=False, utterance=77) == []
    assert talk.hears("coach", utterance=77) == [prompt("wake.answer")]
    assert talk.hears("start set")[0].startswith("Set one")


def test_its_name_is_no_interruption() -> None:
    """The wake word does not interrupt a set or the coach's voice: the coach listens then without it."""
    talk = corner()
    talk.hears("coach start set")
    assert talk.hears("coach") == []
    talk.to("set.lowering", 1)
    assert talk.hears("coach") == []
    assert talk.outer_state == "set"


def test_a_question_waits_longer_than_the_window() -> None:
    """A lifter who moves plates and feet takes time; only the answers to the question are live."""
    talk = corner()
    talk.hears("coach set up")
    talk.wait_until_quiet()
    talk.wait(AWAY)
    assert talk.hears("louder") == []
    assert talk.hears("next") == [PACK.setup[1].line.say[0]]
    talk = corner()
    talk.hears("coach start set")
    talk.to("set.lowering", 1)
    talk.hears("my back lifted")
    talk.wait(AWAY)
    assert talk.hears("end workout") == []
    assert talk.hears("continue")[0].startswith("From rep one")


def test_announcements_of_the_rest_ask_nobody() -> None:
    talk = corner()
    talk.hears("coach start set")
    talk.wait_for("resting")
    talk.wait_until_quiet()
    talk.wait(ATTENTION_S)
    # Half of the rest's 300 seconds.
    while prompt("rest.half") not in talk.heard_since(talk.now - 1):
        talk.wait(1)
    assert talk.hears("start set") == []
    assert talk.state == "resting"


def test_what_is_not_understood_is_answered_when_the_coach_was_called() -> None:
    talk = corner()
    assert talk.hears("", guess="start set") == []
    assert talk.hears("", guess="coach start set") == [prompt("help.idle"), HINT]
    talk = corner()
    assert talk.hears("coach bananas") == [prompt("help.idle"), HINT]
    talk = corner()
    assert talk.hears("coach skip rest") == [prompt("help.idle"), HINT]


def test_help_tells_of_the_wake_word() -> None:
    talk = corner()
    assert talk.hears("coach what can i say") == [prompt("help.idle"), HINT]


def test_headphones_need_no_wake_word_and_know_none() -> None:
    talk = Talk()
    talk.wait(AWAY)
    assert talk.after_wake_word == frozenset()
    talk.hears("start set")
    assert talk.outer_state == "set"


# --- words that are not understood, without a wake word


def test_a_loud_room_at_the_beginning_is_not_answered() -> None:
    """The recogniser's first final in a loud room comes from noise; its guess is empty, or a phrase by accident."""
    for guess in ("", "start set"):
        talk = Talk(greeted=False)
        talk.receive(SessionStarted(0.0))
        talk.wait_until(4.5)
        assert talk.hears("", began=0.3, guess=guess) == []


def test_noise_is_not_answered_before_a_lifter_was_understood() -> None:
    talk = Talk()
    talk.wait(3)
    assert talk.hears("") == []
    assert talk.hears("", guess="start set") == [prompt("help.idle")]


def test_noise_is_answered_only_where_a_lifter_was_just_spoken_to() -> None:
    talk = Talk()
    talk.hears("louder")
    talk.wait_until_quiet()
    assert talk.hears("") == [prompt("help.idle")]
    talk.wait_until_quiet()
    talk.wait(AWAY)
    assert talk.hears("") == []


# --- one vocabulary for bare phrases and phrases behind the wake word


def test_what_is_heard_behind_the_wake_word_is_understood() -> None:
    """With a grammar without the habits of speech: with them there are too many phrases to try each."""
    bare, behind = frozenset({"Stop"}), frozenset({"Stop", "StartSet", "SetReps"})
    vocabulary = PLAIN.vocabulary(bare, behind)
    paths = {""}
    graph, found = vocabulary.automaton, set[str]()
    here = [(graph.start, "")]
    while here:
        state, said = here.pop()
        for source, target, word in graph.arcs:
            if source == state:
                (found.add if target == graph.end else paths.add)(f"{said} {word}".strip())
                if target != graph.end:
                    here.append((target, f"{said} {word}".strip()))
    assert set(vocabulary.phrases) <= found
    assert {"stop", "coach", "coach stop", "coach start set", "coach thirty reps"} <= found
    assert "coach coach" not in found
    for text in found:
        meant = PLAIN.understand(text, bare, behind)
        called = text.startswith("coach") or PLAIN.understand(text, bare) is not None
        assert (meant is not None) == called, text
    for grammar in (PLAIN, GRAMMAR):
        assert grammar.understand("start set", bare, behind) is None
        assert grammar.understand("coach", bare, behind) == Intent(WAKE_INTENT)
        assert grammar.understand("coach", bare) is None


def test_nothing_is_listened_for_after_the_end() -> None:
    talk = corner()
    talk.hears("coach end workout")
    assert talk.ended_at is not None
    assert talk.conversation.next_deadline() is None
    commands = talk.receive(Heard(talk.now, talk.now - 1, "coach louder", 1.0, 999, True))
    assert not [one for one in commands if isinstance(one, ListenFor)]
    assert not [one for one in commands if isinstance(one, Say) and one.source == "greeting"]
