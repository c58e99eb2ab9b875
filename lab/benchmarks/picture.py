"""Draws the timing figures: errors of the beat over time, and the share of reactions within a time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Page

from lab.benchmarks.figures import Figure

_MAX_MS = 2000.0
"""Longest reaction in the picture, in milliseconds."""
_BEAT_MS = 15.0
"""Largest error of a beat in the picture, early or late, in milliseconds."""


def draw(path: Path, groups: Sequence[tuple[str, Sequence[Figure]]]) -> None:
    """Writes the SVG: the first group over time, the other groups as shares of what was said."""
    page = Page(figsize=(12, 3.6 * len(groups)), layout="constrained")
    panels = np.atleast_1d(page.subplots(len(groups)))
    for panel, (title, figures), plot in zip(panels, groups, (_beats, *[_shares] * len(groups)), strict=False):
        panel.set_title(title, loc="left")
        panel.grid(color="#eeeeee")
        plot(panel, figures)
        panel.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    path.parent.mkdir(exist_ok=True)
    page.savefig(path)


def _colours(figures: Sequence[Figure]) -> list[str]:
    """Colours for the coach's figures, greys for the naive yardsticks."""
    return [f"{0.4 + 0.1 * (at % 5):.1f}" if figure.naive else f"C{at}" for at, figure in enumerate(figures)]


def _beats(panel: Axes, figures: Sequence[Figure]) -> None:
    """One dot for each count; an error beyond the edge is at the edge."""
    shown = [figure for figure in figures if figure.at]
    for figure, colour in zip(shown, _colours(shown), strict=True):
        errors = np.clip(figure.values, -_BEAT_MS, _BEAT_MS)
        panel.plot(figure.at, errors, ".", color=colour, label=figure.name, markersize=4)
    panel.set(xlabel="s", ylabel="early is below, late above, ms", ylim=(-_BEAT_MS, _BEAT_MS))


def _shares(panel: Axes, figures: Sequence[Figure]) -> None:
    """Curves that rise with every reaction up to the share that was acted on; bars are broken lines."""
    for percent, longest in sorted({bar for figure in figures for bar in figure.bars}):
        panel.axvline(longest, color="black", linestyle="--", linewidth=1)
        panel.annotate(f"p{percent} {longest:g}", (longest, percent / 100))
    for figure, colour in zip(figures, _colours(figures), strict=True):
        values = sorted(value for value in figure.values if value <= _MAX_MS)
        shares = np.arange(len(values) + 1) / max(1, len(figure.values) + figure.missed)
        times, heights = [0.0, *values, _MAX_MS], [*shares, shares[-1]]
        panel.step(times, heights, where="post", color=colour, label=figure.name)
    panel.set(xlabel="ms", ylabel="share of all that was said", xlim=(0, _MAX_MS), ylim=(0, 1))
