"""What a file of people may hold: the words a schema is written in; nothing here does anything."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

APOSTROPHES = "\u2018\u2019\u02bc"
"""What keyboards and word processors make of an apostrophe."""
SPAN = r"(0|[1-9]\d{0,4})(?: ?(?:s|sec|seconds?))?|([1-9]\d?) ?(?:min|minutes?)|(\d\d?):([0-5]\d)"
"""Seconds, minutes, or minutes and seconds; never YAML's idea of a number."""


@dataclass(frozen=True, slots=True)
class Text:
    """Words. `is_not` ends "'...' is not ...", `remedy` says what to do."""

    pattern: str = r".+"
    is_not: str = "text"
    remedy: str = "write some"
    slots: tuple[str, ...] | None = ()
    """What may stand in braces; None: braces are something else here."""
    syllables: int | None = None
    words: int | None = None
    spoken: bool = False
    """Its apostrophes may be `APOSTROPHES`."""
    yaml_types: tuple[str, ...] | None = None
    """What YAML may take a good one for besides text, in JSON Schema's words: then it is read as it stands in the file,
    so that `warm up: yes` and `tempo: 4120` mean what they say. None: what YAML takes for something else is a fault."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Seconds:
    """A span or a moment: a number from 0, with or without decimals."""


@dataclass(frozen=True, slots=True)
class Span:
    """Whole seconds as people write them: 90, 90 s, 2 min, 1:30."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Number:
    """A number, with or without sign and decimals."""

    least: float = -math.inf
    most: float = math.inf


@dataclass(frozen=True, slots=True)
class Value:
    """A word, or a whole number."""


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""


@dataclass(frozen=True, slots=True)
class Many:
    """A list."""

    of: Spec
    most: int = 99
    or_one: bool = False
    """A single item may stand without its list."""
    least: int = 1
    like: str = ""
    """An example, for who wrote something else."""


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with known keys."""

    required: Mapping[str, Spec] = field(default_factory=dict)
    optional: Mapping[str, Spec] = field(default_factory=dict)
    others: Spec | None = None
    """What any further key holds; None: there is none."""
    like: str = ""
    """An example, for who wrote something else."""


@dataclass(frozen=True, slots=True)
class Either:
    """A single value, or a mapping or list."""

    single: Spec
    other: Record | Many


@dataclass(frozen=True, slots=True)
class Data:
    """Anything: it is handed on or passed over."""


Spec = Text | Whole | Seconds | Span | Number | Value | Flag | Many | Record | Either | Data


def one_of(*words: str) -> Text:
    """Exactly one of these words."""
    return Text("|".join(words), f"one of {', '.join(words)}", "choose one of them")
