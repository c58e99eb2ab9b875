"""A measured figure with its spread and its bar, and the table of figures."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    name: str
    values: tuple[float, ...]
    """Values in milliseconds, or in `unit`."""
    signed: bool = True
    """False for errors of the beat: an early beat is as wrong as a late beat."""
    at: tuple[float, ...] = ()
    """Second of each value of a beat, for the picture."""
    missed: int = 0
    """Number of misses: words that were said and not acted on."""
    drift: float | None = None
    """Slope of the error over time, in millionths."""
    bars: tuple[tuple[int, float], ...] = ()
    """Percentiles and their bars, in the unit of the values."""
    most_drift: float | None = None
    unit: str = "ms"
    naive: bool = False
    """Whether the figure is of a naive yardstick, not of the coach."""

    def percentile(self, percent: int) -> float:
        """Returns a percentile of the values; of their absolute values if `signed` is false."""
        return float(np.percentile(self.values if self.signed else np.abs(self.values), percent))

    def kept(self) -> bool | None:
        """Whether the figure is within its bars; a miss counts as infinitely late. None: there is nothing to judge."""
        if not (self.values or self.missed) or not (self.bars or self.most_drift):
            return None
        sizes = sorted(value if self.signed else abs(value) for value in self.values)
        late = sizes + [math.inf] * self.missed
        spread = all(late[math.ceil(percent / 100 * len(late)) - 1] <= most for percent, most in self.bars)
        return spread and (self.most_drift is None or abs(self.drift or 0.0) <= self.most_drift)

    def cells(self) -> tuple[str, ...]:
        """Returns the cells of the figure's row in the table."""
        form: Callable[[float], str] = "{:.0f}".format if self.unit == "samples" else "{:.1f}".format
        shown = [form(self.percentile(percent)) for percent in (50, 95, 99, 100)] if self.values else ["-"] * 4
        bars = [f"{_PERCENT[percent]} {most:g}" for percent, most in self.bars]
        bars += [] if self.most_drift is None else [f"drift {self.most_drift:g}"]
        verdict = {True: "kept", False: "MISSED", None: ""}[self.kept()]
        drift = "" if self.drift is None else f"{self.drift:.0f}"
        count, missed = str(len(self.values)), str(self.missed)
        return (self.name, self.unit, count, missed, *shown, drift, ", ".join(bars) or "-", verdict)


_PERCENT = {50: "p50", 95: "p95", 99: "p99", 100: "worst"}
_HEAD = ("", "unit", "n", "missed", "p50", "p95", "p99", "worst", "drift ppm", "bar", "")


def table(groups: Sequence[tuple[str, Sequence[Figure]]]) -> str:
    """Returns the table of all figures, group by group."""
    rows = [(head, [figure.cells() for figure in figures]) for head, figures in groups]
    cells = [_HEAD, *(row for _, group in rows for row in group)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(_HEAD))]
    lines = [_line(_HEAD, widths)]
    for head, group in rows:
        lines += ["", head, *(_line(row, widths) for row in group)]
    return "\n".join(lines)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    left = {0, 1, len(row) - 1, len(row) - 2}
    cells = (
        cell.ljust(width) if column in left else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join(cells).rstrip()
