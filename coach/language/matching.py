"""Matches a text against the trees of templates, from left to right.

Law: nothing is guessed. Of several readings the one with the most plain template text counts; if they have equally
much, the one written first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Any

from coach.language import contexts
from coach.language.templates import AnyOrder, Choice, Context, Gap, Node, Series, Slot, Value, Word


@dataclass(frozen=True, slots=True)
class Reading:
    """A part of the text, up to `end`, as a tree reads it."""

    end: int
    template_letters: int = 0
    """Number of letters that stand in the template itself."""
    slots: tuple[tuple[str, Value], ...] = ()
    context: tuple[tuple[str, Any], ...] = ()
    """The context of the list entries that were said."""

    def is_better(self, other: Reading) -> bool:
        """Whether this reading has more template text than the other one."""
        return self.template_letters > other.template_letters


class Reach(IntEnum):
    """Among which other words a phrase counts. A higher reach allows all that a lower one allows."""

    ALONE = 0
    """Counts only if nothing else was said, except fillers: "okay", "i can't"."""
    JOINED = 1
    """Counts also in one breath with another phrase."""
    ANYWHERE = 2
    """Counts also among any other words."""


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """One sentence template with its block's slots, contexts and reach."""

    tree: Node
    slots: Mapping[str, Value] = field(default_factory=dict)
    """Slots with fixed values; a value that was said replaces the fixed one."""
    requires: Context = field(default_factory=dict)
    excludes: Context = field(default_factory=dict)
    reach: Reach = Reach.JOINED


_PUNCTUATION = re.compile(r"(?<!\.\w)[,.!?;:]+(?=\s|$)")


def normalised(text: str) -> str:
    """The text in lower case words separated by one space, without typed punctuation: "Stop!" is "stop"."""
    return " ".join(_PUNCTUATION.sub("", text.lower().replace("\u2019", "'")).split())


class Matcher:
    """Matches one text against any number of templates; parts that trees share are read once."""

    def __init__(self, text: str, skipped: Sequence[str] = ()) -> None:
        """`text`: lower case words separated by one space. `skipped`: words that may stand between any two others."""
        self._text = text
        self._skipped = skipped
        self._known: dict[tuple[Node, int, int], list[Reading]] = {}
        """Readings by tree, bit set of the parts already read (for parts in any order), and place in the text."""

    def beginnings(self, at: int) -> Iterator[str]:
        """The word at a place and all its beginnings, also "": a template that matches here begins with one of them."""
        for start in self._gap(at):
            word = self._text[start:].partition(" ")[0]
            yield from (word[:end] for end in range(len(word) + 1))

    def phrases(self, template: Template, at: int) -> dict[int, Reading]:
        """The phrases of a template that begin at a place in the text, by the place where the next word begins.

        Each phrase has its best reading, with all slots filled.
        """
        found: dict[int, Reading] = {}
        requires, excludes = template.requires, template.excludes
        for start in self._gap(at):
            for inner in self._readings(template.tree, start):
                if (requires or excludes) and not contexts.fits(requires, excludes, inner.context):
                    continue
                for end in self._gap(inner.end):
                    if end > at and (end not in found or inner.is_better(found[end])):
                        found[end] = inner

        def filled(inner: Reading) -> Reading:
            slots = {**template.slots, **contexts.slots(requires, inner.context), **dict(inner.slots)}
            return replace(inner, slots=tuple(slots.items()))

        return {end: filled(inner) for end, inner in found.items()}

    def _readings(self, node: Node, start: int, done: int = 0) -> list[Reading]:
        key = (node, done, start)
        if key not in self._known:
            self._known[key] = _best(self._read(node, start, done))
        return self._known[key]

    def _read(self, node: Node, start: int, done: int) -> Iterator[Reading]:
        match node:
            case Word(text):
                if self._text.startswith(text, start):
                    yield Reading(start + len(text), len(text))
            case Gap():
                yield from (Reading(end) for end in self._gap(start))
            case Series(parts):
                yield from self._series(parts, start)
            case Choice(parts):
                for part in parts:
                    yield from self._readings(part, start)
            case AnyOrder():
                yield from self._any_order(node, start, done)
            case Slot():
                yield from self._slot(node, start)

    def _series(self, parts: Sequence[Node], start: int) -> list[Reading]:
        readings = [Reading(start)]
        for part in parts:
            readings = _best(_joined(one, next_) for one in readings for next_ in self._readings(part, one.end))
            if not readings:
                break
        return readings

    def _any_order(self, node: AnyOrder, start: int, done: int) -> Iterator[Reading]:
        if done == (1 << len(node.parts)) - 1:
            yield Reading(start)
        for index, part in enumerate(node.parts):
            if not done & 1 << index:
                for one in self._readings(part, start):
                    for other in self._readings(node, one.end, done | 1 << index):
                        yield _joined(one, other)

    def _slot(self, slot: Slot, start: int) -> Iterator[Reading]:
        for node, entry in slot.values.templates:
            for reading in self._readings(node, start):
                yield self._filled(slot, start, reading, entry.value, entry.context)
        for end in range(start + 1, len(self._text) + 1):
            found = slot.values.texts.get(self._text[start:end])
            if found is not None:
                yield self._filled(slot, start, Reading(end), found.value, found.context)

    def _filled(self, slot: Slot, start: int, reading: Reading, value: Value | None, context: Context) -> Reading:
        said = self._text[start : reading.end].strip()
        slots = reading.slots if slot.name is None else (*reading.slots, (slot.name, said if value is None else value))
        return Reading(reading.end, 0, slots, (*reading.context, *context.items()))

    def _gap(self, start: int) -> list[int]:
        """The places where the next word may begin, or the end of the text; none within a word."""
        text = self._text
        if 0 < start < len(text) and text[start - 1] != " ":
            if text[start] != " ":
                return []
            start += 1
        ends = [start]
        for begin in ends:
            rest = text[begin:]
            for word in self._skipped:
                end = begin + len(word) + (rest != word)
                if (rest == word or rest.startswith(f"{word} ")) and end not in ends:
                    ends.append(end)
        return ends


def _best(readings: Iterable[Reading]) -> list[Reading]:
    """The best reading for every end and every context."""
    best: dict[tuple[int, str], Reading] = {}
    for reading in readings:
        key = (reading.end, repr(reading.context) if reading.context else "")
        if key not in best or reading.is_better(best[key]):
            best[key] = reading
    return list(best.values())


def _joined(one: Reading, other: Reading) -> Reading:
    letters = one.template_letters + other.template_letters
    return Reading(other.end, letters, one.slots + other.slots, one.context + other.context)
