"""When other players are turned down: from just before the coach speaks until it has been silent for a while.

A set counts as one long line: counts come every second, and music that goes up and down with them is worse than either.

Law: pure; seconds come in.
"""

from __future__ import annotations

import math

AHEAD_S = 0.2
"""The way down takes 0.12 s."""
HOLD_S = 1.2
"""Between two sentences of one turn lies less."""


class Hush:
    """Ask it many times a second."""

    def __init__(self) -> None:
        self._until = -math.inf

    def wanted(self, now: float, speaking: bool, in_set: bool) -> bool:
        """`speaking`: a line sounds, or begins within `AHEAD_S`."""
        if speaking or in_set:
            self._until = now + HOLD_S
        return now < self._until
