"""A rest between two sets: how long it is, how much is left, and how it becomes longer or shorter.

Law: a rest is immutable; every change returns a new one. The time left is never negative.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import floor


@dataclass(frozen=True, slots=True)
class Rest:
    """One rest; times are session seconds."""

    began: float
    seconds: int
    """Length of the rest, with all changes, without the time for which it was held."""
    held_s: float = 0.0
    """Seconds for which the rest was held until it continued last."""
    held_since: float | None = None
    """Since when the rest is held; None: it runs."""

    @property
    def half_at(self) -> float:
        """When half of the rest is over, unless the rest is held before."""
        return self.began + self.held_s + self.seconds / 2

    @property
    def ends_at(self) -> float:
        """When the rest is over, unless it is held before."""
        return self.began + self.held_s + self.seconds

    def seconds_left(self, now: float) -> float:
        """Seconds of the rest that are left."""
        return max(0.0, self.seconds - self._elapsed(now))

    def held(self, now: float) -> Rest:
        """The rest, held from now on."""
        return self if self.held_since is not None else replace(self, held_since=now)

    def continued(self, now: float) -> Rest:
        """The rest, running from now on."""
        return self if self.held_since is None else replace(self, held_s=self._held_until(now), held_since=None)

    def adjusted(self, now: float, by: int) -> Rest:
        """The rest, longer by `by` seconds, or shorter if `by` is negative. A finished rest gets `by` seconds more."""
        if self.seconds_left(now) + by <= 0:
            # The rest ends now, or has ended before.
            return replace(self, seconds=floor(self._elapsed(now)))
        return replace(self, seconds=(self.seconds if self.seconds_left(now) else round(self._elapsed(now))) + by)

    def from_now(self, now: float, seconds: int) -> Rest:
        """The rest, running, with this many seconds left."""
        return replace(self.continued(now), seconds=round(self._elapsed(now)) + seconds)

    def _held_until(self, now: float) -> float:
        return self.held_s if self.held_since is None else self.held_s + now - self.held_since

    def _elapsed(self, now: float) -> float:
        """Seconds of the rest that are over."""
        return now - self.began - self._held_until(now)
