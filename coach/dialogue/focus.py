"""Which faults were reported, and which topics the next repetitions are cued on because of them.

Law: of two faults the more dangerous is cued first, and neither is forgotten. A fault counts again only when it was
reported of another repetition.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from coach.content.model import Correction, Pack

FOCUS_REPS = 2
"""Number of repetitions in which a correction's topic is the only cue."""


@dataclass(slots=True)
class Focus:
    """The reported faults and chosen topics of one workout."""

    pack: Pack
    watched_topic: str | None = None
    """The topic that the lifter has picked."""
    avoided_topics: frozenset[str] = frozenset()
    """Topics that work against a correction of today."""
    reports_in_set: Counter[str] = field(default_factory=Counter)
    """Name of a report -> how often the fault was reported in this set."""
    late_reports: Counter[str] = field(default_factory=Counter)
    """Name of a report -> how often the fault was reported in the second half of the set."""
    _reps_left: dict[str, int] = field(default_factory=dict)
    """Topic -> number of repetitions in which it is still to be the only cue."""

    def begin_set(self) -> None:
        """Count faults from 0 again; the topics to be cued stay."""
        self.reports_in_set.clear()
        self.late_reports.clear()

    def count_report(self, intent: str, late: bool) -> int:
        """Count a report of a fault; returns how often the fault was reported in this set."""
        self.reports_in_set[intent] += 1
        self.late_reports[intent] += late
        return self.reports_in_set[intent]

    def focus_on(self, correction: Correction) -> None:
        """Make the correction's topic the only cue of the next repetitions."""
        self._reps_left[correction.topic] = FOCUS_REPS
        self.avoided_topics |= correction.avoid

    def take_topic(self) -> str | None:
        """The topic for the repetition that is laid out now; None: no correction is pending."""
        if not self._reps_left:
            return None
        topic = min(self._reps_left, key=self.pack.topics.index)
        self._reps_left[topic] -= 1
        if not self._reps_left[topic]:
            del self._reps_left[topic]
        return topic

    @property
    def worst_report(self) -> str | None:
        """The most dangerous report of this set that has a name to be said; None: there is none."""
        named = [intent for intent in self.reports_in_set if self.pack.corrections[intent].name]
        return min(named, key=lambda intent: self.pack.topics.index(self.pack.corrections[intent].topic), default=None)
