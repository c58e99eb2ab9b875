"""A record as a row of the journal's table, and back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from coach.records import MAX_NUMBER, RECORD_CLASSES, Record, record_from_values

_FIELD_NAMES = {kind: tuple(field.name for field in fields(known)) for kind, known in RECORD_CLASSES.items()}
FIELD_COLUMNS = tuple(dict.fromkeys(name for names in _FIELD_NAMES.values() for name in names))
"""Columns of the table that hold fields."""
_QUOTED_NAMES = {name: f'"{name}"' for name in FIELD_COLUMNS}
"""Column names in quotes, because some are words of SQL."""
RECORD_COLUMNS = ", ".join(["kind", *_QUOTED_NAMES.values()])
"""The columns that `record_of` takes, in SQL."""
INSERT_STATEMENTS = {
    kind: f"INSERT INTO record (session, number, kind, {', '.join(_QUOTED_NAMES[name] for name in names)})"
    f" VALUES (?, ?, ?{', ?' * len(names)})"
    for kind, names in _FIELD_NAMES.items()
}
"""SQL for each kind; takes the session, the record's number in it, and the result of `row_of`."""


def row_of(record: Record) -> list[object]:
    """The kind, and the values of all fields of this kind."""
    return [record.kind, *(getattr(record, name) for name in _FIELD_NAMES[record.kind])]


def record_of(row: tuple[Any, ...]) -> Record | None:
    """The row's record; None: the row is damaged, or of a kind that this coach does not know."""
    shape = _SHAPES.get(row[0]) if isinstance(row[0], str) else None
    if shape is None:
        return None
    values = [row[place] for place in shape.places]
    types = (*map(type, values),)
    # The first value is the record's time. The short way must check its bound, too.
    if types in shape.valid_types and abs(values[0]) <= MAX_NUMBER:
        return shape.make(*values)
    present = {name: value for name, value in zip(FIELD_COLUMNS, row[1:], strict=True) if value is not None}
    record = record_from_values(row[0], present)
    if record is not None:
        shape.valid_types.add(types)
    return record


class _RecordShape:
    """How to make a record of one kind from a row."""

    def __init__(self, kind: str) -> None:
        self.make: Callable[..., Record] = RECORD_CLASSES[kind]
        self.places = [1 + FIELD_COLUMNS.index(name) for name in _FIELD_NAMES[kind]]
        self.valid_types: set[tuple[type, ...]] = set()
        """Types of values that have already made a valid record. `record_from_values` takes ten times longer."""


_SHAPES = {kind: _RecordShape(kind) for kind in RECORD_CLASSES}
