"""The word graph of whole utterances, made from the graph of single phrases.

Law: the graph allows what `breath.meanings` understands, except utterances of fillers only. The graph has no cycles. It
costs two copies of the phrases and some hundreds of arcs for the fillers; the phrases are not compiled again.
"""

from __future__ import annotations

from coach.language.habits import MAX_FILLERS, NO_HABITS, Habits
from coach.language.numbers import NUMBER_WORDS
from coach.language.phrases import END
from coach.ports import Automaton

_EMPTY = Automaton(END, END, ())


def utterance_graph(
    phrases: Automaton, habits: Habits, wake_word: str | None = None, alone_only: Automaton = _EMPTY
) -> Automaton:
    """The graph of phrases with fillers around them, and of two phrases in one breath if `habits.pairs` allows it.

    `wake_word`: may stand in front of such an utterance, or alone, with fillers before it. `alone_only`: phrases
    that are never one of two.
    """
    if not alone_only.arcs and (not phrases.arcs or (habits == NO_HABITS and wake_word is None)):
        return phrases
    return _Builder(phrases, habits).build(wake_word, alone_only)


class _Builder:
    """Builds one graph."""

    def __init__(self, phrases: Automaton, habits: Habits) -> None:
        self._phrases = phrases
        self._habits = habits
        self._arcs: dict[tuple[int, int, str], None] = {}
        self._states = 1

    def build(self, wake_word: str | None, alone_only: Automaton) -> Automaton:
        tail = self._tail()
        phrase = self._copy(self._phrases, tail, *self._between(tail))
        if alone_only.arcs:
            self._copy_arcs(phrase, self._copy(alone_only, tail))
        start = self._before(phrase)
        if wake_word is not None:
            called = self._before(phrase)
            place = start
            for fillers in range(MAX_FILLERS + 1):
                self._arcs |= {(place, target, wake_word): None for target in (END, called)}
                if fillers < MAX_FILLERS:
                    following = self._state()
                    self._tokens(place, self._habits.fillers, following)
                    place = following
        return Automaton(start, END, tuple(self._arcs))

    def _state(self) -> int:
        self._states += 1
        return self._states - 1

    def _tokens(self, source: int, tokens: tuple[str, ...], *targets: int) -> None:
        """Add each of the tokens, a word or several, from one state to every target."""
        for token in tokens:
            *ahead, last = token.split()
            here = source
            for word in ahead:
                beyond = self._state()
                self._arcs[here, beyond, word] = None
                here = beyond
            for target in targets:
                self._arcs[here, target, last] = None

    def _copy(
        self, phrases: Automaton, ends: tuple[int, ...], behind: int | None = None, behind_number: int | None = None
    ) -> int:
        """Add a copy of the phrases that leads to the states `ends`; returns the state at which the copy begins.

        `behind`: one more state to lead to. `behind_number`: replaces `behind` for phrases that end with a number.
        """
        shift = self._states
        self._states += 1 + max((max(source, target) for source, target, _ in phrases.arcs), default=0)
        for source, target, word in phrases.arcs:
            more = behind_number if word in NUMBER_WORDS else behind
            last = ends if more is None else (*ends, more)
            for beyond in last if target == phrases.end else (target + shift,):
                self._arcs[source + shift, beyond, word] = None
        return phrases.start + shift

    def _copy_arcs(self, state: int, other: int) -> None:
        """Give `state` the outgoing arcs of `other`, too."""
        self._arcs |= {(state, target, word): None for source, target, word in [*self._arcs] if source == other}

    def _tail(self) -> tuple[int, ...]:
        """The states that the last phrase leads to: the end, and a state from which fillers may follow."""
        if not self._habits.fillers:
            return (END,)
        here: tuple[int, ...] = (END,)
        for _ in range(MAX_FILLERS):
            state = self._state()
            self._tokens(state, self._habits.fillers, *here)
            here = (END, state)
        return here

    def _between(self, tail: tuple[int, ...]) -> tuple[int, ...]:
        """Add the second phrases; returns the state behind a first phrase, and the state behind one that ends with a
        number. Returns no states if an utterance has one phrase only.
        """
        if not self._habits.pairs:
            return ()
        second = self._copy(self._phrases, tail)
        here: tuple[int, ...] = (second,)
        for _ in range(MAX_FILLERS - 1):
            state = self._state()
            self._tokens(state, self._habits.between, *here)
            here = (second, state)
        behind_number = self._state()
        self._tokens(behind_number, self._habits.between, *here)
        behind = self._state()
        self._copy_arcs(behind, behind_number)
        for source, target, word in [*self._arcs]:
            if source == second:
                self._arcs[behind, target, word] = None
                if word not in NUMBER_WORDS:
                    self._arcs[behind_number, target, word] = None
        return behind, behind_number

    def _before(self, phrase: int) -> int:
        """Add a state from which the phrases follow, with or without fillers before them."""
        here: tuple[int, ...] = (phrase,)
        for _ in range(MAX_FILLERS - 1):
            state = self._state()
            self._tokens(state, self._habits.fillers, *here)
            here = (phrase, state)
        start = self._state()
        self._copy_arcs(start, phrase)
        self._tokens(start, self._habits.fillers, *here)
        return start
