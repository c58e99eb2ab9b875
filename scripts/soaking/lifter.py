"""A lifter who trains for hours: keeps the sets going, and says all that can be said, at random but by seed."""

from __future__ import annotations

from random import Random

from coach.language.grammar import Grammar
from coach.wiring import rehearsing

_NEVER = {"EndWorkout", "Quieter", "Louder"}
"""It goes on for hours, and at one level, so that samples can be compared."""
_ON = ("StartSet", "Resume", "Next", "SkipRest")
_PAUSES_S = (2.0, 4.0, 8.0, 15.0)
_PAUSES_IN_SET_S = (4.0, 12.0, 25.0, 45.0)


class Lifter:
    """Says the phrases of which the repository holds clips."""

    def __init__(self, seed: int, grammar: Grammar) -> None:
        self._chance = Random(seed)
        self._phrases: dict[str, list[str]] = {}
        for phrase in (rehearsing.VOICES / "commands.txt").read_text(encoding="utf-8").split("\n"):
            meant = grammar.understand(phrase.strip(), grammar.intents)
            if meant is not None:
                self._phrases.setdefault(meant.name, []).append(phrase.strip())

    def pause(self, in_set: bool) -> float:
        """Seconds until it speaks again; a running set is mostly left alone."""
        return self._chance.choice(_PAUSES_IN_SET_S if in_set else _PAUSES_S) + self._chance.random()

    def words(self, live: frozenset[str]) -> str:
        """What it says: half the time what makes the workout go on, else anything that is live."""
        on = [intent for intent in _ON if intent in live and intent in self._phrases]
        others = sorted((live & self._phrases.keys()) - _NEVER)
        intent = self._chance.choice(on) if on and self._chance.random() < 0.5 else self._chance.choice(others)
        return self._chance.choice(self._phrases[intent])
