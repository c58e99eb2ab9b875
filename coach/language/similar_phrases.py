"""Which phrases sound alike and mean different things.

Law: pure; the caller passes how each word sounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from coach.language.grammar import Grammar
from coach.language.phones import NUMBER, WEAK_LOST, Phones, costs

MAX_DISTANCE = 0.2
"""Below this distance noise turns one phrase into the other. "Start the set" and "stop the set" are 0.10 apart, "it
hurts" and "hip hurts" 0.11, "my back hurts" and "my neck hurts" 0.14; "skip it" and "stop it" 0.22, "yes" and "next"
0.40."""


@dataclass(frozen=True, slots=True, order=True)
class SimilarPair:
    """Two phrases that mean different things."""

    distance: float
    intent: str
    phrase: str
    other_intent: str
    other_phrase: str


def similar_pairs(grammar: Grammar, intents: frozenset[str], sounds: Mapping[str, Phones]) -> Iterator[SimilarPair]:
    """Phrases of these intents that differ in meaning and are nearer than `MAX_DISTANCE`.

    Compares the `Grammar.usual_phrases`, which together have every pair of words of their intent. A list has the same
    value in all phrases: no wording can prevent that "fifteen" sounds like "fifty", and the coach reads numbers back.
    Raises KeyError for a word without sounds.
    """
    said = []
    for intent in sorted(intents):
        for phrase in grammar.usual_phrases(intent):
            phones = tuple(phone for word in phrase.split() for phone in sounds[word])
            said.append((len(phones), phones, phrase, intent))
    said.sort()
    lengths = np.array([length for length, *_ in said])
    padded = np.zeros((len(said), int(lengths.max(initial=0))), np.intp)
    for row, (length, phones, *_) in zip(padded, said, strict=True):
        row[:length] = [NUMBER[phone] for phone in phones]
    for place, (length, phones, phrase, intent) in enumerate(said):
        # A phrase that is longer is further away than `MAX_DISTANCE`, whatever its words are.
        longest = length * (2 * WEAK_LOST + MAX_DISTANCE) / (2 * WEAK_LOST - MAX_DISTANCE)
        end = np.searchsorted(lengths, longest, "right")
        others = slice(place + 1, end)
        apart = 2 * costs(phones, padded[others, : lengths[end - 1]]) / (length + lengths[others])
        for near in np.flatnonzero(apart < MAX_DISTANCE):
            _, _, other_phrase, other_intent = said[place + 1 + near]
            own = frozenset({intent})
            if intent != other_intent or grammar.understand(phrase, own) != grammar.understand(other_phrase, own):
                yield SimilarPair(round(float(apart[near]), 3), intent, phrase, other_intent, other_phrase)
