"""Commands as hassil templates: compiled into what recognisers hear, and matched to tell what was meant.

Law: `vocabulary` and `understand` are two readings of the same templates and the same number words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from typing import Any

from coach.language.matching import Matcher, Reading, Template, better, plain
from coach.language.overlaps import overlaps
from coach.language.phrases import Phrase, called, covering, covering_paths, jsgf
from coach.language.templates import Node, Reader, Value, Values, openings, places, size, texts
from coach.language.word_graph import Compiler
from coach.ports import Vocabulary

WAKE_WORD = "coach"
"""Said before a command where the coach does not take all talk for its own."""
WAKE = "Wake"
"""What the wake word alone means; the name of no intent."""
_STRESS = re.compile(r"(?<=\w)[012]\b")
_FEW_PHRASES = 20_000
"""Up to so many phrases, lists by name, are spelled out for recognisers that take a list; the coach has some 1,500."""


@dataclass(frozen=True, slots=True)
class Intent:
    """What was meant."""

    name: str
    slots: Mapping[str, Value] = field(default_factory=dict)


class Grammar:
    """The commands of one file. Immutable; answers are remembered per set of live intents."""

    def __init__(self, commands: Mapping[str, Any]) -> None:
        """From the mapping of a commands file: hassil's format plus `pronunciations`.

        Lists with a `range` (`from`, `to`, `step`, `fractions: halves`) are spoken as numbers. Raises ValueError with
        the remedy on what cannot be heard or read.
        """
        self._templates = _templates(commands)
        self._skipped = tuple(sorted(map(plain, commands.get("skip_words") or ()), key=len, reverse=True))
        self._compiler = Compiler(self._skipped)
        given = commands.get("pronunciations") or {}
        # Stress marks are not known to every engine: "AH0 N" is "AH N".
        self._pronunciations = {plain(word): _STRESS.sub("", str(phones)).upper() for word, phones in given.items()}
        self.understand = lru_cache(maxsize=4096)(self._understand)
        self.vocabulary = lru_cache(maxsize=64)(self._vocabulary)
        self._index = lru_cache(maxsize=64)(self._by_opening)

    @property
    def intents(self) -> frozenset[str]:
        """The names of all intents."""
        return frozenset(self._templates)

    def phrases(self, intent: str) -> tuple[Phrase, ...]:
        """Every phrase of one intent, lists by name."""
        return tuple(dict.fromkeys(phrase for template in self.templates(intent) for phrase in template if phrase))

    def templates(self, intent: str) -> tuple[tuple[Phrase, ...], ...]:
        """The phrases of each template of one intent, in the order of the file; an empty one is a fault of the file."""
        return tuple(
            tuple(tuple(text.split()) for text in texts(template.tree)) for template in self._templates[intent]
        )

    def overlaps(self, templates: Sequence[tuple[str, Sequence[Phrase]]]) -> dict[tuple[int, int], list[str]]:
        """Phrases that templates of different intents share, by the numbers of the two; a template with its intent."""
        return overlaps([said for _, said in templates], [intent for intent, _ in templates], self._lists(self.intents))

    def spoken(self, intent: str) -> tuple[str, ...]:
        """Plain phrases of one intent that between them use every word and word pair it has."""
        return tuple(covering(self.phrases(intent), self._lists([intent])))

    def plain(self, intent: str) -> tuple[str, ...]:
        """Every phrase of one intent, each list by one of its values, "ten" wherever that is one."""
        lists = self._lists([intent])
        usual = {f"{{{name}}}": min(its, key=lambda value: value != ("ten",)) for name, its in lists.items()}
        phrases = ((word for token in phrase for word in usual.get(token, (token,))) for phrase in self.phrases(intent))
        return tuple(map(" ".join, phrases))

    def examples(self, intent: str, most: int = 6) -> tuple[str, ...]:
        """A few phrases of an intent, for people; the first wording of each template."""
        firsts = (next(texts(template.tree)) for template in self._templates[intent])
        shown = dict.fromkeys(first.replace("{", "<").replace("}", ">") for first in firsts)
        return tuple(islice(shown, most))

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
        trees = [template.tree for name in sorted(intents) for template in self._templates[name]]
        graph = self._compiler.compile(trees)
        phrases = tuple(covering_paths(graph)) if (few := self._few(intents, trees)) is None else few
        return Vocabulary(phrases, jsgf(graph), graph, self._pronunciations)

    def _few(self, intents: frozenset[str], trees: Sequence[Node]) -> tuple[str, ...] | None:
        """The phrases spelled out; None where they are too many, or where lists and words touch."""
        if self._skipped or sum(map(size, trees)) > _FEW_PHRASES:
            return None
        phrases = [phrase for name in sorted(intents) for phrase in self.phrases(name)]
        lists = self._lists(intents)
        whole = {f"{{{name}}}" for name in lists}
        if not all(token in whole for phrase in phrases for token in phrase if "{" in token):
            return None
        return tuple(covering(phrases, lists))

    def _by_opening(self, intents: frozenset[str]) -> dict[str, list[tuple[str, int]]]:
        """Intent and number of the templates that begin with a word or a part of one."""
        found: dict[str, list[tuple[str, int]]] = {}
        for name in intents & self._templates.keys():
            for at, template in enumerate(self._templates[name]):
                for word in openings(template.tree):
                    found.setdefault(word, []).append((name, at))
        return found

    def _lists(self, intents: Sequence[str] | frozenset[str]) -> dict[str, list[Phrase]]:
        """Every wording of the lists these intents name."""
        found: dict[str, Values] = {}
        for name in intents:
            for template in self._templates[name]:
                found |= places(template.tree)
        return {name: [tuple(text.split()) for text in _wordings(values)] for name, values in found.items()}

    def _understand(
        self, text: str, intents: frozenset[str], after_wake: frozenset[str] = frozenset()
    ) -> Intent | None:
        """The live intent the words are a phrase of; None when they are none. The whole text must match."""
        text = plain(text)
        first, _, rest = text.partition(" ")
        if after_wake and first == WAKE_WORD:
            meant = self.understand(rest, after_wake) if rest else Intent(WAKE)
            if meant is not None:
                return meant
        if not text:
            return None
        matcher = Matcher(text, self._skipped)
        best: tuple[Template, Reading] | None = None
        intent = ""
        index = self._index(intents)
        found = {at for word in matcher.beginnings() for at in index.get(word, ())}
        for name, at in sorted(found):
            template = self._templates[name][at]
            reading = matcher.read(template)
            if reading is not None and (best is None or better((template, reading), best)):
                best, intent = (template, reading), name
        return None if best is None else Intent(intent, dict(best[1].slots))


def _wordings(values: Values) -> list[str]:
    return [*values.plain, *(text for node, _ in values.templates for text in texts(node) if text)]


def _templates(commands: Mapping[str, Any]) -> dict[str, list[Template]]:
    """Every intent's templates; ValueError on what is not hassil's format."""
    language = str(commands.get("language", "en"))
    if not language.lower().startswith("en"):
        raise ValueError(f"language {language!r} cannot be heard: the recognisers are English")
    if not isinstance(commands.get("intents"), Mapping) or not commands["intents"]:
        raise ValueError("`intents` is missing: give intents with `data` and `sentences`, as hassil has them")
    reader = Reader(commands.get("expansion_rules") or {}, commands.get("lists") or {})
    found: dict[str, list[Template]] = {}
    for name, intent in commands["intents"].items():
        blocks = intent.get("data") if isinstance(intent, Mapping) else None
        if not isinstance(blocks, list):
            raise ValueError(f"intent {name!r} has no `data`: give it a list of blocks with `sentences`")
        found[str(name)] = [template for block in blocks for template in _block(str(name), block, reader)]
    return found


def _block(intent: str, block: Any, outer: Reader) -> list[Template]:
    sentences = block.get("sentences") if isinstance(block, Mapping) else None
    if not isinstance(sentences, list) or not all(isinstance(text, str) for text in sentences):
        raise ValueError(f"intent {intent!r} has a block without a list of `sentences` in quotes: give it one")
    reader = outer
    if block.get("expansion_rules") or block.get("lists"):
        reader = Reader(block.get("expansion_rules") or {}, block.get("lists") or {}, outer)
    return [
        Template(
            reader.read(text),
            block.get("slots") or {},
            block.get("requires_context") or {},
            block.get("excludes_context") or {},
        )
        for text in sentences
    ]
