"""Commands as hassil templates: compiled into what recognisers hear, and matched to tell what was meant.

Law: `vocabulary` and `understand` are two readings of the same templates and the same number words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from hassil.intents import Intents, TextSlotList
from hassil.recognize import recognize_best
from hassil.sample import sample_expression

from coach.language.numbers import spoken_forms
from coach.language.overlaps import overlaps
from coach.language.phrases import Phrase, automaton, called, covering, jsgf
from coach.ports import Vocabulary

Value = str | int | float
WAKE_WORD = "coach"
"""Said before a command where the coach does not take all talk for its own."""
WAKE = "Wake"
"""What the wake word alone means; the name of no intent."""
_PLACE = re.compile(r"\{([^{}]*)\}")
_TOKEN = re.compile(r"\{[^{}]*\}|[^\s{}]+")


@dataclass(frozen=True, slots=True)
class Intent:
    """What was meant."""

    name: str
    slots: Mapping[str, Value] = field(default_factory=dict)


class Grammar:
    """The commands of one pack. Immutable; answers are remembered per set of live intents."""

    def __init__(self, commands: Mapping[str, Any]) -> None:
        """From the mapping of a commands file: hassil's format plus `pronunciations`.

        Lists with a `range` (`from`, `to`, `step`, `fractions: halves`) are spoken as numbers. Raises KeyError or
        ValueError on what the content schema would have refused.
        """
        lists = commands.get("lists", {})
        self._intents = Intents.from_dict({**commands, "lists": {}})
        self._values = {name: _list_values(name, definition) for name, definition in lists.items()}
        self._intents.slot_lists = {
            name: TextSlotList.from_tuples(values, allow_template=False, name=name)
            for name, values in self._values.items()
        }
        self._lists: dict[str, Sequence[Phrase]] = {
            name: [tuple(text.split()) for text, _ in values] for name, values in self._values.items()
        }
        self._pronunciations: Mapping[str, str] = commands.get("pronunciations", {})
        self.understand = lru_cache(maxsize=4096)(self._understand)
        self.vocabulary = lru_cache(maxsize=64)(self._vocabulary)
        self._live = lru_cache(maxsize=64)(self._only)

    @property
    def intents(self) -> frozenset[str]:
        """The names of all intents."""
        return frozenset(self._intents.intents)

    def phrases(self, intent: str) -> tuple[Phrase, ...]:
        """Every phrase of one intent, lists by name."""
        return tuple(dict.fromkeys(phrase for template in self.templates(intent) for phrase in template))

    def templates(self, intent: str) -> tuple[tuple[Phrase, ...], ...]:
        """The phrases of each template of one intent, in the order of the file."""
        found = []
        for data in self._intents.intents[intent].data:
            rules = {**self._intents.expansion_rules, **data.expansion_rules}
            for sentence in data.sentences:
                texts = sample_expression(sentence.expression, {}, rules, expand_lists=False)
                found.append(tuple(tuple(_TOKEN.findall(text.lower())) for text in texts))
        return tuple(found)

    def overlaps(self, templates: Sequence[tuple[str, Sequence[Phrase]]]) -> dict[tuple[int, int], list[str]]:
        """Phrases that templates of different intents share, by the numbers of the two; a template with its intent."""
        return overlaps([said for _, said in templates], [intent for intent, _ in templates], self._lists)

    def spoken(self, intent: str) -> tuple[str, ...]:
        """Plain phrases of one intent that between them use every word and word pair it has."""
        return tuple(covering(self.phrases(intent), self._lists))

    def plain(self, intent: str) -> tuple[str, ...]:
        """Every phrase of one intent, each list by one of its values, "ten" wherever that is one."""
        usual = {f"{{{name}}}": min(its, key=lambda value: value != ("ten",)) for name, its in self._lists.items()}
        phrases = ((word for token in phrase for word in usual.get(token, (token,))) for phrase in self.phrases(intent))
        return tuple(map(" ".join, phrases))

    def examples(self, intent: str, most: int = 6) -> tuple[str, ...]:
        """A few phrases of an intent, for people; the first wording of each template."""
        firsts: dict[str, None] = {}
        for data in self._intents.intents[intent].data:
            rules = {**self._intents.expansion_rules, **data.expansion_rules}
            for sentence in data.sentences:
                first = next(iter(sample_expression(sentence.expression, {}, rules, expand_lists=False)))
                firsts[_PLACE.sub(lambda place: f"<{place[1]}>", " ".join(first.split()))] = None
        return tuple(firsts)[:most]

    def _vocabulary(self, intents: frozenset[str], after_wake: frozenset[str] = frozenset()) -> Vocabulary:
        """The phrases of `intents`, and those of `after_wake`, or none, behind the wake word.

        The latter are heard without it too, though not understood: of 120 people saying something else, PocketSphinx
        took 9 for safety words where few other phrases stood beside these, and 2 with all of them.
        """
        if not after_wake:
            return self._phrases_of(intents)
        heard, awaited = self.vocabulary(intents | after_wake), self.vocabulary(after_wake)
        graph = called(WAKE_WORD, heard.automaton, awaited.automaton)
        phrases = (*heard.phrases, WAKE_WORD, *(f"{WAKE_WORD} {phrase}" for phrase in awaited.phrases))
        return replace(heard, phrases=tuple(dict.fromkeys(phrases)), jsgf=jsgf(graph), automaton=graph)

    def _phrases_of(self, intents: frozenset[str]) -> Vocabulary:
        phrases = [phrase for intent in sorted(intents) for phrase in self.phrases(intent)]
        graph = automaton(phrases, self._lists)
        return Vocabulary(
            phrases=tuple(covering(phrases, self._lists)),
            jsgf=jsgf(graph),
            automaton=graph,
            pronunciations=self._pronunciations,
        )

    def _understand(
        self, text: str, intents: frozenset[str], after_wake: frozenset[str] = frozenset()
    ) -> Intent | None:
        """The live intent the words are a phrase of; None when they are none. The whole text must match."""
        first, _, rest = text.strip().partition(" ")
        if after_wake and first == WAKE_WORD:
            meant = self.understand(rest, after_wake) if rest else Intent(WAKE)
            if meant is not None:
                return meant
        if not text.strip():
            return None
        result = recognize_best(text, self._live(intents), language="en")
        if result is None:
            return None
        return Intent(result.intent.name, {entity.name: entity.value for entity in result.entities_list})

    def _only(self, intents: frozenset[str]) -> Intents:
        kept = {name: intent for name, intent in self._intents.intents.items() if name in intents}
        return replace(self._intents, intents=kept)


def _list_values(name: str, definition: Mapping[str, Any]) -> list[tuple[str, Value]]:
    """Spoken text and value of each entry of a list."""
    values: list[tuple[str, Value]] = []
    if "range" in definition:
        numbers = definition["range"]
        for number in range(numbers["from"], numbers["to"] + 1, numbers.get("step", 1)):
            values += [(form, number) for form in spoken_forms(number)]
            if numbers.get("fractions") == "halves" and number < numbers["to"]:
                values += [(form, number + 0.5) for form in spoken_forms(number + 0.5)]
    for entry in definition.get("values", ()):
        texts, value = (entry["in"], entry["out"]) if isinstance(entry, Mapping) else (entry, entry)
        values.append((texts, value))
    if not values:
        raise ValueError(f"list {name!r} is empty: give it a `range` or `values`")
    return values
