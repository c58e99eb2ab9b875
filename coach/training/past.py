"""What was trained before today, as far as the coach speaks of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from coach.training.log import LoggedWorkout
from coach.training.plan import Load


@dataclass(frozen=True, slots=True)
class Last:
    """The last workout in which a set was done."""

    sets: int
    reps: int
    """Of its longest set."""
    load: Load | None


@dataclass(frozen=True, slots=True)
class Past:
    """All workouts before this one."""

    workouts: int = 0
    """In which a set was done."""
    last: Last | None = None

    @property
    def can_be_repeated(self) -> bool:
        """The last workout had a load: the greeting asks whether it shall be the same."""
        return self.last is not None and self.last.load is not None

    @classmethod
    def of(cls, count: int, newest_first: Iterable[LoggedWorkout]) -> Past:
        """`count`: of all workouts; `newest_first`: at least as many of them as it takes to find one with a set."""
        last = next((one for one in newest_first if one.sets), None)
        if last is None:
            return cls()
        longest = max(one.reps for one in last.sets)
        loads = [one.load for one in last.sets if one.load is not None]
        return cls(count, Last(len(last.sets), longest, loads[-1] if loads else None))
