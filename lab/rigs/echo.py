"""The commands that a recogniser might find in the coach's own words."""

from __future__ import annotations

import re
from functools import lru_cache

from coach.language.grammar import Grammar
from coach.language.matching import Reach
from lab.rigs.paths import Paths

SLOTS = {
    "word": "coach",
    "name": "Ben",
    "side": "left",
    "loads": "thirty, fifty, seventy kilos",
    "reps": "four reps",
    "rep": "three",
    "set": "two",
    "sets": "two sets",
    "seconds": "ninety seconds",
    "load": "ninety kilos",
    "tempo": "four, one, two, zero",
    "number": "two",
    "beats": "Five",
    "fault": "Back lifted",
    "times": "twice, both late",
    "each": "three times ten",
    "plates": "twice twenty, ten",
    "left": "two",
    "hint": "Turn sooner",
}
"""Words for the slots of prompts."""


def filled(text: str) -> str:
    """The text as the coach says it, with its slots filled."""
    return re.sub(r"\{(\w+)\}", lambda slot: SLOTS[slot[1]], text)


def commands_in(
    text: str, grammar: Grammar, intents: frozenset[str], after_wake_word: frozenset[str] = frozenset()
) -> set[str]:
    """Every phrase of these intents that stands in a text. A phrase that counts only alone is found only if it is the
    whole text.
    """
    paths = _paths(grammar, intents, after_wake_word)
    words = re.findall(r"[a-z']+", filled(text).lower())
    found = {
        " ".join(words[first : first + length])
        for first in range(len(words))
        for length in paths.accepted_lengths(words[first:])
        if length
    }
    return found - (_alone_only(grammar) - {" ".join(words)})


@lru_cache
def _alone_only(grammar: Grammar) -> frozenset[str]:
    return frozenset(
        " ".join(phrase)
        for name in grammar.intents
        for reach, said in zip(grammar.reaches(name), grammar.templates(name), strict=True)
        if reach is Reach.ALONE
        for phrase in said
    )


@lru_cache
def _paths(grammar: Grammar, intents: frozenset[str], after_wake_word: frozenset[str]) -> Paths:
    return Paths(grammar.vocabulary(intents, after_wake_word).automaton)
