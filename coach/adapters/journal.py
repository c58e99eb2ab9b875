"""What was trained, appended to a file as it happens and read back from it: one JSON object a line.

Law: an entry is in the file before the next count; a process that is killed loses at most the repetition under way. A
line that was cut costs no other line.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from coach.events import Event, JournalFailed
from coach.ports import HistoryError, KeptSession
from coach.records import Preference, Record, Set, from_values, values


def journal_file(environ: Mapping[str, str] = os.environ) -> Path:
    """In the user's data folder (XDG); sound is never kept."""
    named = environ.get("XDG_DATA_HOME", "")
    folder = Path(named) if Path(named).is_absolute() else Path.home() / ".local" / "share"
    return folder / "coach" / "journal.jsonl"


class FileJournal:
    """The `Journal` port on a file."""

    def __init__(self, path: Path, began: datetime, post: Callable[[Event], None]) -> None:
        """`began`: local time of session second 0, noted in every entry; `post` takes JournalFailed, once."""
        self._path = path
        self._began = began.isoformat(timespec="seconds")
        self._post = post
        self._failed = False

    def write(self, record: Record) -> None:
        """Append one record; a disk that will not have it is reported once, and the set goes on."""
        line = json.dumps({"session": self._began, "at": record.at, "kind": record.kind, **values(record)})
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a+b") as file:
                # A line that a power failure or a full disk has cut stays alone.
                file.write((b"\n" if _is_cut(file) else b"") + line.encode() + b"\n")
        except OSError as fault:
            if not self._failed:
                self._failed = True
                reason = f"the journal {str(self._path)!r} cannot be written ({fault.strerror}): free or own it"
                self._post(JournalFailed(record.at, reason))


class FileHistory:
    """The `History` port on the file that `FileJournal` writes."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def sessions(self, latest: int | None = None) -> Iterator[KeptSession]:
        """The file may be written to meanwhile."""
        for began, records in list(reversed(self._read().items()))[:latest]:
            yield KeptSession(began, datetime.fromisoformat(began).timestamp(), tuple(records))

    def workouts(self) -> int:
        """Of the whole file."""
        return sum(any(isinstance(record, Set) for record in records) for records in self._read().values())

    def preferences(self) -> Mapping[str, str]:
        """Of the whole file."""
        every = [record for records in self._read().values() for record in records]
        return {record.name: record.value for record in every if isinstance(record, Preference)}

    def _read(self) -> dict[str, list[Record]]:
        """The records of every session, the oldest first."""
        found: dict[str, list[Record]] = {}
        try:
            with self._path.open("rb") as file:
                for line in file:
                    kept = _kept(line)
                    if kept is not None:
                        found.setdefault(kept[0], []).append(kept[1])
        except FileNotFoundError:
            return {}
        except OSError as fault:
            raise HistoryError(f"the journal {str(self._path)!r} cannot be read ({fault.strerror}): own it") from fault
        return found


def _is_cut(file: BinaryIO) -> bool:
    """Whether the last line of the file, which is open at its end, has no end of its own."""
    if not file.tell():
        return False
    file.seek(-1, os.SEEK_END)
    return file.read(1) != b"\n"


def _kept(line: bytes) -> tuple[str, Record] | None:
    """Session and record; None: it is no record that is known here, or only a part of one."""
    try:
        read = json.loads(line)
    except ValueError:
        return None
    if not isinstance(read, dict) or not isinstance(session := read.get("session"), str):
        return None
    try:
        # A time without an offset is no moment.
        known = datetime.fromisoformat(session).tzinfo is not None
    except ValueError:
        known = False
    record = from_values(read.get("kind"), read) if known else None
    return None if record is None else (session, record)
