"""Compares two texts by sound: words that sound alike are equal.

Law: only words that sound the same are made equal. "ham strings" is "hamstrings"; "hamstring" is an error.
"""

from __future__ import annotations

import re

from coach.language.numbers import LARGEST, in_words

_JOINED = ("today", "goodbye", "hamstrings", "handstrings", "workout", "cannot", "unrack", "setup", "sideways")
_SPLIT = ("to day", "good bye", "ham strings", "hand strings", "work out", "can not", "un rack", "set up", "side ways")
"""Spellings in two words of the words in `_JOINED`. "hand strings" is an error, but one wrong word and not two."""
_HOMOPHONES = {
    "too": "two",
    "for": "four",
    "won": "one",
    "ate": "eight",
    "hi": "high",
    "tows": "toes",
    "heals": "heels",
    "wait": "weight",
    "it's": "its",
    "okay": "ok",
}
"""Spellings of the ear, with the words of the coach's lines that sound the same."""


def words(text: str) -> list[str]:
    """Returns the words of a text in one spelling: small letters, numbers in words, no signs."""
    text = text.lower().replace("\u2019", "'").replace("-", " ")
    text = re.sub(r"\d+", lambda digits: f" {_spelt(digits[0])} ", text)
    text = " ".join(re.sub(r"[^a-z']", " ", text).split())
    for split, joined in zip(_SPLIT, _JOINED, strict=True):
        text = re.sub(rf"\b{split}\b", joined, text)
    return [_HOMOPHONES.get(word, word) for word in text.split()]


def errors(said: list[str], heard: list[str]) -> int:
    """Returns how many words must be changed, removed or inserted to turn `said` into `heard`."""
    before = list(range(len(heard) + 1))
    for row, word in enumerate(said, start=1):
        now = [row]
        for column, other in enumerate(heard, start=1):
            now.append(min(now[-1] + 1, before[column] + 1, before[column - 1] + (word != other)))
        before = now
    return before[-1]


def _spelt(digits: str) -> str:
    number = int(digits)
    return in_words(number) if number <= LARGEST else " ".join(in_words(int(digit)) for digit in digits)
