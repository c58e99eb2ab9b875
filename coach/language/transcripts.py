"""Finds the live phrase in a transcript that another program's recogniser wrote.

Law: a transcript is a phrase only as a whole; no other words may stand beside the phrase.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, product

from coach.language.matching import normalised
from coach.language.phrases import Ending, WordGraph
from coach.language.spelling import spoken_for

_MAX_READINGS = 200
"""Largest number of readings of one transcript; three numbers with four forms each have 64."""
_MAX_WORDS = 16
"""Largest number of words of a transcript; the longest command has ten."""
_PARTS = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+(?:'[^\W\d_]+)*|%")
"""A number, a word, or a percent sign; "4-1-2" and "90kg" are several parts."""


def phrase_of(transcript: str, live: WordGraph) -> str:
    """The live phrase that the transcript says, in spoken words; empty if it says none."""
    return next((one for one in _readings(transcript) if live.ending(tuple(one.split())) is not Ending.WITHIN), "")


def _readings(transcript: str) -> Iterator[str]:
    """The texts that may have been said, the likeliest first: "90 kg" is "ninety kilos" and "ninety kilograms"."""
    parts = _PARTS.findall(normalised(transcript))
    if 0 < len(parts) <= _MAX_WORDS:
        yield from islice(map(" ".join, product(*map(spoken_for, _joined(parts)))), _MAX_READINGS)


def _joined(parts: list[str]) -> list[str]:
    """The parts, with the digits of a tempo separated: "tempo 3120" does not name the number 3120."""
    if parts[0] == "tempo" and len(parts) == 2 and parts[1].isdigit():
        return [parts[0], *parts[1]]
    return parts
