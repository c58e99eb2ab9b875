"""Compares the context of named list entries with what a template requires and excludes, by hassil's rules.

Law: only list entries carry context. A key that no entry carries is unknown, and a template that requires it is never
understood.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coach.language.templates import Context, Node, Value, lists_of

SaidContext = Sequence[tuple[str, Any]]
"""The context keys and values of all entries that were named, in the order of the words. The last value of a key
counts."""


def fits(requires: Context, excludes: Context, said: SaidContext) -> bool:
    """Whether a template may mean what was said. Every named entry must agree, even if a later one overrides it."""
    known = dict(said)
    if any(key in excludes and _among(value, excludes[key]) for key, value in said):
        return False
    if any(key in requires and not _as_required(value, requires[key]) for key, value in said):
        return False
    return all(_inner(known.get(key)) is not None for key in requires)


def slots(requires: Context, said: SaidContext) -> dict[str, Value]:
    """Slots that are filled from the context: `requires_context: {area: {slot: true}}` fills the slot `area`; a name in
    the place of `true` fills the slot of that name.
    """
    known = dict(said)
    named = {key: want["slot"] for key, want in requires.items() if isinstance(want, Mapping) and want.get("slot")}
    return {slot if isinstance(slot, str) else key: _inner(known[key]) for key, slot in named.items() if key in known}


def missing_context(requires: Context, tree: Node) -> list[str]:
    """The context keys that a template requires and no entry of its lists carries."""
    carried: set[str] = set()
    for values in lists_of(tree).values():
        for entry in (*values.texts.values(), *(entry for _, entry in values.templates)):
            carried.update(entry.context)
    return sorted(requires.keys() - carried)


def _inner(value: Any) -> Any:
    """The plain value: `{value: kitchen}` gives "kitchen"."""
    return value.get("value") if isinstance(value, Mapping) else value


def _as_required(value: Any, required: Any) -> bool:
    wanted = _inner(required)
    return wanted is None or _among(value, wanted)


def _among(value: Any, wanted: Any) -> bool:
    """Whether the value equals the wanted one, or is in the list of wanted ones."""
    value, wanted = _inner(value), _inner(wanted)
    return bool(value == wanted or (isinstance(wanted, list) and value in wanted))
