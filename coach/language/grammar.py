"""Commands as hassil templates: compiled into what recognisers hear, and matched to find what was meant.

Law: `vocabulary` and `meanings` are both derived from the same templates, number words and habits of speech, so that
what can be heard is understood. `meanings` understands more in one case: a phrase that counts anywhere, such as a
safety phrase, is found wherever it stands in a text, unless it is denied.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import islice
from typing import Any

from coach.language import breath
from coach.language.breath_graph import utterance_graph
from coach.language.concepts import Concepts
from coach.language.contexts import missing_context
from coach.language.corrections import with_corrections
from coach.language.habits import NO_HABITS, Habits, is_denied
from coach.language.matching import Matcher, Reach, Reading, Template, normalised
from coach.language.overlaps import overlaps
from coach.language.phrases import Phrase, covering, covering_paths, thinned
from coach.language.templates import Reader, Value, Values, count_texts, lists_of, openings, texts
from coach.language.word_graph import Compiler
from coach.ports import Automaton, Vocabulary

SAFETY = "safety"
"""Group of the intents whose phrases count wherever they stand, unless a block says `alone: true`."""
WAKE_INTENT = "Wake"
"""Name of what the wake word alone means; no intent has this name."""
_MAX_SPELLED_OUT = 20_000
"""Largest number of phrases, each list counted as one word, that are spelled out for recognisers that take a list of
phrases. The coach has more in every state; most files have fewer."""
_MAX_SAFETY_WORDS = 10
"""Largest number of words of a safety phrase; the coach's longest has ten."""


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing that was meant, with the values that were said."""

    name: str
    slots: Mapping[str, Value] = field(default_factory=dict)


class Grammar:
    """The commands of one file. Immutable; answers are remembered per set of live intents."""

    def __init__(self, commands: Mapping[str, Any], habits: Habits = NO_HABITS) -> None:
        """`commands`: the mapping of a commands file in hassil's format.

        Lists with a `range` (`from`, `to`, `step`, `fractions: quarters`) are spoken as numbers. `habits`: what people
        say around the phrases. Raises ValueError, with the remedy, for commands that cannot be heard or read.
        """
        self._habits = habits
        self.wake_word = habits.wake_word
        every = _templates(commands)
        self._templates = {
            name: [one for one in its if not missing_context(one.requires, one.tree)] for name, its in every.items()
        }
        self.left_out = tuple(_left_out(every))
        """Messages for people about the templates that are left out."""
        self._readable = {
            name: [*its, *filter(None, (with_corrections(template, habits) for template in its))]
            for name, its in self._templates.items()
        }
        """By intent, the templates and their corrected forms."""
        self._safety = _of_safety(commands)
        self._skipped = tuple(sorted(map(normalised, commands.get("skip_words") or ()), key=len, reverse=True))
        self._compiler = Compiler(self._skipped)
        self.concepts = Concepts(commands.get("concepts") or {}, commands.get("concept_words") or {})
        self.meanings = lru_cache(maxsize=4096)(self._meanings)
        self.vocabulary = lru_cache(maxsize=64)(self._vocabulary)
        self._index = lru_cache(maxsize=64)(self._by_opening)
        self.anywhere = cache(self._anywhere)

    @property
    def intents(self) -> frozenset[str]:
        """The names of all intents."""
        return frozenset(self._templates)

    def _anywhere(self) -> tuple[str, ...]:
        """Plain phrases that count wherever they stand in a text, enough to have every word and pair of words."""
        found: dict[str, None] = {}
        for name in sorted(self._templates):
            spotted = [template for template in self._templates[name] if template.reach is Reach.ANYWHERE]
            phrases = [tuple(text.split()) for template in spotted for text in texts(template.tree)]
            found |= dict.fromkeys(covering(phrases, self._lists([name])))
        return tuple(found)

    def phrases(self, intent: str) -> tuple[Phrase, ...]:
        """Every phrase of one intent, with the name of a list in the place of its values."""
        return tuple(dict.fromkeys(phrase for template in self.templates(intent) for phrase in template if phrase))

    def templates(self, intent: str) -> tuple[tuple[Phrase, ...], ...]:
        """The phrases of each template of one intent, in the file's order; an empty phrase is an error of the file."""
        return tuple(
            tuple(tuple(text.split()) for text in texts(template.tree)) for template in self._templates[intent]
        )

    def reaches(self, intent: str) -> tuple[Reach, ...]:
        """The reach of each template of one intent."""
        return tuple(template.reach for template in self._templates[intent])

    def overlaps(self, templates: Sequence[tuple[str, Sequence[Phrase]]]) -> dict[tuple[int, int], list[str]]:
        """Phrases that two templates of different intents share, by the templates' numbers. `templates`: intent and
        phrases of each template.
        """
        return overlaps([said for _, said in templates], [intent for intent, _ in templates], self._lists(self.intents))

    def covering_phrases(self, intent: str) -> tuple[str, ...]:
        """Plain phrases of one intent that together have every word and pair of words of the intent."""
        return tuple(covering(self.phrases(intent), self._lists([intent])))

    def plain_phrases(self, intent: str) -> tuple[str, ...]:
        """Every phrase of one intent, each list replaced by one of its values: "ten" if the list has it."""
        lists = self._lists([intent])
        usual = {f"{{{name}}}": min(its, key=lambda value: value != ("ten",)) for name, its in lists.items()}
        phrases = ((word for token in phrase for word in usual.get(token, (token,))) for phrase in self.phrases(intent))
        return tuple(map(" ".join, phrases))

    def usual_phrases(self, intent: str) -> tuple[str, ...]:
        """The plain phrases of one intent, only those that add a new pair of neighbouring words."""
        return tuple(map(" ".join, thinned(tuple(text.split()) for text in self.plain_phrases(intent))))

    def examples(self, intent: str, limit: int = 6) -> tuple[str, ...]:
        """A few phrases of an intent, for people; the first wording of each template."""
        firsts = (next(texts(template.tree)) for template in self._templates[intent])
        shown = dict.fromkeys(first.replace("{", "<").replace("}", ">") for first in firsts)
        return tuple(islice(shown, limit))

    def understand(
        self, text: str, intents: frozenset[str], after_wake_word: frozenset[str] = frozenset()
    ) -> Intent | None:
        """The one intent that the words mean; None if they mean none, or several."""
        meant = self.meanings(text, intents, after_wake_word)
        return meant[0] if meant is not None and len(meant) == 1 else None

    def means_same(self, text: str, other: str) -> bool:
        """Whether both texts have a meaning and mean the same, with all intents live."""
        meant, also = (self.meanings(one, self.intents, self.intents) for one in (text, other))
        return bool(meant) and meant == also

    def is_alone_only(self, text: str, intents: frozenset[str]) -> bool:
        """Whether these words count only if nothing else is said, so that one more word may change their meaning."""
        text = normalised(text)
        words = text.split()
        if any(self._spotted(text, words, intents)):
            return False
        joined = self._phrases(text, intents, Reach.JOINED)
        return not breath.meanings(words, self._habits, joined, joined)

    def _vocabulary(self, intents: frozenset[str], after_wake_word: frozenset[str] = frozenset()) -> Vocabulary:
        """What can be heard: the phrases of `intents` and of `after_wake_word`, and the wake word if that has any.

        Every phrase can be heard with and without the wake word, though `meanings` understands fewer. Reason: if few
        phrases can be heard beside the safety words, more of what people say to others is taken for a safety word.
        """
        every = intents | after_wake_word
        templates = [template for name in sorted(every) for template in self._readable[name]]
        joined = self._compiler.compile(one.tree for one in templates if one.reach >= Reach.JOINED)
        alone_only = self._compiler.compile(one.tree for one in templates if one.reach is Reach.ALONE)
        single = self._compiler.compile(one.tree for one in templates)
        wake_word = self.wake_word if after_wake_word else None
        graph = utterance_graph(joined, self._habits, wake_word, alone_only)
        alone = utterance_graph(single, NO_HABITS, wake_word)
        return Vocabulary(self._listed(every, single, bool(after_wake_word)), graph, alone)

    def _listed(self, intents: frozenset[str], single: Automaton, wake: bool) -> tuple[str, ...]:
        """The phrases as a list. `single`: the graph of single phrases; `wake`: whether the wake word can be heard."""
        phrases = self._spelled_out(intents)
        if phrases is None:
            phrases = tuple(covering_paths(single))
        called = (self.wake_word, *(f"{self.wake_word} {phrase}" for phrase in phrases)) if wake else ()
        return tuple(dict.fromkeys((*phrases, *called, *self._habits.between)))

    def _spelled_out(self, intents: frozenset[str]) -> tuple[str, ...] | None:
        """The phrases spelled out; None if there are too many, or if a list and a word touch without a space."""
        count = sum(count_texts(template.tree) for name in intents for template in self._templates[name])
        if self._skipped or count > _MAX_SPELLED_OUT:
            return None
        phrases = [phrase for name in sorted(intents) for phrase in self.phrases(name)]
        lists = self._lists(intents)
        whole = {f"{{{name}}}" for name in lists}
        if not all(token in whole for phrase in phrases for token in phrase if "{" in token):
            return None
        return tuple(covering(phrases, lists))

    def _by_opening(self, intents: frozenset[str], reach: Reach) -> dict[str, list[tuple[str, int]]]:
        """The templates of at least this reach, as intent and number, by the word or part of a word they begin with."""
        found: dict[str, list[tuple[str, int]]] = {}
        for name in intents & self._templates.keys():
            for at, template in enumerate(self._readable[name]):
                for word in openings(template.tree) if template.reach >= reach else ():
                    found.setdefault(word, []).append((name, at))
        return found

    def _lists(self, intents: Sequence[str] | frozenset[str]) -> dict[str, list[Phrase]]:
        """By name, every wording of each list that these intents use."""
        found: dict[str, Values] = {}
        for name in intents:
            for template in self._templates[name]:
                found |= lists_of(template.tree)
        return {name: [tuple(text.split()) for text in _wordings(values)] for name, values in found.items()}

    def _meanings(
        self, text: str, intents: frozenset[str], after_wake_word: frozenset[str] = frozenset()
    ) -> tuple[Intent, ...] | None:
        """The intents of a text in the order in which they were said; None if no live intent was meant.

        An empty tuple if the text asks for nothing: fillers, or a danger that is denied. Safety phrases count wherever
        they stand, and then no other phrase counts.
        """
        text = normalised(text)
        words = text.split()
        alarms, denied = self._spotted(text, words, intents & self._safety)
        if alarms:
            return alarms
        meant = self._behind_wake_word(words, after_wake_word) if after_wake_word else None
        if meant is None and words:
            alone, joined = (self._phrases(text, intents, reach) for reach in (Reach.ALONE, Reach.JOINED))
            meant = breath.meanings(words, self._habits, alone, joined)
            if meant == () and intents != self.intents and self.meanings(text, self.intents):
                # "yes" is a filler, but "yes" alone is an answer. Without a question it is not understood.
                meant = None
        if meant is None:
            found, more = self._spotted(text, words, intents - self._safety)
            meant = found or (() if denied or more else None)
        return meant

    def _behind_wake_word(self, words: Sequence[str], after_wake_word: frozenset[str]) -> tuple[Intent, ...] | None:
        """The intents of the words behind the wake word; None if the text does not begin with the wake word."""
        for at in breath.filler_ends(words, 0, self._habits.fillers):
            if at < len(words) and words[at] == self.wake_word:
                rest = " ".join(words[at + 1 :])
                return self.meanings(rest, after_wake_word) if rest else (Intent(WAKE_INTENT),)
        return None

    def _spotted(self, text: str, words: Sequence[str], intents: frozenset[str]) -> tuple[tuple[Intent, ...], bool]:
        """The phrases of these intents that stand anywhere in a text and are not denied: the longest at each place,
        each intent once. The second value: whether any phrase is denied.
        """
        phrase = self._phrases(text, intents, Reach.ANYWHERE)
        found: dict[str, Intent] = {}
        denied = 0
        """Number of the word behind the last denied phrase."""
        for at in range(len(words)):
            ends = range(min(len(words), at + _MAX_SAFETY_WORDS), at, -1)
            end = next((end for end in ends if phrase(at, end)), at)
            meant = phrase(at, end) if end > at else None
            if meant is not None and is_denied(words, at):
                denied = max(denied, end)
            elif meant is not None and end > denied:
                found.setdefault(meant.name, meant)
        return tuple(found.values()), bool(denied)

    def _phrases(self, text: str, intents: frozenset[str], reach: Reach) -> breath.FindPhrase[Intent]:
        """A function that finds which words of a text are a phrase of these intents with at least this reach."""
        matcher = Matcher(text, self._skipped)
        index = self._index(intents, reach)
        spoken = f" {text} "
        corrects = any(f" {correction} " in spoken for correction in self._habits.corrections)
        places = [0, *(at + 1 for at, letter in enumerate(text) if letter == " "), len(text)]

        @cache
        def beginning(at: int) -> dict[int, tuple[str, Reading]]:
            best: dict[int, tuple[str, Reading]] = {}
            found = {one for word in matcher.beginnings(at) for one in index.get(word, ())}
            for name, number in sorted(found):
                if number >= len(self._templates[name]) and not corrects:
                    continue
                for end, reading in matcher.phrases(self._readable[name][number], at).items():
                    if end not in best or reading.is_better(best[end][1]):
                        best[end] = (name, reading)
            return best

        def phrase(begin: int, end: int) -> Intent | None:
            found = beginning(places[begin]).get(places[end])
            return None if found is None else Intent(found[0], dict(found[1].slots))

        return phrase


