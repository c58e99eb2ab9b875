"""What was trained, appended to a file as it happens: one JSON object a line.

Law: an entry is in the file before the next count; a process that is killed loses at most the repetition under way.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from coach.commands import Record
from coach.events import Event, JournalFailed


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

    def record(self, entry: Record) -> None:
        """Append one entry; a disk that will not have it is reported once, and the set goes on."""
        line = json.dumps({"session": self._began, "at": entry.at, "kind": entry.kind, **entry.fields})
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")
        except OSError as fault:
            if not self._failed:
                self._failed = True
                reason = f"the journal {str(self._path)!r} cannot be written ({fault.strerror}): free or own it"
                self._post(JournalFailed(entry.at, reason))
