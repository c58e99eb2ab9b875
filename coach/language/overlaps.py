"""Phrases that two templates share, read off the word graph of both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from coach.language.phrases import Phrase, automaton

_MARK = "#"
"""Before the number of a template, as the last word of its phrases: a state that several leave is where they meet."""


def overlaps(
    templates: Sequence[Sequence[Phrase]], owners: Sequence[str], lists: Mapping[str, Sequence[Phrase]]
) -> dict[tuple[int, int], list[str]]:
    """The phrases that two templates of different owners share, by the numbers of the two, the lower first."""
    marked = [(*phrase, f"{_MARK}{number}") for number, said in enumerate(templates) for phrase in said]
    graph = automaton(marked, lists)
    meeting: dict[int, list[int]] = {}
    arriving: dict[int, list[tuple[int, str]]] = {}
    for source, target, word in graph.arcs:
        if word.startswith(_MARK):
            meeting.setdefault(source, []).append(int(word[1:]))
        else:
            arriving.setdefault(target, []).append((source, word))
    found: dict[tuple[int, int], list[str]] = {}
    for state, ends in meeting.items():
        pairs = [(one, other) for one in ends for other in ends if one < other and owners[one] != owners[other]]
        said = [" ".join(words) for words in _ways(state, graph.start, arriving)] if pairs else []
        for pair in pairs:
            found.setdefault(pair, []).extend(said)
    return {pair: sorted(said) for pair, said in sorted(found.items())}


def _ways(state: int, start: int, arriving: Mapping[int, Sequence[tuple[int, str]]]) -> Iterator[Phrase]:
    if state == start:
        yield ()
    for source, word in arriving.get(state, ()):
        for words in _ways(source, start, arriving):
            yield (*words, word)