def _left_out(templates: Mapping[str, Sequence[Template]]) -> Iterator[str]:
    """Messages for people about the templates that no text can fulfil."""
    for name, its in templates.items():
        lacking = [missing_context(one.requires, one.tree) for one in its]
        if count := sum(map(bool, lacking)):
            keys = ", ".join(sorted({key for some in lacking for key in some}))
            yield f"intent {name!r}: {count} of {len(its)} sentences are left out: no list entry tells their {keys}"


def _wordings(values: Values) -> list[str]:
    return [*values.texts, *(text for node, _ in values.templates for text in texts(node) if text)]


def _templates(commands: Mapping[str, Any]) -> dict[str, list[Template]]:
    """Every intent's templates; ValueError if the commands are not in hassil's format."""
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


def _of_safety(commands: Mapping[str, Any]) -> frozenset[str]:
    """The intents with a block in the safety group. If one of them is found in a text, no other intent counts."""
    return frozenset(
        str(name)
        for name, intent in commands["intents"].items()
        if any((block.get("metadata") or {}).get("group") == SAFETY for block in intent["data"])
    )


def _reach(metadata: Mapping[str, Any]) -> Reach:
    """The reach that a block's metadata says: safety phrases count anywhere unless the block says `alone`."""
    if metadata.get("alone"):
        return Reach.ALONE
    spotted = metadata.get("anywhere") or metadata.get("group") == SAFETY
    return Reach.ANYWHERE if spotted else Reach.JOINED


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
            _reach(block.get("metadata") or {}),
        )
        for text in sentences
    ]
