"""An address as a QR code for a terminal."""

from __future__ import annotations

import segno

_WHITE = 2
"""Modules around it; the standard has four, phones take two."""
_BLACK_ON_WHITE, _PLAIN = "\033[30;107m", "\033[0m"
"""Whatever the terminal's own colours are."""
_HALVES = {(0, 0): " ", (1, 0): "\u2580", (0, 1): "\u2584", (1, 1): "\u2588"}
"""Upper and lower module of a letter, 1 is dark."""


def in_terminal(text: str) -> str:
    """Lines of letters that are two modules high."""
    rows = [list(row) for row in segno.make(text, micro=False, error="l").matrix_iter(border=_WHITE)]
    if len(rows) % 2:
        rows.append([0] * len(rows[0]))
    lines = (
        "".join(_HALVES[int(upper > 0), int(lower > 0)] for upper, lower in zip(above, below, strict=True))
        for above, below in zip(rows[::2], rows[1::2], strict=True)
    )
    return "\n".join(f"{_BLACK_ON_WHITE}{line}{_PLAIN}" for line in lines)
