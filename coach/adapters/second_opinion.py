"""Whether a phrase was said, or the grammar only fitted something else to it.

A grammar decoder finds its best phrase in any sound. Beside it runs a search over free phones: what a phrase's
words lose against the free phones in likelihood, how long they last and how much of the speech they explain
tell a command from talk.

Law: pure. Every bound is where the curve of `measured` bends, not a guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the grammar's best path."""

    text: str
    start: int
    """First frame of 10 ms."""
    end: int
    """Frame after the last one."""
    phones: int
    margin: float
    raw: float = 0.0
    """Nats a frame by which the word outdoes free phones over the same frames; below zero as a rule."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The grammar's best path so far."""

    text: str
    words: tuple[Word, ...]
    complete: bool
    """Whether the text is a whole phrase of the grammar."""
    tail: int
    """Frames of silence on the path after the last word."""


@dataclass(frozen=True, slots=True)
class Bar:
    """What a phrase must reach to be believed."""

    margin: float
    """Nats a frame over all words."""
    worst: float
    """Nats a frame of its worst word."""
    stretch: float
    """Frames a phone at most, of any word."""
    cover: float
    """Least share of the frames with speech that the words explain."""


def average(words: Sequence[Word]) -> float:
    """Margin over all words in nats a frame."""
    frames = sum(word.end - word.start for word in words)
    return sum(word.margin * (word.end - word.start) for word in words) / max(1, frames)
