"""The word graph holds exactly what hassil samples from the templates, and the matcher understands exactly that."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

import pytest
from hassil.intents import Intents
from hassil.recognize import recognize_best
from hassil.sample import sample_intents
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.language import word_graph
from coach.language.grammar import Grammar, Intent
from coach.language.phrases import Phrase
from coach.language.templates import Value
from coach.ports import Automaton

reproducibly = settings(derandomize=True, deadline=None, max_examples=30, database=None)

LISTS = {
    "room": {"values": ["kitchen", "living room", {"in": "[front] hall", "out": "hall"}]},
    "tint": {"values": [{"in": "(deep|light) blue", "out": "blue"}, "red"]},
}
RULES = {"please": "[please]", "lamp": "(lamp[s]|{tint} light)"}
WORDS = ("go", "up", "red", "light", "the")
leaves = st.one_of(st.sampled_from(WORDS), st.sampled_from(["{room}", "{tint:shade}", "<please>", "<lamp>"]))


def _grouped(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    few = st.lists(parts, min_size=1, max_size=3)
    return st.one_of(
        few.map(" ".join),
        few.map(lambda some: f"({'|'.join(some)})"),
        few.map(lambda some: f"[{' '.join(some)}]"),
        st.lists(parts, min_size=2, max_size=3).map(lambda some: f"({';'.join(some)})"),
        st.tuples(st.sampled_from(WORDS), st.sampled_from(["[s]", "(er|est)"])).map("".join),
    )


templates = st.recursive(leaves, _grouped, max_leaves=6)


def commands(*sentences: str, **more: object) -> dict[str, object]:
    lists = {"lists": LISTS, "expansion_rules": RULES}
    return {"language": "en", "intents": {"Do": {"data": [{"sentences": list(sentences)}]}}, **lists, **more}


def sampled(file: dict[str, object]) -> set[str]:
    """Every phrase that hassil samples."""
    return {" ".join(text.split()) for _, text in sample_intents(Intents.from_dict(file))} - {""}


def heard(grammar: Grammar) -> list[str]:
    """Every path of the word graph."""
    graph = grammar.vocabulary(grammar.intents).automaton
    leaving: dict[int, list[tuple[int, str]]] = {}
    for source, target, word in graph.arcs:
        leaving.setdefault(source, []).append((target, word))
    waiting, found = [(graph.start, "")], []
    while waiting:
        state, text = waiting.pop()
        if state == graph.end:
            found.append(text.strip())
        waiting += [(target, f"{text} {word}") for target, word in leaving.get(state, ())]
    return found


@reproducibly
@given(st.lists(templates, min_size=1, max_size=3))
def test_what_is_heard_is_what_hassil_samples(sentences: list[str]) -> None:
    file = commands(*sentences)
    grammar = Grammar(file)
    phrases = heard(grammar)
    assert len(phrases) == len(set(phrases)), "each phrase has one path"
    assert set(phrases) == sampled(file)


@reproducibly
@given(st.lists(templates, min_size=1, max_size=2))
def test_what_is_heard_is_understood_as_hassil_does(sentences: list[str]) -> None:
    file = commands(*sentences)
    grammar, intents = Grammar(file), Intents.from_dict(file)
    for text in heard(grammar)[:40]:
        found = grammar.understand(text, grammar.intents)
        assert found is not None, text
        theirs = recognize_best(text, intents)
        assert theirs is not None, text
        assert found.slots.keys() <= {"room", "tint", "shade"}, text


@reproducibly
@given(templates, st.lists(st.sampled_from([*WORDS, "kitchen", "blue", "hall", "please", "lamp"]), max_size=4))
def test_what_is_not_heard_is_not_understood(template: str, words: list[str]) -> None:
    grammar = Grammar(commands(template))
    text = " ".join(words)
    assert (grammar.understand(text, grammar.intents) is not None) == (text in heard(grammar))


@reproducibly
@given(st.lists(templates, min_size=1, max_size=2))
def test_too_many_states_are_not_merged_and_mean_the_same(sentences: list[str]) -> None:
    file = commands(*sentences)
    merged = set(heard(Grammar(file)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(word_graph, "_MAX_STATES", 0)
        assert set(heard(Grammar(file))) == merged


def phrases(*sentences: str, **more: object) -> set[str]:
    return set(heard(Grammar(commands(*sentences, **more))))


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("Turn ON the {room}!", {"turn on the kitchen", "turn on the living room"}),
        ("Don't stop, O'Brien", {"don't stop o'brien"}),
        ("set-up", {"set up"}),
        ("2 shots", {"two shots"}),
        ("{tint}s", {"reds", "deep blues", "light blues"}),
        ("{room}'s lamp", {"kitchen's lamp", "living room's lamp", "hall's lamp", "front hall's lamp"}),
        ("{1..2:n}%", {"one percent", "two percent"}),
        ("at 6 am", {"at six am", "at six a.m."}),
        ("i am up", {"i am up"}),
        ("the 22nd", {"the twenty second"}),
        ("room 101", {"room one hundred and one", "room one oh one", "room a hundred one"}),
        ("\\(go\\)", {"go"}),
    ],
)
def test_other_peoples_spelling_becomes_words(template: str, expected: set[str]) -> None:
    found = phrases(template)
    assert found >= expected
    assert all(re.fullmatch(r"[a-z'. ]+", text) for text in found)


def test_any_order_is_any_order_without_being_spelled_out() -> None:
    many = Grammar(commands("(a;b;c;d;e;f;g;h)")).vocabulary(frozenset({"Do"})).automaton
    assert len(many.arcs) <= 8 * 2**7
    assert count(many) == 40_320


def count(graph: Automaton) -> int:
    """The number of phrases."""
    leaving: dict[int, list[int]] = {}
    for source, target, _ in graph.arcs:
        leaving.setdefault(source, []).append(target)
    ways: dict[int, int] = {graph.end: 1}

    def from_(state: int) -> int:
        if state not in ways:
            ways[state] = sum(map(from_, leaving.get(state, ())))
        return ways[state]

    return from_(graph.start)


def test_a_grammar_of_many_million_phrases_is_small() -> None:
    drinks = {"values": [f"drink {'abcdefghij'[n % 10]}{'abcdefghij'[n // 10]}" for n in range(100)]}
    file = commands(
        "make me [a] [{size}] {drink} [and {n} {drink:other}] [with {n:shots} shots] [and {n:sugars} sugars]",
        lists={"drink": drinks, "size": {"values": ["small", "large"]}, "n": {"range": {"from": 1, "to": 99}}},
    )
    grammar = Grammar(file)
    vocabulary = grammar.vocabulary(grammar.intents)
    assert count(vocabulary.automaton) > 10**9
    assert len(vocabulary.automaton.arcs) < 1000
    pairs = {pair for text in vocabulary.phrases for pair in zip(text.split(), text.split()[1:], strict=False)}
    graph = vocabulary.automaton
    follows = {(one, other) for _, at, one in graph.arcs for start, _, other in graph.arcs if start == at}
    assert pairs == follows
    text = "make me a large drink aj and twenty one drink cc with two shots and ninety nine sugars"
    slots: dict[str, Value] = {
        "size": "large",
        "drink": "drink aj",
        "n": 21,
        "other": "drink cc",
        "shots": 2,
        "sugars": 99,
    }
    assert grammar.understand(text, grammar.intents) == Intent("Do", slots)


def test_skipped_words_may_stand_between_any_two() -> None:
    found = phrases("go up", skip_words=["please", "for me"])
    assert {"go up", "please go up", "go for me up", "please go please up for me"} <= found
    grammar = Grammar(commands("go up", skip_words=["please", "for me"]))
    for text in found:
        assert grammar.understand(text, grammar.intents) == Intent("Do"), text
    assert grammar.understand("go for up", grammar.intents) is None


def test_local_lists_and_rules_hide_the_common_ones() -> None:
    block = {"sentences": ["<way> {room}"], "lists": {"room": {"values": ["attic"]}}, "expansion_rules": {"way": "to"}}
    common = {"sentences": ["in {room}"]}
    file = {**commands(), "intents": {"Do": {"data": [block, common]}}}
    assert set(heard(Grammar(file))) >= {"to attic", "in kitchen"}
    assert "to kitchen" not in heard(Grammar(file))


def test_the_thing_that_was_named_decides_between_templates() -> None:
    lamp = {"in": "lamp", "out": 1, "context": {"domain": "light"}}
    fan = {"in": "fan", "out": 2, "context": {"domain": "fan"}}
    things = {"values": [lamp, fan]}
    blocks = {
        "Fan": {"data": [{"sentences": ["start {thing}"], "requires_context": {"domain": "fan"}}]},
        "Lamp": {"data": [{"sentences": ["start {thing}"], "excludes_context": {"domain": ["fan"]}}]},
    }
    grammar = Grammar({"intents": blocks, "lists": {"thing": things}})
    assert grammar.understand("start fan", grammar.intents) == Intent("Fan", {"thing": 2})
    assert grammar.understand("start lamp", grammar.intents) == Intent("Lamp", {"thing": 1})


def test_a_range_of_another_file() -> None:
    numbers = {"range": {"from": -1, "to": 2000, "step": 1, "fractions": "tenths"}}
    grammar = Grammar(commands("set {n} [degrees]", lists={"n": numbers}))
    for text, value in {
        "set minus one": -1,
        "set negative point five degrees": None,
        "set nineteen eighty four": 1984,
        "set one thousand two hundred and five": 1205,
        "set twenty one point three degrees": 21.3,
        "set twenty one and a half": 21.5,
    }.items():
        found = grammar.understand(text, grammar.intents)
        assert (found.slots["n"] if found else None) == value, text


def bad() -> Iterator[tuple[dict[str, object], str]]:
    yield commands("go {place}"), "the list {place} in 'go {place}' is not defined"
    yield commands("go <place>"), "the rule <place> in 'go <place>' is not defined"
    yield commands("go (up"), "check its brackets"
    yield commands("go {x}", lists={"x": {"wildcard": True}}), "list 'x' is a wildcard"
    yield commands("go {x}", lists={"x": {"values": [True]}}), "put it in quotes"
    yield commands("<a>", expansion_rules={"a": "x <b>", "b": "<a>"}), "rule 'a' holds itself"
    yield commands("{a}", lists={"a": {"values": ["x {a}"]}}), "list 'a' holds itself"
    yield commands("{a}", lists={"a": {"range": {"from": 5, "to": 1}}}), "is empty"
    yield commands("go", language="de"), "language 'de'"
    yield {"language": "en"}, "`intents` is missing"
    yield {"intents": {"Go": {}}}, "intent 'Go' has no `data`"
    yield {"intents": {"Go": {"data": [{"sentences": [True]}]}}}, "`sentences` in quotes"


@pytest.mark.parametrize(("file", "told"), [*bad()])
def test_what_cannot_be_heard_is_refused_with_the_remedy(file: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        Grammar(file)


def test_an_unused_wildcard_does_no_harm() -> None:
    assert phrases("go up", lists={"any": {"wildcard": True}}) == {"go up"}


def test_a_list_in_every_place_is_one_language() -> None:
    both: set[Phrase] = {(*first, "and", *second) for first, second in product((("a",), ("b", "c")), repeat=2)}
    file = commands("{x:one} and {x:two}", lists={"x": {"values": ["a", "b c"]}})
    assert {tuple(text.split()) for text in heard(Grammar(file))} == both
