"""How alike phones sound: the cost of turning one string of ARPAbet phones into another.

Law: pure, and no word: pronunciations are handed in.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Phones = tuple[str, ...]

_PLACES = {
    0: "P B M F V W",
    1: "TH DH",
    2: "T D N S Z L R",
    3: "SH ZH CH JH Y",
    4: "K G NG",
    5: "HH",
}
_MANNERS = {0: "P B T D K G", 1: "CH JH", 2: "F V TH DH S Z SH ZH HH", 3: "M N NG", 4: "L R W Y"}
_VOICELESS = frozenset({"P", "T", "K", "CH", "F", "TH", "S", "SH", "HH"})
_PLACE = {phone: place for place, phones in _PLACES.items() for phone in phones.split()}
_MANNER = {phone: manner for manner, phones in _MANNERS.items() for phone in phones.split()}
_VOWELS: Mapping[str, tuple[float, float, float, float]] = {
    # Openness and backness, 0 to 1, where the vowel begins and where it ends.
    "IY": (0.0, 0.0, 0.0, 0.0),
    "IH": (0.25, 0.15, 0.25, 0.15),
    "EH": (0.55, 0.2, 0.55, 0.2),
    "AE": (0.85, 0.25, 0.85, 0.25),
    "AA": (1.0, 0.8, 1.0, 0.8),
    "AO": (0.75, 1.0, 0.75, 1.0),
    "UH": (0.3, 0.8, 0.3, 0.8),
    "UW": (0.05, 0.9, 0.05, 0.9),
    "AH": (0.6, 0.55, 0.6, 0.55),
    "ER": (0.45, 0.5, 0.45, 0.5),
    "EY": (0.5, 0.15, 0.15, 0.05),
    "AY": (0.95, 0.5, 0.2, 0.1),
    "OY": (0.75, 1.0, 0.2, 0.1),
    "OW": (0.55, 0.85, 0.2, 0.9),
    "AW": (0.95, 0.5, 0.25, 0.85),
}
_VOWEL_LOST = 0.8
"""A syllable more or less is heard; a consonant is easily lost in noise, h and the stops most easily."""
_CONSONANT_LOST = 0.6
WEAK_LOST = 0.4
_WEAK = frozenset({"HH", "P", "B", "T", "D", "K", "G"})


def distance(one: Phones, other: Phones) -> float:
    """Least cost of turning one into the other, by the phone: 0 for the same."""
    return float(costs(one, np.array([[NUMBER[phone] for phone in other]]))[0]) * 2 / (len(one) + len(other))


def costs(one: Phones, others: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    """Least cost of turning one phrase into each of the others.

    `others`: a phrase a row, in `NUMBER`s of phones, 0 where it is over. The usual table, a row a phone. Along a row
    the cheapest way by phones of `others` alone is a running minimum.
    """
    added = np.cumsum(_LOST[others], axis=1)
    added = np.concatenate([np.zeros((len(others), 1)), added], axis=1)
    row = added
    for phone in (NUMBER[phone] for phone in one):
        down = row + _LOST[phone]
        down[:, 1:] = np.minimum(down[:, 1:], row[:, :-1] + _SWAPPED[phone, others])
        row = np.minimum.accumulate(down - added, axis=1) + added
    last: npt.NDArray[np.float64] = row[:, -1]
    return last


def _lost(phone: str) -> float:
    """Cost of a phone that is in one phrase only."""
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
    # At least 0.2: l and r share place and manner here, and are not the same.
    return max(0.2, 0.2 * voice + 0.3 * (_PLACE[one] != _PLACE[other]) + 0.5 * (_MANNER[one] != _MANNER[other]))


# In numbers, 0 being the end of a phrase, which costs nothing: shorter phrases stand beside longer ones.
_PHONES = (*_PLACE, *_VOWELS)
NUMBER = {phone: number for number, phone in enumerate(_PHONES, 1)}
_LOST = np.array([0.0, *map(_lost, _PHONES)])
_SWAPPED = np.array([_LOST, *([_lost(one), *(_swapped(one, other) for other in _PHONES)] for one in _PHONES)])
