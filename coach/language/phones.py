"""How alike phones sound: the cost of turning one string of phones into another.

Law: pure; words are passed in IPA, in the American English that espeak writes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Phones = tuple[str, ...]

_PLACES = {0: "p b m f v w", 1: "θ ð", 2: "t d n s z l ɹ", 3: "ʃ ʒ tʃ dʒ j", 4: "k ɡ ŋ", 5: "h"}
_MANNERS = {0: "p b t d k ɡ", 1: "tʃ dʒ", 2: "f v θ ð s z ʃ ʒ h", 3: "m n ŋ", 4: "l ɹ w j"}
_VOICELESS = frozenset({"p", "t", "k", "tʃ", "f", "θ", "s", "ʃ", "h"})
_PLACE = {phone: place for place, phones in _PLACES.items() for phone in phones.split()}
_MANNER = {phone: manner for manner, phones in _MANNERS.items() for phone in phones.split()}
_VOWELS: Mapping[str, tuple[float, float, float, float]] = {
    # Openness and backness, 0 to 1, where the vowel begins and where it ends.
    "i": (0.0, 0.0, 0.0, 0.0),
    "ɪ": (0.25, 0.15, 0.25, 0.15),
    "ɛ": (0.55, 0.2, 0.55, 0.2),
    "æ": (0.85, 0.25, 0.85, 0.25),
    "ɑ": (1.0, 0.8, 1.0, 0.8),
    "ɔ": (0.75, 1.0, 0.75, 1.0),
    "ʊ": (0.3, 0.8, 0.3, 0.8),
    "u": (0.05, 0.9, 0.05, 0.9),
    "ə": (0.6, 0.55, 0.6, 0.55),
    "ɜ": (0.45, 0.5, 0.45, 0.5),
    "eɪ": (0.5, 0.15, 0.15, 0.05),
    "aɪ": (0.95, 0.5, 0.2, 0.1),
    "ɔɪ": (0.75, 1.0, 0.2, 0.1),
    "oʊ": (0.55, 0.85, 0.2, 0.9),
    "aʊ": (0.95, 0.5, 0.25, 0.85),
}
# fmt: off
_SIMPLIFIED: Mapping[str, str] = {
    # Finer distinctions of espeak that do not matter here.
    "ʌ": "ə", "ɐ": "ə", "ᵻ": "ɪ", "ɚ": "ɜ", "o": "ɔ", "ɒ": "ɔ", "a": "æ", "e": "ɛ",
    "ɾ": "t", "ʔ": "t", "x": "k", "g": "ɡ", "r": "ɹ",
}
# fmt: on
_VOWEL_LOST = 0.8
"""Cost of a lost vowel: a missing syllable is heard."""
_CONSONANT_LOST = 0.6
"""Cost of a lost consonant: consonants are easily lost in noise."""
WEAK_LOST = 0.4
"""Cost of a lost h or stop: these are lost in noise most easily."""
_WEAK = frozenset({"h", "p", "b", "t", "d", "k", "ɡ"})


def phones(ipa: str) -> Phones:
    """The phones of a word in IPA: "s_t_ˈɑː_p" is s t ɑ p. Stress, length and unknown signs are left out."""
    spelled = re.sub("(.)\u0329", r"ə\1", ipa)  # a syllabic consonant: "wasn't"
    return tuple(_SIMPLIFIED.get(sign, sign) for sign in _SIGN.findall(spelled))


def distance(one: Phones, other: Phones) -> float:
    """Least cost of turning one string into the other, divided by their mean number of phones; 0 if they are equal."""
    return float(costs(one, np.array([[NUMBER[phone] for phone in other]]))[0]) * 2 / (len(one) + len(other))


def costs(one: Phones, others: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    """Least cost of turning one phrase into each of the others.

    `others`: one phrase per row, as the `NUMBER`s of its phones, with 0 behind its end. Computes the usual table of the
    edit distance, one row per phone of `one`. Within a row the cheapest insertions are a running minimum.
    """
    phones = np.ascontiguousarray(others.T)
    added = np.concatenate([np.zeros((1, len(others))), np.cumsum(_LOST[phones], axis=0)])
    row = added
    for phone in (NUMBER[phone] for phone in one):
        down = row + _LOST[phone]
        down[1:] = np.minimum(down[1:], row[:-1] + _SWAPPED[phone].take(phones))
        row = down - added
        # As `np.minimum.accumulate`, in a third of its time.
        for before, after in pairwise(row):
            np.minimum(before, after, out=after)
        row += added
    last: npt.NDArray[np.float64] = row[-1]
    return last


def _lost(phone: str) -> float:
    """Cost of a phone that only one of the phrases has."""
    if phone in _VOWELS:
        return _VOWEL_LOST
    return WEAK_LOST if phone in _WEAK else _CONSONANT_LOST


def _swapped(one: str, other: str) -> float:
    """Cost of one phone in the place of another, 0 to 1."""
    if one == other:
        return 0.0
    if one in _VOWELS and other in _VOWELS:
        apart = sum((a - b) ** 2 for a, b in zip(_VOWELS[one], _VOWELS[other], strict=True)) / 2
        return min(1.0, 0.15 + float(apart**0.5))
    if one in _VOWELS or other in _VOWELS:
        return 1.0
    voice = (one in _VOICELESS) != (other in _VOICELESS)
    # At least 0.2: l and r have the same place and manner in these tables, but are different phones.
    return max(0.2, 0.2 * voice + 0.3 * (_PLACE[one] != _PLACE[other]) + 0.5 * (_MANNER[one] != _MANNER[other]))


# Phones as numbers. 0 fills the rows of shorter phrases behind their end and costs nothing.
_PHONES = (*_PLACE, *_VOWELS)
NUMBER = {phone: number for number, phone in enumerate(_PHONES, 1)}
_LOST = np.array([0.0, *map(_lost, _PHONES)])
_SWAPPED = np.array([_LOST, *([_lost(one), *(_swapped(one, other) for other in _PHONES)] for one in _PHONES)])
_SIGN = re.compile("|".join(sorted((*_PHONES, *_SIMPLIFIED), key=len, reverse=True)))
