"""The texts that a word graph accepts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from coach.ports import Automaton


class Paths:
    """The paths of a word graph."""

    def __init__(self, graph: Automaton) -> None:
        self._graph = graph
        self._steps: dict[tuple[int, str], set[int]] = defaultdict(set)
        for source, target, word in graph.arcs:
            self._steps[source, word].add(target)

    def accept(self, text: str) -> bool:
        """Whether the whole text is accepted."""
        words = text.split()
        return len(words) in self.accepted_lengths(words)

    def accepted_lengths(self, words: Sequence[str]) -> Iterator[int]:
        """The numbers of words at the beginning that are accepted by themselves."""
        here = {self._graph.start}
        for length in range(len(words) + 1):
            if self._graph.end in here:
                yield length
            if length < len(words):
                here = {target for state in here for target in self._steps.get((state, words[length]), ())}
