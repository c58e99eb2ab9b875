"""How a recogniser that writes text spells spoken words: "ninety" also as 90, "set up" also as "setup".

Law: a written form stands for exactly its words. Forms are in lower case, except a few such as "OK" and "Coach". At the
beginning of a sentence the caller capitalises the form.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from coach.language.numbers import LARGEST, ordinal, spoken_forms

_ALSO = {
    "okay": ("OK", "ok"),
    "kilos": ("kg",),
    "kilograms": ("kg",),
    "pounds": ("lbs",),
    "percent": ("%",),
    "um": ("uh", "umm"),
    "uh": ("um", "uhh"),
    "set up": ("setup",),
    "light headed": ("lightheaded",),
    "x": ("X",),
    "coach": ("Coach",),
}
"""Written forms of one or two spoken words that differ from the words themselves."""
_MAX_WITH_QUARTERS = 500
"""Numbers below this one also have written forms with quarters."""
_MAX_ORDINAL = 12
_MAX_DIGITS = 6
"""Largest number of letters of a written number; nobody says a longer number to the coach."""


@dataclass(slots=True)
class Branch:
    """A node in the tree of spoken words that have a written form of their own."""

    following: dict[str, Branch] = field(default_factory=dict)
    written: tuple[str, ...] = ()


@cache
def written_forms() -> Branch:
    """The tree of all written forms: numbers to 999, quarters below 500, ordinals to 12th, and `_ALSO`. Read only."""
    root = Branch()
    for words, forms in _ALSO.items():
        _add(root, words, forms)
    for number in range(LARGEST + 1):
        for words in spoken_forms(number):
            _add(root, words, (str(number),))
    for number in range(1, _MAX_WITH_QUARTERS):
        for part in (0.25, 0.5, 0.75):
            for words in spoken_forms(number + part):
                _add(root, words, (f"{number + part:g}",))
    for number in range(1, _MAX_ORDINAL + 1):
        words = ordinal(number)
        ending = {1: "st", 2: "nd", 3: "rd"}.get(number, "th")
        _add(root, words, (f"{number}{ending}",))
    return root


def spoken_for(written: str) -> tuple[str, ...]:
    """What is said for a word or number in small letters as it is written: "kg" is "kilos" or "kilograms"."""
    if len(written) <= _MAX_DIGITS and written.replace(".", "", 1).isdigit():
        try:
            return spoken_forms(float(written))
        except ValueError:
            return (written,)
    return (*(words for words, forms in _ALSO.items() if written in map(str.lower, forms)), written)


def within_sentence(word: str) -> str:
    """A word as it is written within a sentence."""
    return "I" + word[1:] if word == "i" or word.startswith("i'") else word


def capitalised(word: str) -> str:
    """A word as it is written at the beginning of a sentence."""
    return word[:1].upper() + word[1:]


def _add(root: Branch, words: str, forms: tuple[str, ...]) -> None:
    for word in words.split():
        root = root.following.setdefault(word, Branch())
    root.written = tuple(dict.fromkeys((*root.written, *forms)))
