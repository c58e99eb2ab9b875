"""Answers about the talk: again, why, what can be said, how many are left."""

from __future__ import annotations

import pytest

from coach.dialogue.states import State
from lab.rigs.talk import PACK, Talk, plan_of, prompt, talk_in


@pytest.mark.parametrize("state", [state for state in State if state is not State.SET])
def test_in_every_state_but_a_running_set_the_coach_can_tell_what_can_be_said(state: State) -> None:
    talk = talk_in(state)
    said = talk.hears("what can i say")
    assert said == [prompt(f"help.{state}")]
    assert talk.outer_state == state


def test_help_then_one_reprompt_then_quiet() -> None:
    talk = Talk()
    said = [talk.hears(words) for words in ("bananas", "apples", "bananas", "bananas")]
    assert said == [[prompt("help.idle")], [prompt("not_understood")], [], []]
    talk.wait_until_quiet()
    talk.hears("how deep")
    talk.wait_until_quiet()
    assert talk.hears("bananas") == [prompt("help.idle")], "what was understood begins the count anew"


@pytest.mark.parametrize(
    ("state", "words"),
    [("idle", "resume"), ("idle", "yes"), ("setup", "skip rest"), ("resting", "finish set"), ("finished", "skip")],
)
def test_to_a_phrase_of_another_state_the_coach_says_what_can_be_said(state: State, words: str) -> None:
    talk = talk_in(state)
    assert talk.hears(words) == [prompt(f"help.{state}")]
    assert talk.outer_state == state


def test_repeat_says_the_whole_turn_again_in_the_same_words() -> None:
    talk = Talk(plan_of(reps=1, sets=2)).in_set()
    talk.wait_for("resting")
    talk.wait_until_quiet()
    said = [prompt("set.done"), prompt("catches.now"), prompt("rest.start", seconds="one minute")]
    for _ in range(3):
        assert talk.hears("repeat") == said
        talk.wait_until_quiet()


def test_repeat_after_an_answer_is_the_answer() -> None:
    talk = Talk()
    answer = talk.hears("why brace")
    talk.wait_until_quiet()
    assert talk.hears("say that again") == answer


def test_why_without_anything_before() -> None:
    talk = Talk()
    assert talk.hears("why") == [prompt("setup.none")]


def test_an_answer_has_no_why() -> None:
    talk = talk_in("setup")
    talk.hears("how deep")
    talk.wait_until_quiet()
    assert talk.hears("why") == [prompt("setup.none"), prompt("setup.ask")]


def test_how_many_left_after_the_plan_was_cut_below_what_is_done() -> None:
    """The fault: ValueError from in_words(-2) ended the session."""
    talk = Talk(plan_of(reps=8)).in_set("set.lowering", 6)
    talk.hears("pause")
    talk.wait(5)
    talk.hears("three reps")
    talk.wait_until_quiet()
    assert talk.hears("how many left") == ["That was all of them. Catches in."]


def test_help_in_a_set_is_the_help_of_the_set() -> None:
    talk = Talk().in_set("set.lowering", 2)
    said = talk.hears("what can i say")
    assert said == list(PACK.prompts["pause.now"].say)
    talk.wait(8)
    assert PACK.prompts["help.set"].say[0] in talk.heard_since(talk.now - 8)


def test_which_set_after_the_last_one() -> None:
    talk = Talk(plan_of(reps=1, sets=1)).in_set()
    talk.wait_for("finished")
    talk.wait_until_quiet()
    assert talk.hears("which set is this") != ["Set number two of one."]
