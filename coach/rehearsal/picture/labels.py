"""Text in a picture: its width, its line breaks, and places where no text covers another.

Widths are those of DejaVu Sans, the widest of the usual sans-serif fonts: any other font needs less room.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape

LINE_HEIGHT = 1.2
"""Line height, as a multiple of the font size."""
_NARROW, _WIDE = frozenset("ijltfrI.,:;'!|()[]- "), frozenset("mwMW%@")


@dataclass(frozen=True, slots=True)
class Label:
    """Lines of text in a box; lengths are in pixels."""

    x: float
    lines: tuple[str, ...]
    size: float
    colour: str
    bold: bool = False
    style: str = ""
    """Further SVG attributes of the text."""
    tooltip: str = ""
    """Text that is shown when a viewer points at the label."""

    @property
    def width(self) -> float:
        """Width of the widest line."""
        return max(width(line, self.size, self.bold) for line in self.lines)

    @property
    def height(self) -> float:
        """Height of all lines."""
        return len(self.lines) * self.size * LINE_HEIGHT

    def draw(self, top: float) -> str:
        """Returns the label as SVG; `top`: y of the box's top."""
        title = f"<title>{escape(self.tooltip)}</title>" if self.tooltip else ""
        look = f'font-size="{self.size:g}" fill="{self.colour}" {self.style}' + ' font-weight="bold"' * self.bold
        first, step = top + self.size * 0.95, self.size * LINE_HEIGHT
        return "\n".join(
            f'<text x="{self.x:.1f}" y="{first + number * step:.1f}" {look}>{title}{escape(line)}</text>'
            for number, line in enumerate(self.lines)
        )


@dataclass(slots=True)
class Shelf:
    """Places labels under each other where they would overlap; labels that are put first lie highest."""

    placed: list[tuple[Label, float]] = field(default_factory=list)
    """Each label with its top, in pixels below the shelf's top."""
    gap: float = 6.0
    """Pixels between two labels side by side."""

    def put(self, labels: Iterable[Label]) -> None:
        """Places each label at its x, as high as there is room."""
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
        """Pixels from the shelf's top to the end of the lowest label."""
        return max((top + label.height for label, top in self.placed), default=0.0)

    def draw(self, top: float) -> list[str]:
        """Returns every label as SVG; `top`: y of the shelf's top."""
        return [label.draw(top + below) for label, below in self.placed]


def width(text: str, size: float, bold: bool = False) -> float:
    """Returns the width of a line of text, in pixels."""
    return (
        (1.12 if bold else 1.0)
        * size
        * sum(0.40 if sign in _NARROW else 0.98 if sign in _WIDE else 0.74 if sign.isupper() else 0.64 for sign in text)
    )


def wrap(text: str, size: float, room: float, bold: bool = False) -> tuple[str, ...]:
    """Breaks text into lines of at most `room` pixels; a wider word is a line by itself."""
    lines: list[str] = []
    for word in text.split():
        if lines and width(f"{lines[-1]} {word}", size, bold) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(lines) or ("",)


def split_by_time(text: str, shares: list[float]) -> list[str]:
    """Splits the words of a text by `shares` of its time, which sum to 1; a word belongs to the share it begins in."""
    parts: list[list[str]] = [[] for _ in shares]
    ends = [sum(shares[: index + 1]) for index in range(len(shares))]
    begun = 0
    for word in text.split():
        at = begun / max(1, len(text))
        parts[next((index for index, end in enumerate(ends) if at < end - 1e-9), len(ends) - 1)].append(word)
        begun += len(word) + 1
    return [" ".join(words) for words in parts]
