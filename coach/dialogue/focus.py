"""Which faults were reported, and which topics the next repetitions are cued on because of them.

Law: of two faults the more dangerous is cued first, and neither is forgotten. A fault counts again only when it was
reported of another repetition.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from coach.content.model import Correction, Pack

REPS = 2
"""Number of repetitions in which a correction's topic is the only cue."""


@dataclass(slots=True)
class Focus:
    """The reported faults and chosen topics of one workout."""

    pack: Pack
    watched: str | None = None
    """The topic that the lifter has picked."""
    avoided: frozenset[str] = frozenset()
    """Topics that work against a correction of today."""
    told: Counter[str] = field(default_factory=Counter)
    """Name of a report -> how often the fault was reported in this set."""
    late: Counter[str] = field(default_factory=Counter)
    """Name of a report -> how often the fault was reported in the second half of the set."""
    _left: dict[str, int] = field(default_factory=dict)
    """Topic -> number of repetitions in which it is still to be the only cue."""

    def begin_set(self) -> None:
        """Count faults from 0 again; the topics to be cued stay."""
        self.told.clear()
        self.late.clear()

    def count(self, what: str, late: bool) -> int:
        """Count a report of a fault; returns how often the fault was reported in this set."""
        self.told[what] += 1
        self.late[what] += late
        return self.told[what]

    def put(self, correction: Correction) -> None:
        """Make the correction's topic the only cue of the next repetitions."""
        self._left[correction.topic] = REPS
        self.avoided |= correction.avoid

    def next(self) -> str | None:
        """The topic for the repetition that is laid out now; None: no correction is pending."""
        if not self._left:
            return None
        topic = min(self._left, key=self.pack.topics.index)
        self._left[topic] -= 1
        if not self._left[topic]:
            del self._left[topic]
        return topic

    @property
    def worst(self) -> str | None:
        """The most dangerous report of this set that has a name to be said; None: there is none."""
        named = [what for what in self.told if self.pack.corrections[what].name]
        return min(named, key=lambda what: self.pack.topics.index(self.pack.corrections[what].topic), default=None)
