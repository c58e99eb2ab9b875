"""A record as a row of the journal's table, and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from operator import itemgetter
from typing import Any

from coach.records import MAX_NUMBER, RECORD_CLASSES, Record, record_from_values

_FIELDS = {kind: tuple(field.name for field in fields(known)) for kind, known in RECORD_CLASSES.items()}
COLUMNS = tuple(dict.fromkeys(name for names in _FIELDS.values() for name in names))
"""Columns of the table that hold fields."""
_QUOTED = {name: f'"{name}"' for name in COLUMNS}
"""Columns are quoted because some names are words of SQL."""
SELECTED = ", ".join(["kind", *_QUOTED.values()])
"""The columns that `record_of` takes, in SQL."""
INSERT = {
    kind: f"INSERT INTO record (session, number, kind, {', '.join(_QUOTED[name] for name in names)})"
    f" VALUES (?, ?, ?{', ?' * len(names)})"
    for kind, names in _FIELDS.items()
}
"""Statement for each kind; takes the session, the record's number in it, and the result of `row_of`."""


def row_of(record: Record) -> list[object]:
    """The kind, and the values of all fields of this kind."""
    return [record.kind, *(getattr(record, name) for name in _FIELDS[record.kind])]


def record_of(row: tuple[Any, ...]) -> Record | None:
    """The row's record; None: the row is damaged, or of a kind that this coach does not know."""
    shape = _SHAPES.get(row[0]) if isinstance(row[0], str) else None
    if shape is None:
        return None
    values = shape.pick(row)
    types = (*map(type, values),)
    if types in shape.good and abs(values[0]) <= MAX_NUMBER:
        return shape.make(*values)
    kept = {name: value for name, value in zip(COLUMNS, row[1:], strict=True) if value is not None}
    record = record_from_values(row[0], kept)
    if record is not None:
        shape.good.add(types)
    return record


class _Shape:
    """How to make a record of one kind from a row."""

    def __init__(self, kind: str) -> None:
        self.make: Callable[..., Record] = RECORD_CLASSES[kind]
        self.pick = itemgetter(*(1 + COLUMNS.index(name) for name in _FIELDS[kind]))
        self.good: set[tuple[type, ...]] = set()
        """Types of values that have already made a valid record. `record_from_values` takes ten times longer."""


_SHAPES = {kind: _Shape(kind) for kind in RECORD_CLASSES}
