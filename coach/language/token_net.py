"""A word graph as the tokens of a recogniser that writes: which token may follow, and which phrase has been written.

Law: the net allows the graph's phrases and no others. A phrase may begin with a capital or a small letter, have its
numbers in words or digits, and have commas, full stops and hyphens between its words.

The net is built during the search. A state of the word graph becomes a tree of tokens when a search first reaches the
state, so that a graph of 10^11 phrases costs only the states that are reached.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from coach.language.phrases import by_source
from coach.language.pieces import Pieces
from coach.language.spelling import Branch, capitalised, within_sentence, written_forms
from coach.ports import Automaton

_PAUSES = (",", ".", "!", "?", "...")
"""Marks that may stand between two words; the word behind a mark may begin with a capital letter."""
_HYPHEN = "-"
_DIGITS = frozenset("0123456789")

Words = tuple[str, ...]
Tokens = npt.NDArray[np.int64]


@dataclass(slots=True)
class TokenNode:
    """A node in the tree of tokens that lead from one state of the word graph to others."""

    following: dict[int, TokenNode] = field(default_factory=dict)
    completed: dict[int, Words] = field(default_factory=dict)
    """The states of the word graph that are reached here, each with the words that lead to it."""
    _tokens: Tokens | None = None

    def tokens(self) -> Tokens:
        """The keys of `following`, in its order. They are cached: call this only when the tree is complete."""
        if self._tokens is None:
            self._tokens = np.fromiter(self.following, np.int64, len(self.following))
        return self._tokens


@dataclass(frozen=True, slots=True)
class TokenReading:
    """One reading of the tokens so far."""

    node: TokenNode
    words: Words
    """The words that are complete so far."""


Position = tuple[TokenReading, ...]
"""Every reading of the tokens so far."""


class TokenNet:
    """All written forms of one graph's phrases."""

    def __init__(self, graph: Automaton, pieces: Pieces) -> None:
        """The trees of tokens are built later, when a search reaches them."""
        self._pieces = pieces
        self._end = graph.end
        self._arcs = by_source(graph.arcs)
        self._sentence_trees: dict[int, TokenNode] = {}
        self._trees: dict[int, TokenNode] = {}
        self._start = graph.start

    def start(self) -> Position:
        """The position before the first token."""
        return (TokenReading(self._tree(self._start, opening=True), ()),)

    def choices(self, position: Position) -> Iterator[tuple[Tokens, TokenNode, Words]]:
        """What may follow a position: tokens, the node whose children they are, and the words complete so far."""
        for reading in position:
            if reading.node.following:
                yield reading.node.tokens(), reading.node, reading.words
            for state, words in reading.node.completed.items():
                if state in self._arcs:
                    node = self._tree(state, opening=False)
                    yield node.tokens(), node, reading.words + words

    def phrase(self, position: Position) -> str | None:
        """The phrase that is complete at this position, if there is one."""
        for reading in position:
            words = reading.node.completed.get(self._end)
            if words is not None:
                return " ".join(reading.words + words)
        return None

    def _tree(self, state: int, *, opening: bool) -> TokenNode:
        """The tree of the tokens that lead on from a state. `opening`: at the beginning of a sentence."""
        known = self._sentence_trees if opening else self._trees
        if state not in known:
            known[state] = self._opened(state) if opening else self._continued(state)
        return known[state]

    def _opened(self, state: int) -> TokenNode:
        """The tree at the beginning of a sentence: every form also with a capital letter."""
        root = TokenNode()
        for written, words, target in self._spellings(state):
            self._add(root, self._pieces.encode(written), words, target)
            self._add(root, self._pieces.encode(capitalised(written)), words, target)
        return root

    def _continued(self, state: int) -> TokenNode:
        """The tree within a sentence: a mark or a hyphen may come before the next form."""
        root, joined = TokenNode(), TokenNode()
        for written, words, target in self._spellings(state):
            self._add(root, self._pieces.encode(written), words, target)
            self._add(joined, self._pieces.encode(written, True), words, target)
            if written in _DIGITS:
                # Digits may follow each other without a space: "312" is three, one, two.
                self._add(root, self._pieces.encode(written, True), words, target)
        sentence = self._tree(state, opening=True)
        for pause in _PAUSES:
            token = self._pieces.number(pause)
            if token is not None:
                root.following.setdefault(token, sentence)
        hyphen = self._pieces.number(_HYPHEN)
        if hyphen is not None:
            root.following.setdefault(hyphen, joined)
        return root

    def _add(self, root: TokenNode, tokens: tuple[int, ...], words: Words, target: int) -> None:
        for token in tokens:
            root = root.following.setdefault(token, TokenNode())
        root.completed.setdefault(target, words)

    def _spellings(self, state: int) -> Iterator[tuple[str, Words, int]]:
        """Every written form that leads on from a state: the text, its words, and the state behind them."""
        for word, target in self._arcs.get(state, ()):
            yield within_sentence(word), (word,), target
        yield from self._special(state, (), written_forms())

    def _special(self, state: int, words: Words, branch: Branch) -> Iterator[tuple[str, Words, int]]:
        for word, target in self._arcs.get(state, ()):
            deeper = branch.following.get(word)
            if deeper is None:
                continue
            for written in deeper.written:
                yield written, (*words, word), target
            if deeper.following:
                yield from self._special(target, (*words, word), deeper)
