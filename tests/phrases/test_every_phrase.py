"""What can be heard and what can be understood are the same phrases, in every state."""

from __future__ import annotations

from collections import defaultdict
from random import Random

import pytest

from coach.dialogue import policy
from coach.dialogue.intents import INTENTS
from coach.dialogue.states import State
from coach.language.grammar import Intent
from coach.language.habits import LIFTER_HABITS
from coach.language.numbers import spoken_forms
from lab.rigs.talk import GRAMMAR, PACK, spoken

EVERY = sorted(GRAMMAR.intents)
WALKS = 400


def live(state: State) -> frozenset[str]:
    """Everything that may be live in a state."""
    return policy.live_intents(PACK, state, question_waits=True)


def meant(text: str, intents: frozenset[str] = GRAMMAR.intents) -> Intent | None:
    return GRAMMAR.understand(text, intents)


@pytest.mark.parametrize("intent", EVERY)
def test_every_phrase_is_understood_as_its_own_intent(intent: str) -> None:
    plain = [" ".join(phrase) for phrase in GRAMMAR.phrases(intent) if not any(token[0] == "{" for token in phrase)]
    assert set(plain) <= set(spoken(intent))
    for text in (*GRAMMAR.usual_phrases(intent), *spoken(intent)[:: 1 + len(spoken(intent)) // 40]):
        found = meant(text)
        assert found is not None, text
        assert found.name == intent, text


@pytest.mark.parametrize("state", State)
def test_in_each_state_the_live_phrases_and_no_others_are_understood(state: State) -> None:
    intents = live(state)
    first = list(State).index(state)
    for intent in EVERY:
        # Every word pair is tried in one of the states, some pairs in all.
        for text in {spoken(intent)[0], *GRAMMAR.usual_phrases(intent)[first :: len(State)]}:
            found = meant(text, intents)
            if intent in intents:
                assert found is not None, text
                assert found.name == intent, text
            else:
                assert found is None, text


def test_random_walks_of_the_word_graph_are_understood() -> None:
    chance = Random(2)
    for state in (State.SET, State.IDLE):
        intents = live(state)
        graph = GRAMMAR.vocabulary(intents).automaton
        leaving: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for source, target, word in graph.arcs:
            leaving[source].append((target, word))
        for _ in range(WALKS):
            here, words = graph.start, list[str]()
            while here != graph.end:
                here, word = chance.choice(leaving[here])
                words.append(word)
            found = GRAMMAR.meanings(" ".join(words), intents)
            assert found, words
            assert {one.name for one in found} <= intents, words


def test_every_phrase_of_the_list_is_a_path_of_the_graph() -> None:
    """Except the words around phrases, which the list holds alone."""
    vocabulary = GRAMMAR.vocabulary(live(State.SET))
    steps = {(source, word): set[int]() for source, _, word in vocabulary.automaton.arcs}
    for source, target, word in vocabulary.automaton.arcs:
        steps[source, word].add(target)
    for text in set(vocabulary.phrases) - {*LIFTER_HABITS.between}:
        here = {vocabulary.automaton.start}
        for word in text.split():
            here = {target for state in here for target in steps.get((state, word), set())}
        assert vocabulary.automaton.end in here, text


def test_the_list_has_every_word_of_the_graph() -> None:
    for state in (State.SET, State.IDLE):
        vocabulary = GRAMMAR.vocabulary(live(state))
        assert set(" ".join(vocabulary.phrases).split()) == {word for _, _, word in vocabulary.automaton.arcs}


NUMBERS: dict[str, tuple[str, dict[str, object]]] = {
    "ten reps": ("SetReps", {"reps": 10}),
    "thirty reps": ("SetReps", {"reps": 30}),
    "make it twenty one reps": ("SetReps", {"reps": 21}),
    "one rep": ("SetReps", {"reps": 1}),
    "ten sets": ("SetSets", {"sets": 10}),
    "one set": ("SetSets", {"sets": 1}),
    "tempo four one two": ("SetTempo", {"eccentric": 4, "bottom": 1, "concentric": 2}),
    "tempo of three zero one two": ("SetTempo", {"eccentric": 3, "bottom": 0, "concentric": 1, "top": 2}),
    "change the tempo to two oh one oh": ("SetTempo", {"eccentric": 2, "bottom": 0, "concentric": 1, "top": 0}),
    "tempo three oh x": ("SetTempo", {"eccentric": 3, "bottom": 0, "concentric": 0}),
    "ninety two and a half kilos": ("SetLoad", {"load": 92.5, "unit": "kg"}),
    "ninety two point five kilograms": ("SetLoad", {"load": 92.5, "unit": "kg"}),
    "one hundred and five pounds": ("SetLoad", {"load": 105, "unit": "lb"}),
    "one oh five kilos": ("SetLoad", {"load": 105, "unit": "kg"}),
    "a hundred kilos": ("SetLoad", {"load": 100, "unit": "kg"}),
    "one twenty five pounds": ("SetLoad", {"load": 125, "unit": "lb"}),
    "one kilo": ("SetLoad", {"load": 1, "unit": "kg"}),
    "five hundred pounds": ("SetLoad", {"load": 500, "unit": "lb"}),
    "four ninety nine and a half kilos": ("SetLoad", {"load": 499.5, "unit": "kg"}),
    "rest ten": ("SetRest", {"seconds": 10}),
    "six hundred second rest": ("SetRest", {"seconds": 600}),
    "rest two and a half minutes": ("SetRest", {"seconds": 150}),
    "rest a minute": ("SetRest", {"seconds": 60}),
}


@pytest.mark.parametrize("text", NUMBERS)
def test_numbers_are_exact(text: str) -> None:
    found = meant(text)
    assert found is not None
    assert (found.name, dict(found.slots)) == NUMBERS[text]


def test_every_load_in_every_form() -> None:
    for value in (2, 2.5, 19, 40, 77.5, 100, 100.5, 101, 105, 110, 119.5, 120, 125, 300, 305.5, 499.5, 500):
        for form in spoken_forms(value):
            found = meant(f"{form} kilos", frozenset({"SetLoad"}))
            assert found is not None, form
            assert found.slots["load"] == value, form


def test_every_count_of_reps_and_sets() -> None:
    for name, slot, most in (("SetReps", "reps", 30), ("SetSets", "sets", 10)):
        for number in range(1, most + 1):
            for form in spoken_forms(number):
                found = meant(f"{form} {slot if number > 1 else slot[:-1]}", frozenset({name}))
                assert found == Intent(name, {slot: number}), form


@pytest.mark.parametrize(
    "text",
    [
        "zero reps",
        "thirty one reps",
        "a hundred reps",
        "ten and a half reps",
        "eleven sets",
        "zero kilos",
        "a half kilos",
        "five hundred and one kilos",
        "five oh one kilos",
        "rest five seconds",
        "rest eleven seconds",
        "rest six hundred and five seconds",
        "rest eleven minutes",
        "tempo ten one two",
        "tempo four one",
        "tempo four one two zero one",
        "ninety",
        "kilos",
        "reps",
        "10 reps",
        "",
        "   ",
    ],
)
def test_nothing_else_is_understood(text: str) -> None:
    """Except answers to a waiting question: a bare number is a load only then."""
    always = frozenset(name for name in GRAMMAR.intents if INTENTS.get(name) is None or INTENTS[name].live_in)
    assert meant(text, always) is None


def test_words_are_lower_case_and_single_spaced() -> None:
    for intent in EVERY:
        for text in spoken(intent):
            assert text == " ".join(text.lower().split())
            assert text.replace("'", "").replace(" ", "").isalpha(), text


def test_examples_name_their_slots() -> None:
    assert "<reps> reps" in " | ".join(GRAMMAR.examples("SetReps"))
    assert len(GRAMMAR.examples("SetReps", limit=1)) == 1
    for intent in EVERY:
        assert GRAMMAR.examples(intent), intent
        assert "{" not in " ".join(GRAMMAR.examples(intent))
