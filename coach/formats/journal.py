"""The journal as JSON and as CSV: every record of every session, so that nothing is lost."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields as fields_of_class
from datetime import datetime
from typing import Any

from coach.formats.csv_table import MAX_CELL_CHARACTERS, MAX_ROWS, has_control_characters, read_table, write_table
from coach.formats.findings import Findings, quoted
from coach.formats.row_cells import YEARS
from coach.formats.rows import Imported
from coach.ports import StoredSession
from coach.records import MAX_NUMBER, RECORD_CLASSES, Record, record_from_values, record_values

VERSION = 1
"""Version of the JSON format."""
_FIELDS = {
    kind: {field.name: str(field.type) for field in fields_of_class(record_class)}
    for kind, record_class in RECORD_CLASSES.items()
}
"""Kind of a record -> its fields, each with the name of its type."""
COLUMNS = ("session", "kind", *dict.fromkeys(name for names in _FIELDS.values() for name in names))
REQUIRED_COLUMNS = frozenset({"session", "kind", "at"})
_INTEGER, _DECIMAL = re.compile(r"-?\d{1,10}"), re.compile(r"-?\d{1,10}(\.\d+)?(e-?\d{1,3})?")


def write_json(newest_first: Iterable[StoredSession]) -> str:
    """Returns a JSON file with one line for each session."""
    lines = []
    for session in newest_first:
        records = [{"kind": record.kind, "at": record.at, **record_values(record)} for record in session.records]
        lines.append(json.dumps({"began": session.began, "records": records}, ensure_ascii=False))
    return f'{{"coach": {VERSION}, "sessions": [\n' + ",\n".join(lines) + "\n]}\n"


def write_csv(newest_first: Iterable[StoredSession]) -> str:
    """Returns a CSV file with one line for each record, sessions in the given order."""
    return write_table(COLUMNS, _lines(newest_first))


def _lines(sessions: Iterable[StoredSession]) -> Iterator[list[str]]:
    for session in sessions:
        for record in session.records:
            values = {"session": session.began, "kind": record.kind, "at": record.at, **record_values(record)}
            yield [str(values.get(column, "")) for column in COLUMNS]


def read_csv(text: str, findings: Findings) -> Imported:
    """Reads a whole CSV file; DataError lists every finding."""
    records_of_session: dict[str, list[Record]] = {}
    for row, cells in read_table(text, findings):
        where = f"row {row}"
        unknown = sorted(name for name, cell in cells.items() if cell and name not in COLUMNS)
        if unknown:
            findings.report(where, f"column {quoted(unknown[0])} is not known here", "update the coach, or take it out")
            continue
        type_names = _FIELDS.get(cells["kind"], {})
        values = {
            name: _read_cell(cells.get(name, ""), type_name)
            for name, type_name in type_names.items()
            if cells.get(name, "") or type_name == "str"
        }
        record = _read_record(where, cells["kind"], values, findings)
        if record is not None and _is_valid_time(where, cells["session"], findings):
            records_of_session.setdefault(cells["session"], []).append(record)
    findings.raise_if_any()
    return _imported(records_of_session)


def _read_cell(cell: str, type_name: str) -> object:
    """Returns the cell as a value of its field's type; the cell itself if it cannot be read as that type."""
    match type_name.removesuffix(" | None"):
        case "int" if _INTEGER.fullmatch(cell):
            return int(cell)
        case "float" if _DECIMAL.fullmatch(cell):
            return float(cell)
    return cell


def read_json(text: str, findings: Findings) -> Imported:
    """Reads a whole JSON file; DataError lists every finding."""
    records_of_session: dict[str, list[Record]] = {}
    count = 0
    for place, session in enumerate(_read_sessions(text, findings), 1):
        where = f"session {place}"
        match session:
            case {"began": str(began), "records": list(records), **others} if not others:
                pass
            case _:
                findings.report(where, "is no session", 'give it "began" and "records"')
                continue
        if not _is_valid_time(where, began, findings):
            continue
        count += len(records)
        if count > MAX_ROWS:
            findings.report(where, f"more than {MAX_ROWS} records", "import it in parts")
            break
        if began in records_of_session:
            findings.report(where, f"{quoted(began)} stands twice", "keep one of them")
            continue
        read = [_read_entry(f"{where}: record {number}", entry, findings) for number, entry in enumerate(records, 1)]
        records_of_session[began] = [record for record in read if record is not None]
    findings.raise_if_any()
    return _imported(records_of_session)


def _read_sessions(text: str, findings: Findings) -> Sequence[object]:
    try:
        # Without `_refuse`, Python reads NaN and Infinity, which are not JSON.
        read = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        wrong = "nested too deep" if isinstance(error, RecursionError) else " ".join(str(error).split())[:100]
        findings.report("the file", f"is no JSON ({wrong})", "export it again")
        return []
    match read:
        case {"coach": int(version), "sessions": list(sessions)} if version == VERSION:
            return sessions
        case {"coach": int()}:
            findings.report("the file", "is of a later version", "update the coach")
        case _:
            findings.report("the file", "is no history of the coach", "make it with: coach export --format json")
    return []


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no number")


def _read_entry(where: str, entry: object, findings: Findings) -> Record | None:
    if not isinstance(entry, dict):
        findings.report(where, "is no record", 'give it "kind", "at" and its fields')
        return None
    values = {name: value for name, value in entry.items() if name != "kind"}
    return _read_record(where, entry.get("kind"), values, findings)


def _read_record(where: str, kind: object, values: Mapping[str, Any], findings: Findings) -> Record | None:
    if not isinstance(kind, str) or kind not in RECORD_CLASSES:
        findings.report(where, f"kind {quoted(kind)} is not known here", "update the coach, or take it out")
        return None
    unknown = sorted(values.keys() - _FIELDS[kind])
    if unknown:
        findings.report(where, f"field {quoted(unknown[0])} is not known here", "update the coach, or take it out")
        return None
    for name, value in values.items():
        if not _is_valid_value(value):
            findings.report(where, f"{name} {quoted(value)} is out of bounds", "mend it")
            return None
    record = record_from_values(kind, values)
    if record is None:
        wanted = ", ".join(f"{name} ({type_name})" for name, type_name in _FIELDS[kind].items())
        findings.report(where, f"is no {kind}", f"it takes {wanted}")
    return record


def _is_valid_value(value: object) -> bool:
    """Whether the value is within the bounds of its type, and printable."""
    match value:
        case bool():
            return False
        case int():
            return -MAX_NUMBER <= value <= MAX_NUMBER
        case float():
            return math.isfinite(value) and -MAX_NUMBER <= value <= MAX_NUMBER
        case str():
            return len(value) <= MAX_CELL_CHARACTERS and not has_control_characters(value)
    return value is None


def _is_valid_time(where: str, began: str, findings: Findings) -> bool:
    """Whether `began` is a time with an offset and a plausible year; reports a finding if it is not."""
    try:
        time = datetime.fromisoformat(began)
    except ValueError:
        time = None
    # The first and last year are excluded: in another zone the moment may lie in the year before or after.
    if time is None or time.tzinfo is None or time.year not in YEARS[1:-1] or has_control_characters(began):
        findings.report(where, f"{quoted(began)} is no time", "write it like 2026-03-28T17:29:11+01:00")
        return False
    return True


def _imported(records_of_session: Mapping[str, Sequence[Record]]) -> Imported:
    sessions = [
        StoredSession(began, datetime.fromisoformat(began).timestamp(), tuple(records))
        for began, records in records_of_session.items()
    ]
    return Imported(tuple(sessions))
