"""The exercises that are played, and what their words say about the platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from coach.content.model import Pack
from coach.language.grammar import Grammar
from coach.wiring.engines import exercise
from lab.rigs.talk import GRAMMAR, PACK

LEG_CURL = Path(__file__).parents[2] / "tests" / "packs" / "leg_curl"
_PHRASES = 12
"""Largest number of phrases of an intent, about."""


@dataclass(frozen=True, slots=True)
class Words:
    """Parts of the coach's lines, in lower case."""

    unrack: str
    """The lifter must take the load."""
    rack: tuple[str, ...]
    """The lifter must put the load down, into the catches."""
    home: tuple[str, ...]
    """The load must go to where a repetition begins."""


WORDS: Mapping[str, Words] = {
    "leg_press": Words("unrack", ("catches in",), ("bring it up", "push up")),
    "leg_curl": Words("ankles on the pad", ("leave the weight down", "leave it there"), ("let the weight down",)),
}
"""Words of each exercise, by the id of its pack."""


@dataclass(frozen=True, slots=True, eq=False)
class Exercise:
    """The content of an exercise, and phrases of every intent."""

    pack: Pack
    grammar: Grammar
    folder: Path | None = None
    """Folder of the pack; None: the pack comes with the coach."""
    phrases: dict[str, tuple[str, ...]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for intent in sorted(self.grammar.intents):
            spoken = self.grammar.covering_phrases(intent)
            self.phrases[intent] = spoken[:: max(1, len(spoken) // _PHRASES)]


@cache
def press() -> Exercise:
    """Returns the leg press: the eccentric (lowering) comes first."""
    return Exercise(PACK, GRAMMAR)


@cache
def pull() -> Exercise:
    """Returns the leg curl: the concentric (push) comes first."""
    pack, grammar, _ = exercise(LEG_CURL)
    return Exercise(pack, grammar, LEG_CURL)
