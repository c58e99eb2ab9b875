"""Where a line may be parted, so that its parts can be spoken ahead and joined.

Law: it depends on the text alone, so a line is always joined from the same parts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from coach.language.numbers import NUMBER_WORDS

_SENTENCE_S = 0.35
_COMMA_S = 0.12
_SENTENCES = re.compile(r"(?<=[.?!])\s+")
_NUMBER = re.compile(rf"\b({'|'.join(sorted(NUMBER_WORDS))})\b|{{", re.IGNORECASE)
"""Or a slot of a template, which may become one."""
_JOINTS = re.compile(r"(?<=,)\s+|(?<=\bhundred and)\s+|(?<=\bthousand)\s+|(?<=\bminutes)\s+(?=\w+ (?:\w+ )?seconds?)")


@dataclass(frozen=True, slots=True)
class Part:
    """What is spoken in one go."""

    text: str
    pause: float
    """Seconds of silence behind it."""


def parts(text: str) -> tuple[Part, ...]:
    """The sentences; one with a number in it also at its commas, and the number behind its hundreds and minutes.

    "Set one, ten reps. Brace." is "Set one,", "ten reps." and "Brace."; "Back flat, knees soft." is one part.
    """
    found: list[Part] = []
    for sentence in _SENTENCES.split(text.strip()):
        pieces = _JOINTS.split(sentence) if _NUMBER.search(sentence) else [sentence]
        found += [
            # A comma has the voice go on; the words themselves have none here.
            Part(piece if piece.endswith(",") else f"{piece},", _COMMA_S if piece.endswith(",") else 0.0)
            for piece in pieces[:-1]
        ]
        found.append(Part(pieces[-1], _SENTENCE_S))
    return (*found[:-1], Part(found[-1].text, 0.0))
