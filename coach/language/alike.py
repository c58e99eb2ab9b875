"""How alike phrases sound: the phones of one turned into those of the other, at the least cost.

Law: pure; pronunciations are handed in, as ARPAbet phones a word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from coach.language.grammar import Grammar

Phones = tuple[str, ...]

LIMIT = 0.2
"""Nearer than this, noise turns one phrase into the other. "Start the set" and "stop the set" are 0.10 apart, "it
hurts" and "hip hurts" 0.11, "my back hurts" and "my neck hurts" 0.14; "skip it" and "stop it" 0.22, "yes" and "next"
0.40."""

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
_WEAK_LOST = 0.4
_WEAK = frozenset({"HH", "P", "B", "T", "D", "K", "G"})


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    """Two phrases that mean different things."""

    distance: float
    intent: str
    phrase: str
    other_intent: str
    other_phrase: str


def pairs(
    grammar: Grammar, intents: frozenset[str], pronunciations: Mapping[str, Phones], limit: float = LIMIT
) -> Iterator[Pair]:
    """Phrases of these intents that differ in meaning and are nearer than `limit`.

    A list stands with one of its values, the same in all phrases: that "fifteen" sounds like "fifty" no wording
    changes, and numbers are read back. KeyError for a word without pronunciation.
    """
    said = []
    for intent in sorted(intents):
        for phrase in grammar.plain(intent):
            phones = tuple(phone for word in phrase.split() for phone in pronunciations[word])
            said.append((len(phones), phones, phrase, intent))
    said.sort()
    lengths = np.array([length for length, *_ in said])
    padded = np.zeros((len(said), int(lengths.max(initial=0))), np.intp)
    for row, (length, phones, *_) in zip(padded, said, strict=True):
        row[:length] = [_NUMBER[phone] for phone in phones]
    for place, (length, phones, phrase, intent) in enumerate(said):
        # Those that are longer by more are further away whatever they are.
        end = np.searchsorted(lengths, length * (2 * _WEAK_LOST + limit) / (2 * _WEAK_LOST - limit), "right")
        others = slice(place + 1, end)
        apart = 2 * _costs(phones, padded[others, : lengths[end - 1]]) / (length + lengths[others])
        for near in np.flatnonzero(apart < limit):
            _, _, other_phrase, other_intent = said[place + 1 + near]
            own = frozenset({intent})
            if intent != other_intent or grammar.understand(phrase, own) != grammar.understand(other_phrase, own):
                yield Pair(round(float(apart[near]), 3), intent, phrase, other_intent, other_phrase)


def distance(one: Phones, other: Phones) -> float:
    """Least cost of turning one into the other, by the phone: 0 for the same."""
    return float(_costs(one, np.array([[_NUMBER[phone] for phone in other]]))[0]) * 2 / (len(one) + len(other))


def _costs(one: Phones, others: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    """Least cost of turning one phrase into each of the others: numbers of phones, a phrase a row, 0 where it is over.

    The usual table, a row a phone. Along a row the cheapest way by phones of `others` alone is a running minimum.
    """
    added = np.cumsum(_LOST[others], axis=1)
    added = np.concatenate([np.zeros((len(others), 1)), added], axis=1)
    row = added
    for phone in (_NUMBER[phone] for phone in one):
        down = row + _LOST[phone]
        down[:, 1:] = np.minimum(down[:, 1:], row[:, :-1] + _SWAPPED[phone, others])
        row = np.minimum.accumulate(down - added, axis=1) + added
    last: npt.NDArray[np.float64] = row[:, -1]
    return last


def _lost(phone: str) -> float:
    """Cost of a phone that is in one phrase only."""
    if phone in _VOWELS:
        return _VOWEL_LOST
    return _WEAK_LOST if phone in _WEAK else _CONSONANT_LOST


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
_NUMBER = {phone: number for number, phone in enumerate(_PHONES, 1)}
_LOST = np.array([0.0, *map(_lost, _PHONES)])
_SWAPPED = np.array([_LOST, *([_lost(one), *(_swapped(one, other) for other in _PHONES)] for one in _PHONES)])
