"""The plates of a machine: which plates make a load, and which loads can be made.

Law: both sides get the same plates. Every kind of plate is assumed to be available in any number. Amounts are exact to
a thousandth.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import gcd

from coach.training.plan import MAX_LOAD, Load

_PARTS_PER_UNIT = 1000
"""Parts of a kilo or a pound in which amounts are calculated."""


@dataclass(frozen=True, slots=True)
class Machine:
    """The platform and its kinds of plates; checked on construction (ValueError)."""

    empty_load: Load
    """Weight of the platform without plates."""
    plates: tuple[float, ...]
    """Weights of the kinds of plates, in the unit of `empty_load`."""

    def __post_init__(self) -> None:
        if not 0 <= self.empty_load.amount <= MAX_LOAD:
            raise ValueError(f"empty {self.empty_load.text!r}: give 0 to {MAX_LOAD}")
        wrong = next((plate for plate in self.plates if not 0 < _parts(plate) <= MAX_LOAD * _PARTS_PER_UNIT), None)
        if wrong is not None or not self.plates:
            raise ValueError(f"plates {wrong!r}: give the weight of each kind, like 20, 10, 5, 2.5")

    def plates_per_side(self, load: Load) -> tuple[float, ...] | None:
        """The fewest plates of each side that make the load, the heaviest first; None: no plates make it."""
        both_sides = _parts(load.amount) - _parts(self.empty_load.amount)
        if load.unit != self.empty_load.unit or both_sides < 0 or both_sides % 2:
            return None
        step, heaviest = self._heaviest_plates()
        steps, remainder = divmod(both_sides // 2, step)
        if remainder or steps >= len(heaviest) or heaviest[steps] is None:
            return None
        found = []
        while steps:
            plate = heaviest[steps] or 0
            found.append(plate * step / _PARTS_PER_UNIT)
            steps -= plate
        return tuple(sorted(found, reverse=True))

    def nearest_loads(self, load: Load) -> tuple[Load, ...]:
        """The load itself if plates make it; else the nearest loads below and above it that plates make."""
        empty = _parts(self.empty_load.amount)
        side = (load.in_unit(self.empty_load.unit) * _PARTS_PER_UNIT - empty) / 2
        step, heaviest = self._heaviest_plates()
        sides = [steps * step for steps, plate in enumerate(heaviest) if plate is not None]
        # The tolerance is needed because conversion between units is not exact.
        below = max((made for made in sides if made <= side + 1e-6), default=None)
        above = min((made for made in sides if made >= side - 1e-6), default=None)
        found = (made for made in dict.fromkeys((below, above)) if made is not None)
        return tuple(Load((empty + 2 * made) / _PARTS_PER_UNIT, self.empty_load.unit) for made in found)

    def _heaviest_plates(self) -> tuple[int, tuple[int | None, ...]]:
        """As `_heaviest_of_fewest`, for the loads of one side."""
        largest = (MAX_LOAD * _PARTS_PER_UNIT - _parts(self.empty_load.amount)) // 2
        return _heaviest_of_fewest(tuple(map(_parts, self.plates)), largest)


@cache
def _heaviest_of_fewest(plates: tuple[int, ...], most: int) -> tuple[int, tuple[int | None, ...]]:
    """The step, and for every multiple of the step up to `most` the heaviest plate among the fewest that make it.

    The step is the greatest common divisor of the plates. The returned plates are counted in steps. None: no plates
    make this multiple; 0: no plate is needed.
    """
    step = gcd(*plates)
    kinds = sorted({plate // step for plate in plates}, reverse=True)
    count: list[float] = [0]
    last: list[int | None] = [0]
    for at in range(1, most // step + 1):
        few, plate = min(((count[at - kind] + 1, -kind) for kind in kinds if kind <= at), default=(float("inf"), 0))
        count.append(few)
        last.append(None if few == float("inf") else -plate)
    return step, tuple(last)


def _parts(amount: float) -> int:
    return round(amount * _PARTS_PER_UNIT)
