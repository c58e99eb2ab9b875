"""A transcript that somebody else's recogniser wrote, as the words of a live phrase.

Law: a transcript is a phrase only as a whole; what stands beside the phrase is not passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, product

from coach.language.matching import normalised
from coach.language.phrases import Ending, WordGraph
from coach.language.spelling import spoken_for

_MAX_READINGS = 200
"""Of one transcript, at most; three numbers with four forms each have 64."""
_MAX_WORDS = 16
"""The longest command has ten."""
_PARTS = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+(?:'[^\W\d_]+)*|%")
"""Numbers, and words; a hyphen or a unit that stands close to its number parts them."""


def phrase_of(transcript: str, live: WordGraph) -> str:
    """The live phrase that the transcript is, in spoken words; empty: it is none."""
    return next((one for one in _readings(transcript) if live.ending(tuple(one.split())) is not Ending.WITHIN), "")


def _readings(transcript: str) -> Iterator[str]:
    """What may have been said, the likeliest first: "90 kg" is "ninety kilos" and "ninety kilograms"."""
    parts = _PARTS.findall(normalised(transcript))
    if 0 < len(parts) <= _MAX_WORDS:
        yield from islice(map(" ".join, product(*map(spoken_for, _joined(parts)))), _MAX_READINGS)


def _joined(parts: list[str]) -> list[str]:
    """With the digits of a tempo apart: "tempo 3120" is no number of beats."""
    if parts[0] == "tempo" and len(parts) == 2 and parts[1].isdigit():
        return [parts[0], *parts[1]]
    return parts
