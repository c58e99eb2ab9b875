"""Counts what was heard: shares, delays and costs of any selection of outcomes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from lab.benchmarks.hearing.clips import Kind
from lab.benchmarks.hearing.trials import HeardTrial, Outcome

Figure = Callable[[Sequence[HeardTrial]], float]
"""One number about some outcomes; there is at least one outcome."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A selection of outcomes from this run, and the same selection from an earlier run."""

    now: Sequence[HeardTrial]
    before: Sequence[HeardTrial] = ()

    def matching(self, holds: Callable[[HeardTrial], bool]) -> Compared:
        """Returns the outcomes for which `holds` is true."""
        return Compared([one for one in self.now if holds(one)], [one for one in self.before if holds(one)])

    def where(self, **values: str) -> Compared:
        """Returns the outcomes with these values in the fields of these names."""
        return self.matching(lambda one: all(getattr(one, name) == value for name, value in values.items()))

    def by(self, *names: str) -> Iterator[tuple[tuple[str, ...], Compared]]:
        """Yields a selection for each combination of values of these fields, in the order of this run."""
        for key in dict.fromkeys(tuple(getattr(one, name) for name in names) for one in self.now):
            yield key, self.where(**dict(zip(names, key, strict=True)))

    def show(self, figure: Figure, form: str = "{:.1f}") -> str:
        """Returns a figure, and in brackets that of the earlier run."""
        if not self.now:
            return ""
        return form.format(figure(self.now)) + (f" ({form.format(figure(self.before))})" if self.before else "")


def is_command(one: HeardTrial) -> bool:
    return one.kind == Kind.COMMAND.value and bool(one.meant)


def is_right(one: HeardTrial) -> bool:
    return one.outcome == Outcome.RIGHT.value


def share(heard: Sequence[HeardTrial], outcome: Outcome) -> float:
    return 100 * sum(one.outcome == outcome.value for one in heard) / len(heard)


def right(heard: Sequence[HeardTrial]) -> float:
    return share(heard, Outcome.RIGHT)


def wrong(heard: Sequence[HeardTrial]) -> float:
    return share(heard, Outcome.WRONG)


def missed(heard: Sequence[HeardTrial]) -> float:
    return share(heard, Outcome.MISSED)


def delay_percentile(heard: Sequence[HeardTrial], percentile: int) -> float:
    """Returns a percentile of the delays in milliseconds: one of the values, because the slowest may be infinite."""
    late = sorted(np.inf if one.late_s is None else one.late_s for one in heard)
    return 1000 * late[min(len(late) - 1, len(late) * percentile // 100)]


def median_delay(heard: Sequence[HeardTrial]) -> float:
    return delay_percentile(heard, 50)


def p95_delay(heard: Sequence[HeardTrial]) -> float:
    return delay_percentile(heard, 95)


def cpu(heard: Sequence[HeardTrial]) -> float:
    return sum(one.cpu_s for one in heard) / sum(one.sound_s for one in heard)
