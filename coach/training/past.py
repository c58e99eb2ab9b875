"""What was trained before today, as far as the coach speaks of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from coach.records import Record, Set
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
    def of(cls, records: Iterable[tuple[str, Record]]) -> Past:
        """`records`: session and record, in the order in which they were written."""
        workouts: dict[str, list[Set]] = {}
        for session, record in records:
            if isinstance(record, Set):
                workouts.setdefault(session, []).append(record)
        if not workouts:
            return cls()
        done = list(workouts.values())[-1]
        best = max(done, key=lambda one: one.reps)
        loads = [Load(one.load, one.unit) for one in done if one.load is not None and one.unit is not None]
        sets = len({one.set for one in done})
        return cls(len(workouts), Last(sets, best.reps, loads[-1] if loads else None))
