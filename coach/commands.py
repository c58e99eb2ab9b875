"""What is wanted: small frozen values that the conversation returns and the session carries to a port."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from coach.records import Record


class Manner(Enum):
    """How a line is spoken: the voice keeps a rate and a level for each."""

    SENTENCE = "sentence"
    COUNT = "count"
    """A word on a beat: crisp and short."""
    CUE = "cue"
    """A word or two between counts: brisk, slightly softer than a count."""


@dataclass(frozen=True, slots=True)
class Say:
    """Speak `text` so that its audible onset falls on `at`."""

    line_number: int
    """Number of the line, rising through the session."""
    at: float
    """Session seconds of the audible onset."""
    text: str
    manner: Manner = Manner.SENTENCE
    source: str = ""
    """Id of the guidance or prompt that the text comes from."""
    beat_label: str = ""
    """On the first count of a phase: "rep 3 lowering" (or bottom, push, top); else empty."""


FADE_S = 0.02
"""Fade of a line that is cut, in seconds; a shorter fade clicks."""


@dataclass(frozen=True, slots=True)
class StopSpeaking:
    """Fade the line that sounds within `FADE_S` and drop every line that has not begun."""

    at: float


@dataclass(frozen=True, slots=True)
class DropLines:
    """Drop these lines unless they have begun; the line that sounds goes on."""

    line_numbers: frozenset[int]


@dataclass(frozen=True, slots=True)
class ListenFor:
    """From now on these intents are live, and no others."""

    intents: frozenset[str]
    after_wake_word: frozenset[str] = frozenset()
    """Live with the wake word before them. If there are any such intents, the wake word alone is live, too."""


@dataclass(frozen=True, slots=True)
class SetVolume:
    """Play at this level, in decibels below full (0 is full, -30 the quietest)."""

    decibels: float


@dataclass(frozen=True, slots=True)
class SetPace:
    """Speak sentences at this share of the usual speed; counts and cues keep their speed."""

    percent: int


@dataclass(frozen=True, slots=True)
class Write:
    """Write one record to the journal."""

    record: Record


class Outcome(Enum):
    """Why a session is over."""

    DONE = "done"
    """The lifter ended it."""
    NEXT_LIFTER = "next lifter"
    """Another lifter begins."""
    DEAF = "deaf"
    """The recogniser failed for good."""


@dataclass(frozen=True, slots=True)
class End:
    """The session is over at `at`, when the last line has been said."""

    at: float
    outcome: Outcome = Outcome.DONE
    next_lifter: str = ""
    """Name of the lifter who begins; empty for a guest."""


Command = Say | StopSpeaking | DropLines | ListenFor | SetVolume | SetPace | Write | End
