"""Checks the commands of a pack against each other.

Law: templates that already have an error are left out; only sound templates are checked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from coach.content.model import Defaults, Pack
from coach.content.reading import Document, KeyPath, spelled
from coach.content.schema import Group
from coach.content.templates import groups, references, templates
from coach.language.grammar import Grammar
from coach.language.habits import LIFTER_HABITS
from coach.language.matching import Reach
from coach.language.phrases import Phrase


@dataclass(frozen=True, slots=True)
class Template:
    """A sound template of an intent."""

    key: KeyPath
    intent: str
    phrases: tuple[Phrase, ...]
    reach: Reach


class Phrases:
    """Every phrase of the sound templates, with the template from which it comes."""

    def __init__(self, commands: Document) -> None:
        sound, keys = _sound(commands)
        self.groups: Mapping[str, Group] = dict(groups(sound))
        self.grammar = Grammar(sound)
        phrases = [(name, said) for name in self.groups for said in self.grammar.templates(name)]
        reaches = [reach for name in self.groups for reach in self.grammar.reaches(name)]
        self.templates = [
            Template(key, name, said, reach) for key, (name, said), reach in zip(keys, phrases, reaches, strict=True)
        ]
        self.silent_pack = Pack("", "", Defaults(1, 1, 10, "2-0-1-0"), (), (), {}, {}, {}, {}, sound, self.groups)
        """A pack with commands only, which says nothing."""

    @cached_property
    def owners(self) -> Mapping[str, str]:
        """The intent of every phrase. Phrases with a list have the list's name in them and match no text."""
        return {" ".join(phrase): one.intent for one in self.templates for phrase in one.phrases}

    def reaching(self, reach: Reach) -> Mapping[str, str]:
        """Every phrase of templates with this reach, with its intent."""
        return {" ".join(phrase): one.intent for one in self.templates if one.reach is reach for phrase in one.phrases}

    @cached_property
    def alone_only(self) -> frozenset[str]:
        """The phrases that count only if nothing else is said."""
        return frozenset(self.reaching(Reach.ALONE))


def check_reach(commands: Document, phrases: Phrases, live: Mapping[str, frozenset[str]]) -> None:
    """Every intent is live somewhere, and no template is understood without a word."""
    reached = frozenset().union(*live.values())
    for name in phrases.groups:
        if name not in reached:
            commands.report(("intents", name), f"{name!r} is live in no state", "take it out")
    for template in phrases.templates:
        if () in template.phrases:
            commands.report(template.key, "it can be said with no word at all", "leave one word outside the brackets")


def check_overlaps(commands: Document, phrases: Phrases, live: Mapping[str, frozenset[str]]) -> None:
    """No phrase belongs to two intents that are live together."""
    whole = [(name, phrases.grammar.phrases(name)) for name in phrases.groups]
    overlapping = {whole[number][0] for pair in phrases.grammar.overlaps(whole) for number in pair}
    if not overlapping:
        return
    candidates = [one for one in phrases.templates if one.intent in overlapping]
    for pair, shared in phrases.grammar.overlaps([(one.intent, one.phrases) for one in candidates]).items():
        names = {candidates[number].intent for number in pair}
        if not any(names <= intents for intents in live.values()):
            continue
        # Report it where it can be repaired: in the pack rather than in a file it inherits, below rather than above.
        numbers = sorted(pair, key=lambda number: (candidates[number].key[:2] in commands.inherited, -number))
        here, there = (candidates[number] for number in numbers)
        other, place = there.intent, commands.place(there.key)
        if set(shared) >= {" ".join(phrase) for phrase in here.phrases}:
            wrong = f"every phrase of it is one of {other} too ({place})"
        else:
            more = f" and {len(shared) - 1} more are phrases" if len(shared) > 1 else " is a phrase"
            wrong = f"{shared[0]!r}{more} of {other} too ({place})"
        commands.report(here.key, wrong, "keep it in one of them")


def check_safety(commands: Document, phrases: Phrases) -> None:
    """No phrase contains another intent's phrase that counts anywhere: the inner phrase would act too early."""
    alarms = phrases.reaching(Reach.ANYWHERE)
    for template in phrases.templates:
        if template.reach is Reach.ANYWHERE:
            continue
        for phrase in template.phrases:
            held = next((text for text in parts(phrase) if alarms.get(text, template.intent) != template.intent), None)
            if held is not None:
                kind = "safety phrase" if phrases.groups[alarms[held]] == Group.SAFETY else "phrase"
                wrong = f"{' '.join(phrase)!r} has the {kind} {held!r} of {alarms[held]} in it"
                commands.report(template.key, wrong, "put it in other words")
                break


