"""Sets of phrases as recognisers take them: an automaton, and a list that covers every word pair.

Law: of the same phrases, the list has none that the automaton does not allow. States that allow the same phrases are
one state (`minimal`); nothing else in the coach minimises automatons.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum

from coach.ports import Automaton

Phrase = tuple[str, ...]
"""Words, or names of lists in braces: ("tempo", "{beats}", "{beats}", "{beats}")."""


class Ending(Enum):
    """Whether some words are a whole phrase of a graph."""

    WHOLE = "whole"
    """The words are a phrase, and no longer phrase begins with them."""
    MAY_GO_ON = "may go on"
    """The words are a phrase, and also the beginning of a longer one."""
    WITHIN = "within"
    """The words are the beginning of a phrase, or no phrase begins with them."""


class WordGraph:
    """Finds where the phrases of an automaton end."""

    def __init__(self, graph: Automaton) -> None:
        self._start, self._end = graph.start, graph.end
        self._arcs: dict[tuple[int, str], list[int]] = {}
        for source, target, word in graph.arcs:
            self._arcs.setdefault((source, word), []).append(target)

    def ending(self, words: Phrase) -> Ending:
        """Whether a phrase ends behind these words."""
        states = {self._start}
        for word in words:
            states = {target for state in states for target in self._arcs.get((state, word), ())}
        if self._end not in states:
            return Ending.WITHIN
        return Ending.WHOLE if states == {self._end} else Ending.MAY_GO_ON


END = 0
"""The state at which every phrase ends."""
LeavingArcs = dict[int, dict[str, list[int]]]
"""The next states by state and word; `END` among them: the phrase may end with the word."""


def automaton(phrases: Iterable[Phrase]) -> Automaton:
    """The minimal acyclic automaton that accepts exactly these phrases."""
    states: dict[Phrase, int] = {(): END + 1}
    leaving: LeavingArcs = {states[()]: {}}
    for phrase in sorted(phrases):
        for index, word in enumerate(phrase):
            begun = phrase[: index + 1]
            target = END if begun == phrase else states.setdefault(begun, len(states) + 1)
            targets = leaving.setdefault(states[phrase[:index]], {}).setdefault(word, [])
            if target not in targets:
                targets.append(target)
    return minimal(leaving, states[()])


def minimal(leaving: LeavingArcs, first: int) -> Automaton:
    """The automaton in which states that allow the same phrases are one state, numbered in the order of their words.

    Endings that many phrases share ("and a half", "kilos") become one state. So a thousand weights cost a decoder
    only some dozens of states. `leaving` has no cycle.
    """
    classes = _classes(leaving)
    rows: dict[int, dict[str, list[int]]] = {END: {}}
    for state, words in leaving.items():
        rows.setdefault(classes[state], words)
    arcs: list[tuple[int, int, str]] = []
    waiting = [classes.get(first, END)]
    numbers = {END: END}
    start = numbers.setdefault(waiting[0], len(numbers))
    while waiting:
        here = waiting.pop()
        for word, targets in sorted(rows[here].items()):
            for target in dict.fromkeys(classes.get(target, END) for target in targets):
                if target not in numbers:
                    numbers[target] = len(numbers)
                    waiting.append(target)
                arcs.append((numbers[here], numbers[target], word))
    return Automaton(start, END, tuple(arcs))


def _classes(leaving: LeavingArcs) -> dict[int, int]:
    """The class of every state: states with the same next words and next classes. Later states are classified first."""
    classes = {END: END}
    known: dict[tuple[tuple[str, tuple[int, ...]], ...], int] = {}
    for root in leaving:
        waiting = [root]
        while waiting:
            state = waiting[-1]
            if state in classes:
                waiting.pop()
                continue
            words = leaving[state]
            unclassified = [target for targets in words.values() for target in targets if target not in classes]
            if unclassified:
                waiting += unclassified
                continue
            row = tuple((word, tuple(sorted({classes[target] for target in words[word]}))) for word in sorted(words))
            classes[state] = known.setdefault(row, len(known) + 1)
            waiting.pop()
    return classes


def covering(phrases: Iterable[Phrase], lists: Mapping[str, Sequence[Phrase]]) -> Iterator[str]:
    """Plain phrases: all that have no list, and enough of those with lists to have every pair of neighbouring words.

    Vosk's grammar is a bigram model of the phrases it is given: it needs the pairs, not every number.
    """
    seen: set[tuple[str, str]] = set()
    lists = {name: thinned(values) for name, values in lists.items()}
    for phrase in sorted(set(phrases)):
        if not any(token.startswith("{") for token in phrase):
            _adds_pair(phrase, seen)
            yield " ".join(phrase)
            continue
        yield from (" ".join(words) for words in _filled(phrase, lists) if _adds_pair(words, seen))
        # In later phrases only the first and last words of these lists can have new neighbours.
        lists |= {name: _edges(lists[name]) for name in (token.strip("{}") for token in phrase) if name in lists}


def covering_paths(graph: Automaton) -> Iterator[str]:
    """Enough phrases of a graph to have every pair of neighbouring words; for graphs with too many to spell out."""
    before = _shortest(graph.start, graph.arcs)
    after = _shortest(graph.end, [(target, source, word) for source, target, word in graph.arcs])
    leaving = by_source(graph.arcs) | {graph.end: [("</s>", graph.end)]}
    seen: set[tuple[str, str]] = set()
    for source, target, word in ((graph.start, graph.start, "<s>"), *graph.arcs):
        for following, then in leaving.get(target, ()):
            if (word, following) not in seen:
                words = (*reversed(before[source]), word, following, *after[then])
                phrase = tuple(one for one in words if one not in ("<s>", "</s>"))
                _adds_pair(phrase, seen)
                yield " ".join(phrase)


def by_source(arcs: Iterable[tuple[int, int, str]]) -> dict[int, list[tuple[str, int]]]:
    """By state, the words that lead on from it, each with the state it leads to."""
    leaving: dict[int, list[tuple[str, int]]] = {}
    for source, target, word in arcs:
        leaving.setdefault(source, []).append((word, target))
    return leaving


def _shortest(root: int, arcs: Iterable[tuple[int, int, str]]) -> dict[int, Phrase]:
    """For every state, the words of a shortest path from the root to it, the last word first."""
    leaving = by_source(arcs)
    ways: dict[int, Phrase] = {root: ()}
    order = [root]
    for state in order:
        for word, target in leaving.get(state, ()):
            if target not in ways:
                ways[target] = (word, *ways[state])
                order.append(target)
    return ways


def _filled(phrase: Phrase, lists: Mapping[str, Sequence[Phrase]]) -> Iterator[Phrase]:
    """The phrase with every value of its lists. All lists advance together, and short ones begin again. If there are
    several lists of 12 values at most, they are also shifted against each other, so that more values meet.
    """
    places = [lists[token.strip("{}")] if token.startswith("{") else [(token,)] for token in phrase]
    longest = max(len(values) for values in places)
    shifts = range(longest) if sum(len(values) > 1 for values in places) > 1 and longest <= 12 else range(1)
    for shift in shifts:
        for turn in range(longest):
            yield tuple(
                word for place, values in enumerate(places) for word in values[(turn + place * shift) % len(values)]
            )


def thinned(values: Iterable[Phrase]) -> Sequence[Phrase]:
    """Only the values that add a new pair of neighbouring words: of the weights about every ninth."""
    seen: set[tuple[str, str]] = set()
    return [value for value in values if _adds_pair(value, seen)]


def _edges(values: Sequence[Phrase]) -> Sequence[Phrase]:
    """One value for every first word and one for every last word."""
    edges = {(place, value[place]): value for value in values for place in (0, -1)}
    return tuple(dict.fromkeys(edges.values()))


def _adds_pair(words: Phrase, seen: set[tuple[str, str]]) -> bool:
    """Whether the words have a pair of neighbours that is not in `seen`; adds their pairs to `seen`."""
    added = {*zip(("<s>", *words), (*words, "</s>"), strict=True)} - seen
    seen |= added
    return bool(added)
