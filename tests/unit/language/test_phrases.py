"""The automaton and the list of phrases accept the same language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, product

from hypothesis import given, settings
from hypothesis import strategies as st

from coach.language.phrases import Phrase, automaton, covering
from coach.ports import Automaton
from lab.rigs.speech import spelled

reproducibly = settings(derandomize=True, deadline=None, max_examples=60, database=None)
LISTS: Mapping[str, Sequence[Phrase]] = {
    "n": [("one",), ("two",), ("twenty", "one"), ("two", "and", "a", "half"), ("two", "hundred")],
    "m": [("one",), ("two",), ("oh",)],
}
tokens = st.sampled_from(["go", "up", "one", "two", "and", "{n}", "{m}"])
grammars = st.sets(st.lists(tokens, min_size=1, max_size=4).map(tuple), min_size=1, max_size=5)


def paths(graph: Automaton) -> Iterator[Phrase]:
    """Every path from start to end."""
    waiting: list[tuple[int, Phrase]] = [(graph.start, ())]
    while waiting:
        state, words = waiting.pop()
        if state == graph.end:
            yield words
        waiting += [(target, (*words, word)) for source, target, word in graph.arcs if source == state]


@reproducibly
@given(grammars)
def test_one_language_in_two_notations(phrases: set[Phrase]) -> None:
    graph = automaton(spelled(phrases, LISTS))
    language = spelled(phrases, LISTS)
    assert sorted(paths(graph)) == sorted(language), "each phrase has one path, each path is a phrase"
    listed = [tuple(text.split()) for text in covering(phrases, LISTS)]
    assert set(listed) <= language
    assert {words for words in language if words in phrases} <= set(listed)


@reproducibly
@given(st.sets(st.lists(st.sampled_from(["go", "up", "{n}"]), min_size=1, max_size=4).map(tuple), min_size=1))
def test_the_list_has_every_pair_of_neighbours(phrases: set[Phrase]) -> None:
    """Pairs are sampled where one list follows another; around and inside a single list no pair is missing."""
    single = {phrase for phrase in phrases if phrase.count("{n}") < 2}
    wanted = {pair for words in spelled(single, LISTS) for pair in pairwise(("<s>", *words, "</s>"))}
    listed = {pair for text in covering(single, LISTS) for pair in pairwise(("<s>", *text.split(), "</s>"))}
    assert listed == wanted


def test_the_beats_of_a_tempo_follow_each_other_in_every_pair() -> None:
    phrases = {("tempo", "{m}", "{m}", "{m}")}
    listed = {pair for text in covering(phrases, LISTS) for pair in pairwise(text.split())}
    assert listed >= set(product(("one", "two", "oh"), repeat=2))


@reproducibly
@given(grammars)
def test_the_automaton_is_minimal_and_deterministic(phrases: set[Phrase]) -> None:
    graph = automaton(spelled(phrases, LISTS))
    endings: dict[int, frozenset[Phrase]] = {}
    for state in {graph.start, *(target for _, target, _ in graph.arcs)} - {graph.end}:
        endings[state] = frozenset(paths(Automaton(state, graph.end, graph.arcs)))
    assert len(set(endings.values())) == len(endings), "two states that accept the same"
    leaving = [(source, word, target == graph.end) for source, target, word in graph.arcs]
    assert len(set(leaving)) == len(leaving), "two ways for one word"


def test_shared_endings_are_one_state() -> None:
    many = {("{n}", unit) for unit in ("kilos", "pounds")}
    assert len(automaton(spelled(many, LISTS)).arcs) <= 12
