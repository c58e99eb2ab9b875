"""The journal of the first version, a file of JSON lines: it is only read, so that a new journal can take it over.

Law: a damaged line costs no other line. The file stays as it is.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from coach.ports import HistoryError, StoredSession
from coach.records import Record, record_from_values

_YEARS = range(1971, 3000)
"""Years of a session's beginning that are accepted; every time zone has these years whole."""


def moment(began: object) -> float | None:
    """Seconds since 1970 (UTC) of a beginning in the form of `StoredSession.began`; None: it is not a valid time."""
    if not isinstance(began, str):
        return None
    try:
        read = datetime.fromisoformat(began)
    except ValueError:
        return None
    # A time without an offset is not a known moment.
    return read.timestamp() if read.tzinfo is not None and read.year in _YEARS else None


def sessions_of_lines(path: Path) -> list[StoredSession]:
    """Sessions of the file, the oldest first; empty if there is no such file. HistoryError when the file exists and may
    not be read.
    """
    found: dict[str, list[Record]] = {}
    try:
        with path.open("rb") as file:
            for line in file:
                kept = _kept(line)
                if kept is not None:
                    found.setdefault(kept[0], []).append(kept[1])
    except FileNotFoundError:
        return []
    except OSError as error:
        raise HistoryError(
            f"the old journal {str(path)!r} cannot be read ({error.strerror}): own it (chown)"
        ) from error
    return [StoredSession(began, moment(began) or 0.0, tuple(records)) for began, records in found.items()]


def _kept(line: bytes) -> tuple[str, Record] | None:
    """A line's session and record; None: the line is damaged, or not a record that this coach knows."""
    try:
        read = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(read, dict) or not isinstance(began := read.get("session"), str) or moment(began) is None:
        return None
    record = record_from_values(read.get("kind"), read)
    return None if record is None else (began, record)