def check_fillers(commands: Document, phrases: Phrases) -> None:
    """No filler makes a phrase of one intent into a phrase of another."""
    for template in phrases.templates:
        for text in map(" ".join, template.phrases):
            for filler in LIFTER_HABITS.fillers:
                rest = text.removeprefix(f"{filler} ").removesuffix(f" {filler}")
                other = phrases.owners.get(rest, template.intent)
                if rest != text and other != template.intent:
                    wrong = f"{text!r} is {rest!r} of {other} with the filler {filler!r}"
                    commands.report(template.key, wrong, "put it in other words")


def check_words(commands: Document, phrases: Phrases, model_knows: Callable[[str], bool]) -> None:
    """Warn of words that the model cannot hear."""
    seen: set[str] = set()
    for key, word in _words(commands, phrases):
        if word in seen:
            continue
        seen.add(word)
        if not model_knows(word):
            remedy = "say it with other words too, or take another model"
            commands.report(key, f"{word!r} is not in the Vosk model: it is not heard there", remedy, warning=True)


def check_pronunciations(commands: Document) -> None:
    """Warn of pronunciations. No recogniser uses them: Moonshine writes letters, Vosk's words are in its model."""
    if "pronunciations" in commands.value:
        commands.report(("pronunciations",), "no recogniser uses them", "take them out", warning=True)


def parts(words: Sequence[str]) -> Iterator[str]:
    """Every run of at most 12 words in a text, joined by spaces as in a phrase."""
    for begins in range(len(words)):
        for ends in range(begins + 1, min(len(words), begins + 12) + 1):
            yield " ".join(words[begins:ends])


def _words(commands: Document, phrases: Phrases) -> Iterator[tuple[KeyPath, str]]:
    """Every word that must be heard, with its key. Number words are left out: they come from the coach itself."""
    rules = commands.value.get("expansion_rules", {}).items()
    texts: list[tuple[KeyPath, str]] = [(("expansion_rules", name), text) for name, text in rules]
    for name, definition in commands.value.get("lists", {}).items():
        for index, entry in enumerate(definition.get("values", ())):
            texts.append((("lists", name, "values", index), entry.get("in", "")))
    for key, text in texts:
        for word in re.findall(r"[a-z']+", re.sub(r"\{[^}]*\}|<[^>]*>", " ", text)):
            yield key, word
    # Take the words of templates from their phrases, not from their text: (a|b)c is one word.
    for template in phrases.templates:
        for phrase in template.phrases:
            yield from ((template.key, word) for word in phrase if not word.startswith("{"))


def _sound(commands: Document) -> tuple[dict[str, Any], list[KeyPath]]:
    """The commands without the parts that have errors, and the keys of the templates that are left."""
    wrong_keys = {finding.key for finding in commands.findings}
    value = commands.value

    def stands(section: str, name: str) -> bool:
        whole = spelled((section, name))
        if name not in value.get(section, {}) or any(
            key == whole or key.startswith((f"{whole}.", f"{whole}[")) for key in wrong_keys
        ):
            return False
        return section == "lists" or _refers_well(value[section][name])

    def _refers_well(text: str) -> bool:
        return all(stands(section, name) for section, name, _ in references(text))

    keys: list[KeyPath] = []
    intents: dict[str, Any] = {}
    for at, text in templates(value):
        if at[0] != "intents" or spelled(at) in wrong_keys or not _refers_well(text):
            continue
        block = value["intents"][at[1]]["data"][at[3]]
        if block.get("metadata", {}).get("group") not in list(Group):
            continue
        keys.append(at)
        one = {"sentences": [text], "metadata": block["metadata"], "slots": block.get("slots", {})}
        intents.setdefault(str(at[1]), {"data": []})["data"].append(one)
    kept = {
        section: {name: entry for name, entry in value.get(section, {}).items() if stands(section, name)}
        for section in ("lists", "expansion_rules")
    }
    return {"language": "en", "intents": intents, **kept}, keys
