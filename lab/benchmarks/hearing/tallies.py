"""Counts what was heard: shares, delays and costs of any selection of outcomes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from lab.benchmarks.hearing.clips import Kind
from lab.benchmarks.hearing.trials import Heard, Outcome

Figure = Callable[[Sequence[Heard]], float]
"""One number about some outcomes; there is at least one outcome."""


@dataclass(frozen=True, slots=True)
class Both:
    """A selection of outcomes from this run, and the same selection from an earlier run."""

    now: Sequence[Heard]
    before: Sequence[Heard] = ()

    def of(self, holds: Callable[[Heard], bool]) -> Both:
        """Returns the outcomes for which `holds` is true."""
        return Both([one for one in self.now if holds(one)], [one for one in self.before if holds(one)])

    def where(self, **values: str) -> Both:
        """Returns the outcomes with these values in the fields of these names."""
        return self.of(lambda one: all(getattr(one, name) == value for name, value in values.items()))

    def by(self, *names: str) -> Iterator[tuple[tuple[str, ...], Both]]:
        """Yields a selection for each combination of values of these fields, in the order of this run."""
        for key in dict.fromkeys(tuple(getattr(one, name) for name in names) for one in self.now):
            yield key, self.where(**dict(zip(names, key, strict=True)))

    def show(self, figure: Figure, form: str = "{:.1f}") -> str:
        """Returns a figure, and in brackets that of the earlier run."""
        if not self.now:
            return ""
        return form.format(figure(self.now)) + (f" ({form.format(figure(self.before))})" if self.before else "")


def is_command(one: Heard) -> bool:
    return one.kind == Kind.COMMAND.value and bool(one.meant)


def is_right(one: Heard) -> bool:
    return one.outcome == Outcome.RIGHT.value


def share(heard: Sequence[Heard], outcome: Outcome) -> float:
    return 100 * sum(one.outcome == outcome.value for one in heard) / len(heard)


def right(heard: Sequence[Heard]) -> float:
    return share(heard, Outcome.RIGHT)


def wrong(heard: Sequence[Heard]) -> float:
    return share(heard, Outcome.WRONG)


def missed(heard: Sequence[Heard]) -> float:
    return share(heard, Outcome.MISSED)


def late(heard: Sequence[Heard], percentile: int) -> float:
    """Returns a percentile of the delays in milliseconds: one of the values, because the slowest may be infinite."""
    late = sorted(np.inf if one.late_s is None else one.late_s for one in heard)
    return 1000 * late[min(len(late) - 1, len(late) * percentile // 100)]


def late_half(heard: Sequence[Heard]) -> float:
    return late(heard, 50)


def late_most(heard: Sequence[Heard]) -> float:
    return late(heard, 95)


def cpu(heard: Sequence[Heard]) -> float:
    return sum(one.cpu_s for one in heard) / sum(one.sound_s for one in heard)
