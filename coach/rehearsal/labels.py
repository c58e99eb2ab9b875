"""Words in a picture: how wide they are, where they are broken, and places where none covers another.

Widths are those of DejaVu Sans, the widest of the usual sans-serif fonts: in any other there is more room.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape

LINE = 1.2
"""Of a font's size."""
_NARROW, _WIDE = frozenset("ijltfrI.,:;'!|()[]- "), frozenset("mwMW%@")


@dataclass(frozen=True, slots=True)
class Label:
    """Lines of text in a box; pixels."""

    x: float
    lines: tuple[str, ...]
    size: float
    colour: str
    bold: bool = False
    style: str = ""
    """Further attributes of the text."""
    why: str = ""
    """Shown where a viewer points at it."""

    @property
    def width(self) -> float:
        """Of the widest line."""
        return max(width(line, self.size, self.bold) for line in self.lines)

    @property
    def height(self) -> float:
        """Of all lines."""
        return len(self.lines) * self.size * LINE

    def draw(self, top: float) -> str:
        """As SVG, the box's top at `top`."""
        title = f"<title>{escape(self.why)}</title>" if self.why else ""
        look = f'font-size="{self.size:g}" fill="{self.colour}" {self.style}' + ' font-weight="bold"' * self.bold
        first = top + self.size * 0.95
        return "\n".join(
            f'<text x="{self.x:.1f}" y="{first + number * self.size * LINE:.1f}" {look}>{title}{escape(line)}</text>'
            for number, line in enumerate(self.lines)
        )


@dataclass(slots=True)
class Shelf:
    """Labels under each other where they would cover one another; the first put lie highest."""

    placed: list[tuple[Label, float]] = field(default_factory=list)
    """With their tops, pixels below the shelf's own."""
    gap: float = 6.0
    """Pixels between two that stand side by side."""

    def put(self, labels: Iterable[Label]) -> None:
        """Each at its x, as high as there is room."""
        for label in labels:
            tops = sorted({0.0, *(top + other.height for other, top in self.placed)})
            self.placed.append((label, next(top for top in tops if self._is_free(label, top))))

    def _is_free(self, label: Label, top: float) -> bool:
        return not any(
            label.x < other.x + other.width + self.gap
            and other.x < label.x + label.width + self.gap
            and top < other_top + other.height
            and other_top < top + label.height
            for other, other_top in self.placed
        )

    @property
    def height(self) -> float:
        """Down to the lowest label's end."""
        return max((top + label.height for label, top in self.placed), default=0.0)

    def draw(self, top: float) -> list[str]:
        """As SVG, the shelf's top at `top`."""
        return [label.draw(top + below) for label, below in self.placed]


def width(text: str, size: float, bold: bool = False) -> float:
    """Pixels of a line of text."""
    return (
        (1.12 if bold else 1.0)
        * size
        * sum(0.40 if sign in _NARROW else 0.98 if sign in _WIDE else 0.74 if sign.isupper() else 0.64 for sign in text)
    )


def wrap(text: str, size: float, room: float, bold: bool = False) -> tuple[str, ...]:
    """Lines no wider than `room` pixels, or one word each."""
    lines: list[str] = []
    for word in text.split():
        if lines and width(f"{lines[-1]} {word}", size, bold) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(lines) or ("",)


def share(text: str, shares: list[float]) -> list[str]:
    """The words of a text parted as its time is: `shares` sum up to 1; a word belongs where it begins."""
    parts: list[list[str]] = [[] for _ in shares]
    ends = [sum(shares[: index + 1]) for index in range(len(shares))]
    begun = 0
    for word in text.split():
        at = begun / max(1, len(text))
        parts[next((index for index, end in enumerate(ends) if at < end - 1e-9), len(ends) - 1)].append(word)
        begun += len(word) + 1
    return [" ".join(words) for words in parts]
