"""What an utterance without a template is about: a part of the body, what happens to it, and who says so.

Law: deterministic; reads one clause at a time. A clause that asks, denies, supposes, remembers or speaks of somebody
else is about nothing. Of two concepts the one with more words counts; if they have equally many, the one that comes
first in the file. The words come from the exercise's pack.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

MAX_WORDS = 16
"""Largest number of words of a clause. A report to the coach is short; longer clauses are talk with somebody else."""
_MAX_SPAN = 8
"""Largest number of words from the first to the last word of one concept."""
_PARTS = re.compile(r"\b(?:and|but|because|cause|so|then|while)\b|[.,!;:]+(?:\s|$)")


@dataclass(frozen=True, slots=True)
class _Words:
    """Words, or several words in a row ("came off"). A star at the end stands for any ending ("lift*")."""

    phrases: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, words: Iterable[str]) -> _Words:
        return cls(tuple(tuple(word.split()) for word in words))

    def places(self, said: Sequence[str]) -> list[tuple[int, int]]:
        """Where these words stand in a clause: the number of the first word, and the number behind the last one."""
        return [
            (at, at + len(words))
            for words in self.phrases
            for at in range(len(said) - len(words) + 1)
            if all(map(_matches, said[at:], words))
        ]


def _matches(said: str, word: str) -> bool:
    return said.startswith(word[:-1]) if word.endswith("*") else said == word


@dataclass(frozen=True, slots=True)
class Concept:
    """One way in which an intent is expressed."""

    intent: str
    groups: tuple[str, ...]
    """Names of groups of words. One of each group must stand in the clause, near each other, in any order."""


class Concepts:
    """The concepts of one commands file."""

    def __init__(self, concepts: Mapping[str, Sequence[str]], words: Mapping[str, Sequence[str]]) -> None:
        """`concepts`: by intent, the groups that must come together, "back + leaves". `words`: the words of each group.

        Raises ValueError if a concept names a group that is not in `words`.
        """
        self._words = {name: _Words.of(its) for name, its in words.items()}
        self._concepts = [Concept(intent, tuple(way.split(" + "))) for intent, ways in concepts.items() for way in ways]
        for concept in self._concepts:
            if unknown := set(concept.groups) - self._words.keys():
                wrong = f"concept {concept.intent} names the words {min(unknown)!r}, which are not there"
                raise ValueError(f"{wrong}: add them")

    def about(self, text: str, intents: frozenset[str]) -> str | None:
        """Which of these intents the text is about; None if that is not clear. `text` is as people say or write it."""
        text = text.lower().replace("\u2019", "'")
        if "?" in text:
            return None
        found = dict.fromkeys((concept.intent for concept in self._concepts), 0)
        for clause in _PARTS.split(text):
            said = re.findall(r"[a-z']+", re.sub(r"'s\b", " is", clause))
            for intent, weight in self._found_in(said, intents):
                found[intent] = max(weight, found[intent])
        best = max(found, key=found.__getitem__, default=None)
        return best if best is not None and found[best] else None

    def _found_in(self, said: Sequence[str], intents: frozenset[str]) -> Iterable[tuple[str, int]]:
        """The intents that a clause is about, each with the number of words that speak for it."""
        if not said or len(said) > MAX_WORDS or self._stands("others", said) or self._stands("openings", said[:1]):
            return
        denied = self._stands("denials", said)
        for concept in self._concepts:
            if concept.intent not in intents or (denied and not any(self._denies(name) for name in concept.groups)):
                continue
            words = self._count_words(concept, said)
            if words:
                yield concept.intent, words

    def _stands(self, group: str, said: Sequence[str]) -> bool:
        return group in self._words and bool(self._words[group].places(said))

    def _denies(self, group: str) -> bool:
        """Whether a denial is part of the group itself: "won't"."""
        denials = self._words["denials"].phrases if "denials" in self._words else ()
        return any({*denial} <= {*words} for words in self._words[group].phrases for denial in denials)

    def _count_words(self, concept: Concept, said: Sequence[str]) -> int:
        """How many words of the clause belong to the concept; 0 if the concept is not in the clause."""
        spans: list[tuple[int, int, int]] = [(-1, -1, 0)]
        for name in concept.groups:
            places = self._words[name].places(said)
            spans = [
                (min(first, begin) if words else begin, max(last, end) if words else end, words + end - begin)
                for first, last, words in spans
                for begin, end in places
            ]
        return max((words for first, last, words in spans if last - first <= _MAX_SPAN), default=0)
