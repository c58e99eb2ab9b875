"""Splits a line into parts that can be rendered ahead of time and joined.

Law: the split depends on the text alone, so a line is always joined from the same parts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from coach.language.numbers import NUMBER_WORDS

_SENTENCE_S = 0.35
_COMMA_S = 0.12
"""Pauses behind a sentence, and behind a comma at which a sentence is split."""
_SENTENCES = re.compile(r"(?<=[.?!])\s+")
_NUMBER = re.compile(rf"\b({'|'.join(sorted(NUMBER_WORDS))})\b|{{", re.IGNORECASE)
"""A number word, or the brace of a template's slot, which may become a number."""
_JOINS = re.compile(r"(?<=,)\s+|(?<=\bhundred and)\s+|(?<=\bthousand)\s+|(?<=\bminutes)\s+(?=\w+ (?:\w+ )?seconds?)")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a line that is rendered as one clip."""

    text: str
    pause: float
    """Seconds of silence behind the part."""


def parts(text: str) -> tuple[Part, ...]:
    """The parts of a line: its sentences. A sentence with a number is also split at commas, hundreds and minutes.

    "Set one, ten reps. Brace." is "Set one,", "ten reps." and "Brace."; "Back flat, knees soft." is one part.
    """
    found: list[Part] = []
    for sentence in _SENTENCES.split(text.strip()):
        pieces = _JOINS.split(sentence) if _NUMBER.search(sentence) else [sentence]
        found += [
            # A comma makes the voice sound as if more words follow. If the text has no comma here, one is added.
            Part(piece if piece.endswith(",") else f"{piece},", _COMMA_S if piece.endswith(",") else 0.0)
            for piece in pieces[:-1]
        ]
        found.append(Part(pieces[-1], _SENTENCE_S))
    return (*found[:-1], Part(found[-1].text, 0.0))
