"""What words are about that no template holds, and what the coach does about them."""

from __future__ import annotations

import pytest

from coach.dialogue import policy
from coach.dialogue.states import State
from coach.events import Heard
from coach.language.concepts import Concepts
from lab.rigs.talk import GRAMMAR, PACK, Talk


def about(text: str) -> str | None:
    return GRAMMAR.concepts.about(text, GRAMMAR.intents)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("My lower back's peeling off the pad.", "BackLifted"),
        ("my lower back\u2019s peeling off the pad", "BackLifted"),
        ("is my lower back peeling off the pad", None),
        ("My lower back's peeling off the pad?", None),
        ("my lower back isn't peeling off the pad", None),
        ("his lower back is peeling off the pad", None),
        ("my lower back peeled off the pad yesterday", None),
        ("the label is peeling off the pad", None),
        ("i'm okay but my lower back is peeling off the pad", "BackLifted"),
        ("", None),
    ],
)
def test_a_clause_that_asks_denies_remembers_or_tells_of_others_is_about_nothing(text: str, intent: str | None) -> None:
    assert about(text) == intent


def test_only_what_is_live_is_found() -> None:
    assert GRAMMAR.concepts.about("my heels are peeling off", frozenset({"Pain"})) is None


def test_words_may_be_far_apart_but_not_too_far() -> None:
    concepts = Concepts({"Up": ["hands + high"]}, {"hands": ["my hands"], "high": ["high*"]})
    live = frozenset({"Up"})
    assert concepts.about("my hands are really quite high", live) == "Up"
    assert concepts.about("high over there at the far end of the hall are my hands", live) is None


def test_a_group_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match="'high'"):
        Concepts({"Up": ["hands + high"]}, {"hands": ["my hands"]})


PEELING = "my lower back's peeling off the pad"


def test_outside_a_rep_the_coach_asks_and_yes_acts() -> None:
    talk = Talk().in_set()
    talk.hears("pause")
    talk.wait_until_quiet()
    talk.wait(4)
    talk.wait_until_quiet()
    assert talk.hears(PEELING) == ["Back off the pad?"]
    fix = PACK.corrections["BackLifted"].fix.say[0]
    talk.hears("yes")
    talk.wait_until_quiet()
    talk.wait(5)
    assert fix in [line.say.text for line in talk.lines]
    assert talk.outer_state == "correcting"


def test_no_leaves_it() -> None:
    talk = Talk()
    assert talk.hears(PEELING) == ["Back off the pad?"]
    assert talk.hears("no") == [PACK.prompts["end.cancelled"].say[0]]
    assert talk.state == "idle"


def test_inside_a_rep_the_safe_way_is_taken_at_once() -> None:
    talk = Talk().in_set()
    assert talk.hears(PEELING) == [PACK.corrections["BackLifted"].now.say[0]]
    assert talk.outer_state == "correcting"


def test_what_is_no_danger_and_no_report_does_nothing_inside_a_rep() -> None:
    talk = Talk().in_set()
    assert talk.hears("i'm totally exhausted") == []
    assert talk.outer_state == "set"


def test_what_the_recogniser_wrote_freely_counts_like_words() -> None:
    talk = Talk().in_set()
    talk.receive(Heard(talk.now, talk.now - 2.0, "", 0.2, 77, True, free_text="My lower back's peeling off the pad."))
    assert talk.outer_state == "correcting"


def test_every_concept_is_asked_about_in_four_words_at_most() -> None:
    assert PACK.asks.keys() == PACK.commands["concepts"].keys()
    assert all(len(line.say[0].split()) <= 4 for line in PACK.asks.values())


@pytest.mark.parametrize("state", State)
def test_danger_is_live_as_a_concept_everywhere(state: State) -> None:
    live = policy.live_intents(PACK, state, question_waits=False)
    for text in ("there's a stabbing feeling in my knee", "everything is going dark", "my legs just gave up on me"):
        assert GRAMMAR.concepts.about(text, live) in {"Pain", "Dizzy", "Stuck"}
