"""What a check found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Status(Enum):
    """Of one part."""

    OK = "ok"
    HINT = "hint"
    """The coach can coach, and something could be better."""
    FIX = "fix"
    """It cannot, or what is trained would be lost."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One part, well or not."""

    status: Status
    text: str
    """For people; with the remedy where it is not well."""
    figures: Mapping[str, float] = field(default_factory=dict)
    """What was measured, by its name with the unit."""

    @property
    def is_good(self) -> bool:
        """The coach can coach."""
        return self.status is not Status.FIX


def ok(what: str, **figures: float) -> Finding:
    return Finding(Status.OK, what, figures)


def hint(what: str, **figures: float) -> Finding:
    return Finding(Status.HINT, what, figures)


def fix(what: str, **figures: float) -> Finding:
    return Finding(Status.FIX, what, figures)
