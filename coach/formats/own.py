"""The journal as JSON and as CSV: every record of every session, so that nothing is lost."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields as fields_of_class
from datetime import datetime
from typing import Any

from coach.formats.cells import LONGEST, MOST_ROWS, read_table, unprintable, write_table
from coach.formats.faults import Faults, shown
from coach.formats.rows import Imported
from coach.formats.values import YEARS
from coach.ports import StoredSession
from coach.records import MAX_NUMBER, RECORD_CLASSES, Record, record_from_values, record_values

VERSION = 1
_FIELDS = {
    kind: {field.name: str(field.type) for field in fields_of_class(one)} for kind, one in RECORD_CLASSES.items()
}
COLUMNS = ("session", "kind", *dict.fromkeys(name for names in _FIELDS.values() for name in names))
NEEDED = frozenset({"session", "kind", "at"})
_WHOLE, _DECIMAL = re.compile(r"-?\d{1,10}"), re.compile(r"-?\d{1,10}(\.\d+)?(e-?\d{1,3})?")


def write_json(newest_first: Iterable[StoredSession]) -> str:
    """A JSON file with one line for each session."""
    lines = []
    for session in newest_first:
        records = [{"kind": record.kind, "at": record.at, **record_values(record)} for record in session.records]
        lines.append(json.dumps({"began": session.began, "records": records}, ensure_ascii=False))
    return f'{{"coach": {VERSION}, "sessions": [\n' + ",\n".join(lines) + "\n]}\n"


def write_csv(newest_first: Iterable[StoredSession]) -> str:
    """A CSV file with one line for each record, sessions in the given order."""
    return write_table(COLUMNS, _lines(newest_first))


def _lines(sessions: Iterable[StoredSession]) -> Iterator[list[str]]:
    for session in sessions:
        for record in session.records:
            told = {"session": session.began, "kind": record.kind, "at": record.at, **record_values(record)}
            yield [str(told.get(column, "")) for column in COLUMNS]


def read_csv(text: str, faults: Faults) -> Imported:
    """Read a whole CSV file; DataError reports every fault."""
    found: dict[str, list[Record]] = {}
    for row, cells in read_table(text, faults):
        where = f"row {row}"
        unknown = sorted(name for name, cell in cells.items() if cell and name not in COLUMNS)
        if unknown:
            faults.tell(where, f"column {shown(unknown[0])} is not known here", "update the coach, or take it out")
            continue
        types = _FIELDS.get(cells["kind"], {})
        told = {
            name: _typed(cells.get(name, ""), kind)
            for name, kind in types.items()
            if cells.get(name, "") or kind == "str"
        }
        record = _record(where, cells["kind"], told, faults)
        if record is not None and _is_beginning(where, cells["session"], faults):
            found.setdefault(cells["session"], []).append(record)
    faults.check()
    return _imported(found)


def _typed(cell: str, kind: str) -> object:
    """The cell as a value of its field's type; unchanged where it is not one."""
    match kind.removesuffix(" | None"):
        case "int" if _WHOLE.fullmatch(cell):
            return int(cell)
        case "float" if _DECIMAL.fullmatch(cell):
            return float(cell)
    return cell


def read_json(text: str, faults: Faults) -> Imported:
    """Read a whole JSON file; DataError reports every fault."""
    found: dict[str, list[Record]] = {}
    count = 0
    for place, session in enumerate(_sessions(text, faults), 1):
        where = f"session {place}"
        match session:
            case {"began": str(began), "records": list(records), **others} if not others:
                pass
            case _:
                faults.tell(where, "is no session", 'give it "began" and "records"')
                continue
        if not _is_beginning(where, began, faults):
            continue
        count += len(records)
        if count > MOST_ROWS:
            faults.tell(where, f"more than {MOST_ROWS} records", "import it in parts")
            break
        if began in found:
            faults.tell(where, f"{shown(began)} stands twice", "keep one of them")
            continue
        read = [_entry(f"{where}: record {at}", entry, faults) for at, entry in enumerate(records, 1)]
        found[began] = [record for record in read if record is not None]
    faults.check()
    return _imported(found)


def _sessions(text: str, faults: Faults) -> Sequence[object]:
    try:
        # Python's own reader accepts NaN, which no other reader does.
        read = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        wrong = "nested too deep" if isinstance(error, RecursionError) else " ".join(str(error).split())[:100]
        faults.tell("the file", f"is no JSON ({wrong})", "export it again")
        return []
    match read:
        case {"coach": int(version), "sessions": list(sessions)} if version == VERSION:
            return sessions
        case {"coach": int()}:
            faults.tell("the file", "is of a later version", "update the coach")
        case _:
            faults.tell("the file", "is no history of the coach", "make it with: coach export --format json")
    return []


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no number")


def _entry(where: str, entry: object, faults: Faults) -> Record | None:
    if not isinstance(entry, dict):
        faults.tell(where, "is no record", 'give it "kind", "at" and its fields')
        return None
    told = {name: value for name, value in entry.items() if name != "kind"}
    return _record(where, entry.get("kind"), told, faults)


def _record(where: str, kind: object, told: Mapping[str, Any], faults: Faults) -> Record | None:
    if not isinstance(kind, str) or kind not in RECORD_CLASSES:
        faults.tell(where, f"kind {shown(kind)} is not known here", "update the coach, or take it out")
        return None
    unknown = sorted(told.keys() - _FIELDS[kind])
    if unknown:
        faults.tell(where, f"field {shown(unknown[0])} is not known here", "update the coach, or take it out")
        return None
    for name, value in told.items():
        if not _bearable(value):
            faults.tell(where, f"{name} {shown(value)} is out of bounds", "mend it")
            return None
    record = record_from_values(kind, told)
    if record is None:
        wanted = ", ".join(f"{name} ({one})" for name, one in _FIELDS[kind].items())
        faults.tell(where, f"is no {kind}", f"it takes {wanted}")
    return record


def _bearable(value: object) -> bool:
    """Whether the value is within the bounds of its type, and printable."""
    match value:
        case bool():
            return False
        case int():
            return -MAX_NUMBER <= value <= MAX_NUMBER
        case float():
            return math.isfinite(value) and -MAX_NUMBER <= value <= MAX_NUMBER
        case str():
            return len(value) <= LONGEST and not unprintable(value)
    return value is None


def _is_beginning(where: str, began: str, faults: Faults) -> bool:
    """Whether `began` is a time with an offset and a plausible year; reports a fault if it is not."""
    try:
        time = datetime.fromisoformat(began)
    except ValueError:
        time = None
    # Without the outermost years: in another zone the same moment may be in the year before or after.
    if time is None or time.tzinfo is None or time.year not in YEARS[1:-1] or unprintable(began):
        faults.tell(where, f"{shown(began)} is no time", "write it like 2026-03-28T17:29:11+01:00")
        return False
    return True


def _imported(found: Mapping[str, Sequence[Record]]) -> Imported:
    sessions = [
        StoredSession(began, datetime.fromisoformat(began).timestamp(), tuple(records))
        for began, records in found.items()
    ]
    return Imported(tuple(sessions))
