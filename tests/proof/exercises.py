"""The exercises that are played, and what their words say of the platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from coach.content.model import Pack
from coach.language.grammar import Grammar
from coach.wiring.engines import exercise
from tests.talk import GRAMMAR, PACK

LEG_CURL = Path(__file__).parents[1] / "packs" / "leg_curl"
_PHRASES = 12
"""Of an intent, at most."""


@dataclass(frozen=True, slots=True)
class Words:
    """Beginnings and parts of lines, lower case."""

    unrack: str
    """The lifter takes hold of the load."""
    rack: tuple[str, ...]
    """The lifter lets go of it: the catches."""
    home: tuple[str, ...]
    """It goes where a repetition begins."""


WORDS: Mapping[str, Words] = {
    "leg_press": Words("unrack", ("catches in",), ("bring it up", "push up")),
    "leg_curl": Words("ankles on the pad", ("leave the weight down", "leave it there"), ("let the weight down",)),
}
"""By the id of the pack."""


@dataclass(frozen=True, slots=True, eq=False)
class Exercise:
    """Its content, and phrases of every intent."""

    pack: Pack
    grammar: Grammar
    folder: Path | None = None
    """None: the one that comes with the coach."""
    phrases: dict[str, tuple[str, ...]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for intent in sorted(self.grammar.intents):
            spoken = self.grammar.spoken(intent)
            self.phrases[intent] = spoken[:: max(1, len(spoken) // _PHRASES)]


@cache
def press() -> Exercise:
    """Down, then up."""
    return Exercise(PACK, GRAMMAR)


@cache
def pull() -> Exercise:
    """The concentric comes first."""
    pack, grammar, _ = exercise(LEG_CURL)
    return Exercise(pack, grammar, LEG_CURL)
