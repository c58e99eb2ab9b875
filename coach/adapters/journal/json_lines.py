"""Reads the journal of the first version, a file of JSON lines, so that a new journal can copy it.

Law: a damaged line affects no other line. The file is never changed.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from coach.ports import HistoryError, StoredSession
from coach.records import Record, record_from_values

_YEARS = range(1971, 3000)
"""Years of a session's beginning that are accepted. All their moments can be represented in every time zone."""


def unix_time(began: object) -> float | None:
    """Seconds since 1970 (UTC) of a beginning in the form of `StoredSession.began`; None: it is not a valid time."""
    if not isinstance(began, str):
        return None
    try:
        time = datetime.fromisoformat(began)
    except ValueError:
        return None
    # A time without an offset is ambiguous.
    return time.timestamp() if time.tzinfo is not None and time.year in _YEARS else None


def sessions_of_lines(path: Path) -> list[StoredSession]:
    """Sessions of the file, the oldest first; empty if the file does not exist. HistoryError when it cannot be read."""
    found: dict[str, list[Record]] = {}
    try:
        with path.open("rb") as file:
            for line in file:
                if (parsed := _parse_line(line)) is not None:
                    began, record = parsed
                    found.setdefault(began, []).append(record)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise HistoryError(
            f"the old journal {str(path)!r} cannot be read ({error.strerror}): own it (chown)"
        ) from error
    return [StoredSession(began, unix_time(began) or 0.0, tuple(records)) for began, records in found.items()]


def _parse_line(line: bytes) -> tuple[str, Record] | None:
    """The beginning of a line's session, and the line's record; None: the line is damaged or its kind unknown."""
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, dict) or not isinstance(began := values.get("session"), str) or unix_time(began) is None:
        return None
    record = record_from_values(values.get("kind"), values)
    return None if record is None else (began, record)
