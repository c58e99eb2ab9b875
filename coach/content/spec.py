"""The vocabulary in which a schema says what a file may contain; values without behaviour."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

APOSTROPHES = "\u2018\u2019\u02bc"
"""The characters that keyboards and word processors write for an apostrophe."""
SPAN = r"(0|[1-9]\d{0,4})(?: ?(?:s|sec|seconds?))?|([1-9]\d?) ?(?:min|minutes?)|(\d\d?):([0-5]\d)"
"""Seconds, minutes, or minutes and seconds; never read as YAML's numbers."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text. `is_not` completes the message "'...' is not ...", `remedy` says what to do."""

    pattern: str = r".+"
    is_not: str = "text"
    remedy: str = "write some"
    slots: tuple[str, ...] | None = ()
    """Names that may stand in braces, as gaps in the coach's line; None: braces are not checked, because they have
    another meaning in this text."""
    syllables: int | None = None
    """Largest number of syllables; None: any."""
    words: int | None = None
    """Largest number of words; None: any."""
    any_apostrophe: bool = False
    """Whether each of `APOSTROPHES` is read as a plain apostrophe."""
    yaml_types: tuple[str, ...] | None = None
    """The types other than text as which YAML may read a valid text, named as in JSON Schema. The text is then taken as
    it is written, so that `warm up: yes` and `tempo: 4120` are valid. None: the text must be read as text."""


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Seconds:
    """A duration or a time in seconds: a number from 0, with or without decimals."""


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
class WordOrNumber:
    """A word, or a whole number."""


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false."""


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list."""

    item: Spec
    max_length: int = 99
    or_one: bool = False
    """Whether a single item may be written without a list."""
    min_length: int = 1


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping with known keys."""

    required: Mapping[str, Spec] = field(default_factory=dict)
    optional: Mapping[str, Spec] = field(default_factory=dict)
    other_keys: Spec | None = None
    """The spec of the values of all other keys; None: no other key is allowed."""
    example: str = ""
    """An example for the remedy, if the file has something else."""


@dataclass(frozen=True, slots=True)
class Either:
    """A single value, or a mapping or list."""

    single: Spec
    other: Fields | ListOf


@dataclass(frozen=True, slots=True)
class AnyValue:
    """Any value: it is passed on or ignored."""


Spec = Text | Integer | Seconds | Span | Number | WordOrNumber | Flag | ListOf | Fields | Either | AnyValue


def one_of(*words: str) -> Text:
    """Exactly one of these words."""
    return Text("|".join(words), f"one of {', '.join(words)}", "choose one of them")
