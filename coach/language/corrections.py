"""Corrections of a number: "ten reps no twelve", or "no twelve reps" when the phrase before is over.

Law: only a phrase with a number or another list entry can be corrected by a part of it: the part from the first entry
on, with or without the words behind the last entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from coach.language.habits import HESITATIONS, Habits
from coach.language.matching import Template
from coach.language.templates import EMPTY, GAP, AnyOrder, Choice, Entry, Node, Series, Slot, Values, lists_of, openings


def with_corrections(template: Template, habits: Habits) -> Template | None:
    """The template of the corrected forms of a template's phrases; None if the template has no list entries."""
    tail = _tail(template.tree)
    if tail is None or not habits.corrections:
        return None
    correction = _correction(habits)
    later = Series((_unnamed(template.tree), GAP, correction, GAP, tail))
    return replace(template, tree=Choice((later, Series((correction, GAP, template.tree)))))


def _tail(tree: Node) -> Node | None:
    """The part that may stand for the whole phrase: from the first list entry on."""
    parts = tuple(_flat(tree))
    entries = [number for number, part in enumerate(parts) if lists_of(part)]
    if not entries:
        return None
    first, last = entries[0], entries[-1] + 1
    values = Series(parts[first:last])
    if "" in openings(values):
        return None
    return Series((values, Choice((EMPTY, Series(parts[last:])))))


def _flat(node: Node) -> Iterator[Node]:
    if isinstance(node, Series):
        for part in node.parts:
            yield from _flat(part)
    else:
        yield node


def _unnamed(node: Node) -> Node:
    """The tree without slot names, so that the values of its lists are not kept."""
    match node:
        case Slot():
            return replace(node, name=None)
        case Series(parts) | Choice(parts) | AnyOrder(parts):
            return type(node)(tuple(map(_unnamed, parts)))
    return node


@lru_cache
def _correction(habits: Habits) -> Node:
    """One or two correcting words, or one and a hesitation. It is a list, because a list is compiled only once."""
    hesitations = tuple(filler for filler in habits.fillers if filler in HESITATIONS)
    texts = [text for one in habits.corrections for text in (one, *(f"{other} {one}" for other in habits.corrections))]
    texts += [text for one in habits.corrections for um in hesitations for text in (f"{um} {one}", f"{one} {um}")]
    return Slot(None, Values("repair", dict.fromkeys(texts, Entry(None))))
