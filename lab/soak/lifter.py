"""A lifter who trains for hours: keeps the sets going, and says everything that can be said, at random from a seed."""

from __future__ import annotations

from random import Random

from coach.language.grammar import Grammar
from coach.wiring import rehearsing

_NEVER = {"EndWorkout", "Quieter", "Louder"}
"""Intents that are never said: the workout goes on for hours, and at one level, so that samples can be compared."""
_ON = ("StartSet", "Resume", "Next", "SkipRest")
_PAUSES_S = (2.0, 4.0, 8.0, 15.0)
_PAUSES_IN_SET_S = (4.0, 12.0, 25.0, 45.0)


class Lifter:
    """Says the phrases for which the repository has clips."""

    def __init__(self, seed: int, grammar: Grammar) -> None:
        self._chance = Random(seed)
        self._phrases: dict[str, list[str]] = {}
        for phrase in (rehearsing.VOICES / "commands.txt").read_text(encoding="utf-8").split("\n"):
            meant = grammar.understand(phrase.strip(), grammar.intents)
            if meant is not None:
                self._phrases.setdefault(meant.name, []).append(phrase.strip())

    def pause(self, in_set: bool) -> float:
        """Returns seconds until the lifter speaks again; the pauses in a running set are longer."""
        return self._chance.choice(_PAUSES_IN_SET_S if in_set else _PAUSES_S) + self._chance.random()

    def words(self, live: frozenset[str]) -> str:
        """Returns what the lifter says: half the time words that continue the workout, else any live command."""
        on = [intent for intent in _ON if intent in live and intent in self._phrases]
        others = sorted((live & self._phrases.keys()) - _NEVER)
        intent = self._chance.choice(on) if on and self._chance.random() < 0.5 else self._chance.choice(others)
        return self._chance.choice(self._phrases[intent])
