"""The result of a check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Status(Enum):
    """State of one part."""

    OK = "ok"
    HINT = "hint"
    """The coach works, and something could be better."""
    FIX = "fix"
    """The coach does not work, or what is trained would be lost."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about one part, good or bad."""

    status: Status
    text: str
    """A text for people, with the remedy if something is wrong."""
    figures: Mapping[str, float] = field(default_factory=dict)
    """Measured values, by names that contain the unit."""


def ok(text: str, **figures: float) -> Finding:
    return Finding(Status.OK, text, figures)


def hint(text: str, **figures: float) -> Finding:
    return Finding(Status.HINT, text, figures)


def fix(text: str, **figures: float) -> Finding:
    return Finding(Status.FIX, text, figures)
