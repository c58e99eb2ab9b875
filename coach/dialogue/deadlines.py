"""Named moments to come: set, cancel, ask for the next, take what is due. Time is an argument."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

Act = Callable[[float], None]
"""Called with the moment it was due, which is not later than the event that brought it up."""


@dataclass(slots=True)
class Deadlines:
    """At most one moment per name; equal moments fall due in the order they were set."""

    _due: dict[str, tuple[float, int, Act]] = field(default_factory=dict)
    _numbers: int = 0

    def set(self, name: str, at: float, act: Act) -> None:
        """`act` falls due at `at`; an earlier moment of that name is forgotten."""
        self._numbers += 1
        self._due[name] = (at, self._numbers, act)

    def cancel(self, *names: str) -> None:
        """Forget these; names that are not set are no fault."""
        for name in names:
            self._due.pop(name, None)

    def is_set(self, name: str) -> bool:
        """Whether that moment is still to come."""
        return name in self._due

    def clear(self) -> None:
        """Forget all."""
        self._due.clear()

    def next(self) -> float | None:
        """The earliest moment."""
        return min((at for at, _, _ in self._due.values()), default=None)

    def run_once(self, names: frozenset[str], now: float) -> None:
        """Carry out these alone, as far as they are due by `now`: earliest first, each once."""
        while due := {name: self._due[name] for name in names & self._due.keys() if self._due[name][0] <= now}:
            name = min(due, key=lambda one: due[one][:2])
            del self._due[name]
            names -= {name}
            at, _, act = due[name]
            act(at)

    def run_due(self, now: float) -> None:
        """Carry out everything due by `now`, earliest first, including what is set meanwhile."""
        while self._due:
            name, (at, _, act) = min(self._due.items(), key=lambda item: item[1][:2])
            if at > now:
                return
            del self._due[name]
            act(at)
