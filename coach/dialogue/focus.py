"""What went wrong, and what the next repetitions are about because of it.

Law: of two faults the more dangerous comes first, and neither is forgotten. A fault counts again only when it was told
of another repetition.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from coach.content.model import Correction, Pack

REPS = 2
"""For how many repetitions a correction stays the one cue."""


@dataclass(slots=True)
class Focus:
    """Of one workout."""

    pack: Pack
    watched: str | None = None
    """The topic that the lifter has picked."""
    avoided: frozenset[str] = frozenset()
    """Topics that work against what went wrong today."""
    told: Counter[str] = field(default_factory=Counter)
    """Report -> how often in this set."""
    late: Counter[str] = field(default_factory=Counter)
    """How often of these in the second half of the set."""
    _left: dict[str, int] = field(default_factory=dict)
    """Topic -> repetitions in which it is the one cue."""

    def begin_set(self) -> None:
        """Faults are counted anew; what is to be cued stays."""
        self.told.clear()
        self.late.clear()

    def count(self, what: str, late: bool) -> int:
        """The fault was told of a repetition; how often in this set."""
        self.told[what] += 1
        self.late[what] += late
        return self.told[what]

    def put(self, correction: Correction) -> None:
        """Its topic is the one cue of the next repetitions."""
        self._left[correction.topic] = REPS
        self.avoided |= correction.avoid

    def next(self) -> str | None:
        """The topic of the repetition that is laid out now."""
        if not self._left:
            return None
        topic = min(self._left, key=self.pack.topics.index)
        self._left[topic] -= 1
        if not self._left[topic]:
            del self._left[topic]
        return topic

    @property
    def worst(self) -> str | None:
        """The report of this set that is to be spoken of: the most dangerous one that has a name."""
        named = [what for what in self.told if self.pack.corrections[what].name]
        return min(named, key=lambda what: self.pack.topics.index(self.pack.corrections[what].topic), default=None)
