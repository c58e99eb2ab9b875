"""What is known of the things that were named, held against what a template requires and excludes: hassil's rules.

Law: only entries of lists tell anything. What no entry tells is not known, and a template that requires it is never
said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coach.language.templates import Context, Node, Value, places

Told = Sequence[tuple[str, Any]]
"""Key and value of every entry that was named, in the order of the words; the last counts."""


def fits(requires: Context, excludes: Context, told: Told) -> bool:
    """Whether a template may mean what was said. No entry may speak against it, not even one that another overrules."""
    known = dict(told)
    if any(key in excludes and _among(value, excludes[key]) for key, value in told):
        return False
    if any(key in requires and not _as_required(value, requires[key]) for key, value in told):
        return False
    return all(_inner(known.get(key)) is not None for key in requires)


def slots(requires: Context, told: Told) -> dict[str, Value]:
    """Slots that take what is known: `requires_context: {area: {slot: true}}`, or a slot's name for `true`."""
    known = dict(told)
    named = {key: want["slot"] for key, want in requires.items() if isinstance(want, Mapping) and want.get("slot")}
    return {slot if isinstance(slot, str) else key: _inner(known[key]) for key, slot in named.items() if key in known}


def untold(requires: Context, tree: Node) -> list[str]:
    """What a template requires and none of its lists tells."""
    told: set[str] = set()
    for values in places(tree).values():
        for entry in (*values.plain.values(), *(entry for _, entry in values.templates)):
            told.update(entry.context)
    return sorted(requires.keys() - told)


def _inner(value: Any) -> Any:
    """`{value: kitchen}` is kitchen."""
    return value.get("value") if isinstance(value, Mapping) else value


def _as_required(value: Any, required: Any) -> bool:
    wanted = _inner(required)
    return wanted is None or _among(value, wanted)


def _among(value: Any, wanted: Any) -> bool:
    """It is that, or one of those."""
    value, wanted = _inner(value), _inner(wanted)
    return bool(value == wanted or (isinstance(wanted, list) and value in wanted))
