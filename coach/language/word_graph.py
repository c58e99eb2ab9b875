"""Compiles trees of templates into one word graph, without ever spelling their phrases out.

Law: the graph has the phrases that `matching` understands, and no others. Pieces that touch ("light[s]") are one word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

from coach.language.phrases import END, LeavingArcs, automaton, minimal
from coach.language.templates import AnyOrder, Choice, Gap, Node, Series, Slot, Values, Word
from coach.ports import Automaton

_GAP = " "
_MAX_STATES = 200_000
"""Above this many states the graph is not made deterministic: a larger graph is better than none. A coffee machine with
10^9 orders has some hundreds of states."""

_Steps = tuple[Mapping[str, frozenset[int]], bool]
"""The next states of a state by word, and whether a phrase may end at the state. All states are between words."""


class Compiler:
    """Compiles the trees of one commands file; each list is minimised only once."""

    def __init__(self, skipped: Sequence[str] = ()) -> None:
        """`skipped`: phrases that may stand between any two words, at most two such phrases in a row."""
        self._skipped = [tuple(words.split()) for words in skipped]
        self._lists = cache(_minimal)

    def compile(self, trees: Iterable[Node]) -> Automaton:
        """One graph of all trees, deterministic and minimal, except that a word may lead to the end and to one other
        state. With more than `_MAX_STATES` states it is not deterministic.
        """
        net = _Net(self._skipped, self._lists)
        starts = frozenset(net.phrase(tree) for tree in trees)
        found = _determinised(net, starts)
        return minimal(*(found or _not_determinised(net, starts)))


def _minimal(values: Values) -> Automaton:
    return automaton([tuple(text.split()) for text in values.texts])


class _Net:
    """An automaton whose arcs are pieces of words, gaps, or empty; state 0 is the end of all phrases."""

    def __init__(self, skipped: Sequence[tuple[str, ...]], lists: Callable[[Values], Automaton]) -> None:
        self._arcs: list[list[tuple[str, int]]] = [[]]
        self._skipped = skipped
        self._lists = lists
        self._steps: dict[int, _Steps] = {}

    def phrase(self, tree: Node) -> int:
        """Add all phrases of a tree; returns the state at which they begin."""
        last = self._state()
        self._gap(last, END)
        inner = self._state()
        self._add(tree, inner, last)
        first = self._state()
        self._gap(first, inner)
        return first

    def steps(self, state: int) -> _Steps:
        """The words that may follow a state between words."""
        if state not in self._steps:
            self._steps[state] = self._explore(state)
        return self._steps[state]

    def _explore(self, state: int) -> _Steps:
        following: dict[str, set[int]] = {}
        seen = {(state, "")}
        waiting = [(state, "")]
        ends = False
        while waiting:
            here, word = waiting.pop()
            if here == END:
                if word:
                    following.setdefault(word, set()).add(END)
                else:
                    ends = True
            for label, target in self._arcs[here]:
                if label == _GAP and word:
                    following.setdefault(word, set()).add(target)
                    continue
                beyond = (target, word if label == _GAP else word + label)
                if beyond not in seen:
                    seen.add(beyond)
                    waiting.append(beyond)
        return {word: frozenset(targets) for word, targets in following.items()}, ends

    def _state(self) -> int:
        self._arcs.append([])
        return len(self._arcs) - 1

    def _link(self, source: int, label: str, target: int) -> None:
        self._arcs[source].append((label, target))

    def _gap(self, source: int, target: int) -> None:
        self._link(source, _GAP, target)
        if self._skipped:
            between = self._state()
            for place in (source, between):
                self._skip(place, target)
            self._skip(source, between)

    def _skip(self, source: int, target: int) -> None:
        """Add a gap and each skipped phrase between two states, then a gap."""
        for words in self._skipped:
            here = source
            for word in words:
                before, after = self._state(), self._state()
                self._link(here, _GAP, before)
                self._link(before, word, after)
                here = after
            self._link(here, _GAP, target)

    def _add(self, node: Node, source: int, target: int) -> None:
        match node:
            case Word(text):
                self._link(source, text, target)
            case Gap():
                self._gap(source, target)
            case Series(parts):
                for part in parts[:-1]:
                    middle = self._state()
                    self._add(part, source, middle)
                    source = middle
                if parts:
                    self._add(parts[-1], source, target)
                else:
                    self._link(source, "", target)
            case Choice(parts):
                for part in parts:
                    self._add(part, source, target)
            case AnyOrder(parts):
                self._add_any_order(parts, source, target)
            case Slot(_, values):
                self._add_values(values, source, target)

    def _add_any_order(self, parts: Sequence[Node], source: int, target: int) -> None:
        """Add a state for every set of parts that were said: 2^n states for n! orders."""
        every = (1 << len(parts)) - 1
        states = {0: source, every: target}
        for done in range(every):
            for index, part in enumerate(parts):
                more = done | 1 << index
                if more != done:
                    if more not in states:
                        states[more] = self._state()
                    self._add(part, states[done], states[more])

    def _add_values(self, values: Values, source: int, target: int) -> None:
        for node, _ in values.templates:
            self._add(node, source, target)
        if not values.texts:
            return
        graph = self._lists(values)
        states = {graph.start: source}
        for before, after, word in graph.arcs:
            if before not in states:
                states[before] = self._state()
            if after == graph.end:
                self._link(states[before], word, target)
                continue
            if after not in states:
                states[after] = self._state()
            middle = self._state()
            self._link(states[before], word, middle)
            self._link(middle, _GAP, states[after])


def _determinised(net: _Net, starts: frozenset[int]) -> tuple[LeavingArcs, int] | None:
    """A graph whose states are sets of the net's states; None if it has more than `_MAX_STATES`."""
    states: dict[frozenset[int], int] = {frozenset(): END}
    leaving: LeavingArcs = {}
    waiting: list[frozenset[int]] = []

    def number(members: frozenset[int]) -> int:
        if members not in states:
            states[members] = len(states)
            waiting.append(members)
        return states[members]

    def numbers(members: frozenset[int]) -> list[int]:
        ends = any(net.steps(member)[1] for member in members)
        going_on = frozenset(member for member in members if net.steps(member)[0])
        return [END] * ends + [number(going_on)] * bool(going_on)

    first = number(starts) if starts else END
    while waiting:
        members = waiting.pop()
        following: dict[str, frozenset[int]] = {}
        for member in members:
            for word, targets in net.steps(member)[0].items():
                following[word] = following[word] | targets if word in following else targets
        leaving[states[members]] = {word: numbers(targets) for word, targets in following.items()}
        if len(states) > _MAX_STATES:
            return None
    return leaving, first


def _not_determinised(net: _Net, starts: frozenset[int]) -> tuple[LeavingArcs, int]:
    """A graph with the net's own states, in which a word may lead to several states."""
    first = -1
    leaving: LeavingArcs = {}
    waiting = [(first, starts)]
    while waiting:
        state, members = waiting.pop()
        words: dict[str, list[int]] = {}
        for member in members:
            for word, targets in net.steps(member)[0].items():
                for target in targets:
                    following, ends = net.steps(target)
                    words.setdefault(word, []).extend([END] * ends + [target] * bool(following))
                    if following and target not in leaving:
                        leaving[target] = {}
                        waiting.append((target, frozenset({target})))
        leaving[state] = {word: list(dict.fromkeys(targets)) for word, targets in words.items()}
    return leaving, first
