"""Two texts compared as the ear would: what sounds alike is alike.

Law: only what cannot be told apart by ear is made equal. "ham strings" is "hamstrings"; "hamstring" is wrong.
"""

from __future__ import annotations

import re

from coach.language.numbers import LARGEST, in_words

_JOINED = ("today", "goodbye", "hamstrings", "handstrings", "workout", "cannot", "unrack", "setup", "sideways")
_SPLIT = ("to day", "good bye", "ham strings", "hand strings", "work out", "can not", "un rack", "set up", "side ways")
"""Handstrings are no hamstrings, but one word wrong and not two."""
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
"""Of the words in the coach's lines, as the ear spelt them."""


def words(text: str) -> list[str]:
    """Its words in one spelling: small letters, numbers spelt out, no signs."""
    text = text.lower().replace("\u2019", "'").replace("-", " ")
    text = re.sub(r"\d+", lambda digits: f" {_spelt(digits[0])} ", text)
    text = " ".join(re.sub(r"[^a-z']", " ", text).split())
    for split, joined in zip(_SPLIT, _JOINED, strict=True):
        text = re.sub(rf"\b{split}\b", joined, text)
    return [_HOMOPHONES.get(word, word) for word in text.split()]


def errors(said: list[str], heard: list[str]) -> int:
    """Words to change, to leave out or to put in to make the one of the other."""
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
