"""What words no template holds are about: a part of the body, what happens to it, and who says so.

Law: deterministic, and of one clause at a time. A clause that asks, denies, supposes, remembers or tells of somebody
else is about nothing. Of two things the one with more words counts, then the one that stands first. The words are the
pack's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

MOST_WORDS = 16
"""Of a clause. Who reports to a coach says little; who says more talks to somebody."""
_WITHIN = 8
"""Words from the first to the last that belong to one concept."""
_PARTS = re.compile(r"\b(?:and|but|because|cause|so|then|while)\b|[.,!;:]+(?:\s|$)")


@dataclass(frozen=True, slots=True)
class _Words:
    """Words, or several in a row ("came off"); with a star at the end any word that begins so ("lift*")."""

    told: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, words: Iterable[str]) -> _Words:
        return cls(tuple(tuple(word.split()) for word in words))

    def places(self, said: Sequence[str]) -> list[tuple[int, int]]:
        """Where they stand in a clause, first and behind the last word."""
        return [
            (at, at + len(words))
            for words in self.told
            for at in range(len(said) - len(words) + 1)
            if all(map(_is, said[at:], words))
        ]


def _is(said: str, word: str) -> bool:
    return said.startswith(word[:-1]) if word.endswith("*") else said == word


@dataclass(frozen=True, slots=True)
class Concept:
    """One way in which something is told."""

    intent: str
    groups: tuple[str, ...]
    """Of words that must all stand in the clause, near each other, in this order or another."""


class Concepts:
    """The concepts of one commands file."""

    def __init__(self, concepts: Mapping[str, Sequence[str]], words: Mapping[str, Sequence[str]]) -> None:
        """`concepts`: by intent, the groups that must come together, "back + leaves". `words`: the groups.

        ValueError for a group that is not there.
        """
        self._words = {name: _Words.of(its) for name, its in words.items()}
        self._concepts = [Concept(intent, tuple(way.split(" + "))) for intent, ways in concepts.items() for way in ways]
        for concept in self._concepts:
            for name in concept.groups:
                if name not in self._words:
                    raise ValueError(
                        f"concept {concept.intent} names the words {name!r}, which are not there: add them"
                    )

    def about(self, text: str, intents: frozenset[str]) -> str | None:
        """The one intent of these that the words are about, if they are clear; `text` as people say or write it."""
        text = text.lower().replace("\u2019", "'")
        if "?" in text:
            return None
        found = dict.fromkeys((concept.intent for concept in self._concepts), 0)
        for clause in _PARTS.split(text):
            said = re.findall(r"[a-z']+", re.sub(r"'s\b", " is", clause))
            for intent, weight in self._told(said, intents):
                found[intent] = max(weight, found[intent])
        best = max(found, key=found.__getitem__, default=None)
        return best if best is not None and found[best] else None

    def _told(self, said: Sequence[str], intents: frozenset[str]) -> Iterable[tuple[str, int]]:
        """What a clause is about, and by how many words."""
        if not said or len(said) > MOST_WORDS or self._stands("others", said) or self._stands("openings", said[:1]):
            return
        denied = self._stands("denials", said)
        for concept in self._concepts:
            if concept.intent not in intents or (denied and not any(self._denies(name) for name in concept.groups)):
                continue
            words = self._together(concept, said)
            if words:
                yield concept.intent, words

    def _stands(self, group: str, said: Sequence[str]) -> bool:
        return group in self._words and bool(self._words[group].places(said))

    def _denies(self, group: str) -> bool:
        """Whether a denial is part of the group itself: "won't"."""
        denials = self._words.get("denials")
        return denials is not None and any(
            {*one} <= {*words} for words in self._words[group].told for one in denials.told
        )

    def _together(self, concept: Concept, said: Sequence[str]) -> int:
        """How many words the concept has here; 0: it is not here."""
        spans: list[tuple[int, int, int]] = [(-1, -1, 0)]
        for name in concept.groups:
            places = self._words[name].places(said)
            spans = [
                (min(first, begin) if words else begin, max(last, end) if words else end, words + end - begin)
                for first, last, words in spans
                for begin, end in places
            ]
        return max((words for first, last, words in spans if last - first <= _WITHIN), default=0)
