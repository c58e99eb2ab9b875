"""Draws the timing figures: errors of the beat over time, and the share of reactions within a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from lab.benchmarks.figures import Figure

_WIDE, _HIGH, _LEFT, _TOP, _GAP = 620, 240, 60, 40, 70
_TEXT = 470
"""Pixels for the legend beside a panel."""
_COLOURS = ("#1f6fb4", "#d1495b", "#2e8b57", "#8a5fbf", "#c77f1a", "#2aa7a7", "#7a6a53", "#d36ba6")
_NAIVE = ("#777777", "#aaaaaa", "#555555", "#bbbbbb", "#8f8f8f", "#666666")
_MOST_MS = 2000.0
"""Longest reaction in the picture, in milliseconds."""
_BEAT_MS = 15.0
"""Largest error of a beat in the picture, early or late, in milliseconds."""


@dataclass(frozen=True, slots=True)
class _Panel:
    """A plot and the values of its edges."""

    top: int
    across: tuple[float, float]
    up: tuple[float, float]

    def x(self, value: float) -> float:
        low, high = self.across
        return _LEFT + (min(max(value, low), high) - low) / (high - low) * _WIDE

    def y(self, value: float) -> float:
        low, high = self.up
        return self.top + _HIGH - (min(max(value, low), high) - low) / (high - low) * _HIGH

    def frame(self, title: str, marks: Sequence[float], levels: Sequence[float], unit: str) -> list[str]:
        parts = [_text(_LEFT, self.top - 12, title, 15)]
        parts += [_line((self.x(mark), self.top), (self.x(mark), self.top + _HIGH), "#eeeeee") for mark in marks]
        parts += [_text(self.x(mark) - 8, self.top + _HIGH + 16, f"{mark:g}") for mark in marks]
        parts += [_line((_LEFT, self.y(level)), (_LEFT + _WIDE, self.y(level)), "#eeeeee") for level in levels]
        parts += [_text(8, self.y(level) + 4, f"{level:g}") for level in levels]
        return [*parts, _text(_LEFT + _WIDE - 20, self.top + _HIGH + 32, unit)]


def draw(path: Path, groups: Sequence[tuple[str, Sequence[Figure]]]) -> None:
    """Writes the SVG: the first group over time, the other groups as shares of what was said."""
    step = _TOP + _HIGH + _GAP
    parts = _beats(_TOP, *groups[0])
    for index, (title, figures) in enumerate(groups[1:], start=1):
        parts += _shares(_TOP + index * step, title, figures)
    size = f'width="{_LEFT + _WIDE + _TEXT}" height="{len(groups) * step}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">'
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join([head, '<rect width="100%" height="100%" fill="white"/>', *parts, "</svg>\n"]))


def _beats(top: int, title: str, figures: Sequence[Figure]) -> list[str]:
    """Draws one dot for each count."""
    shown = [figure for figure in figures if figure.at]
    longest = max((figure.at[-1] for figure in shown), default=1.0)
    panel = _Panel(top, (0.0, longest), (-_BEAT_MS, _BEAT_MS))
    seconds = range(0, round(longest) + 1, max(1, round(longest / 10)))
    parts = panel.frame(title, list(seconds), [-15, -10, -5, 0, 5, 10, 15], "s")
    parts.append(_text(_LEFT, top + _HIGH + 32, "early is below, late above, ms; beyond the edge at the edge"))
    for number, (figure, colour) in enumerate(_coloured(shown)):
        for at, error in zip(figure.at, figure.values, strict=True):
            parts.append(f'<circle cx="{panel.x(at):.1f}" cy="{panel.y(error):.1f}" r="2.2" fill="{colour}"/>')
        parts += _legend(top, number, figure, colour)
    return parts


def _shares(top: int, title: str, figures: Sequence[Figure]) -> list[str]:
    """Draws curves that rise with every reaction up to the share that was acted on; bars are broken lines."""
    panel = _Panel(top, (0.0, _MOST_MS), (0.0, 1.0))
    parts = panel.frame(title, range(0, 2001, 200), [0, 0.25, 0.5, 0.75, 1.0], "ms")
    parts.append(
        _text(_LEFT, top + _HIGH + 32, "share of all that was said; what is missing at the right was not acted on")
    )
    bars = {bar for figure in figures for bar in figure.bars}
    for percent, most in sorted(bars):
        x = panel.x(most)
        parts.append(_line((x, top), (x, top + _HIGH), "#000000", 'stroke-dasharray="4 4"'))
        parts.append(_text(x + 3, panel.y(percent / 100) + 14, f"p{percent} {most:g}"))
    for number, (figure, colour) in enumerate(_coloured(figures)):
        total = len(figure.values) + figure.missed
        points, share = [(panel.x(0.0), panel.y(0.0))], 0.0
        for rank, value in enumerate(sorted(value for value in figure.values if value <= _MOST_MS), start=1):
            points.append((panel.x(value), panel.y(share)))
            share = rank / total
            points.append((panel.x(value), panel.y(share)))
        points.append((panel.x(_MOST_MS), panel.y(share)))
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.6"/>')
        parts += _legend(top, number, figure, colour)
    return parts


def _coloured(figures: Sequence[Figure]) -> list[tuple[Figure, str]]:
    """Gives the coach's figures colours, and the naive yardsticks greys."""
    kinds = {naive: [figure for figure in figures if figure.naive is naive] for naive in (False, True)}
    return [
        (figure, palette[index % len(palette)])
        for naive, palette in ((False, _COLOURS), (True, _NAIVE))
        for index, figure in enumerate(kinds[naive])
    ]


def _legend(top: int, number: int, figure: Figure, colour: str) -> list[str]:
    left, y = _LEFT + _WIDE + 20, top + 10 + 20 * number
    return [f'<rect x="{left}" y="{y - 9}" width="10" height="10" fill="{colour}"/>', _text(left + 16, y, figure.name)]


def _line(start: tuple[float, float], end: tuple[float, float], colour: str, more: str = "") -> str:
    (x1, y1), (x2, y2) = start, end
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" {more}/>'


def _text(x: float, y: float, text: str, size: int = 12) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}">{escape(text)}</text>'
