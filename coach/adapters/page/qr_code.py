"""An address as a QR code for a terminal."""

from __future__ import annotations

import segno

_WHITE = 2
"""Width of the white border in modules; the standard asks for four, phones accept two."""
_BLACK_ON_WHITE, _PLAIN = "\033[30;107m", "\033[0m"
"""Fixed colours, because a code in the terminal's own colours may be inverted."""
_HALVES = {(0, 0): " ", (1, 0): "\u2580", (0, 1): "\u2584", (1, 1): "\u2588"}
"""Character for an upper and a lower module; 1 is dark."""


def in_terminal(text: str) -> str:
    """Returns the code as lines of characters; each character is two modules high."""
    rows = [list(row) for row in segno.make(text, micro=False, error="l").matrix_iter(border=_WHITE)]
    if len(rows) % 2:
        rows.append([0] * len(rows[0]))
    lines = (
        "".join(_HALVES[int(upper > 0), int(lower > 0)] for upper, lower in zip(above, below, strict=True))
        for above, below in zip(rows[::2], rows[1::2], strict=True)
    )
    return "\n".join(f"{_BLACK_ON_WHITE}{line}{_PLAIN}" for line in lines)
