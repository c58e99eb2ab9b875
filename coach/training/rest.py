"""A rest between two sets: how long it is, what is left of it, and how it is bent.

Law: a value is replaced and never edited, and what is left is never less than nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import floor


@dataclass(frozen=True, slots=True)
class Rest:
    """Moments are session seconds."""

    began: float
    seconds: int
    """How long it was planned, with what was added and taken away; the time in which it was held is not in it."""
    stood: float = 0.0
    """Seconds for which it was held."""
    held_since: float | None = None
    """None: it runs."""

    @property
    def half(self) -> float:
        """When half of it is gone, unless it is held meanwhile."""
        return self.began + self.stood + self.seconds / 2

    @property
    def ends(self) -> float:
        """When nothing is left, unless it is held meanwhile."""
        return self.began + self.stood + self.seconds

    def left(self, now: float) -> float:
        """Seconds to come."""
        return max(0.0, self.seconds - self._gone(now))

    def hold(self, now: float) -> Rest:
        """It stands still."""
        return self if self.held_since is not None else replace(self, held_since=now)

    def go_on(self, now: float) -> Rest:
        """It runs."""
        return self if self.held_since is None else replace(self, stood=self._stood(now), held_since=None)

    def bend(self, now: float, by: int) -> Rest:
        """`by` seconds longer, or shorter where `by` is negative. A rest that is over lasts `by` seconds more."""
        if self.left(now) + by <= 0:
            # Over now, or before.
            return replace(self, seconds=floor(self._gone(now)))
        return replace(self, seconds=(self.seconds if self.left(now) else round(self._gone(now))) + by)

    def from_now(self, now: float, seconds: int) -> Rest:
        """So many seconds to come, running."""
        return replace(self.go_on(now), seconds=round(self._gone(now)) + seconds)

    def _stood(self, now: float) -> float:
        return self.stood if self.held_since is None else self.stood + now - self.held_since

    def _gone(self, now: float) -> float:
        """Seconds of it that are over."""
        return now - self.began - self._stood(now)
