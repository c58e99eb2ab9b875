"""The texts that a word graph accepts."""

from __future__ import annotations

from collections import defaultdict

from coach.ports import Automaton


class Paths:
    """The paths of a word graph."""

    def __init__(self, graph: Automaton) -> None:
        self._graph = graph
        self._steps: dict[tuple[int, str], set[int]] = defaultdict(set)
        for source, target, word in graph.arcs:
            self._steps[source, word].add(target)

    def accept(self, text: str) -> bool:
        here = {self._graph.start}
        for word in text.split():
            here = {target for state in here for target in self._steps.get((state, word), ())}
        return self._graph.end in here
