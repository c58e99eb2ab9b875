"""Writes a session as fast as the disk takes it: `python -m lab.rigs.journal_writer FILE BEGAN [RECORDS]`.

It prints a dot for every record that the journal has taken. Without a number of records it writes until it is killed.
"""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from coach.adapters.journal.file import FileJournal
from coach.adapters.journal.thread import JournalThread
from coach.records import Record, RepDone, SessionBegan, SetBegan, SetEnded


def session() -> Iterator[Record]:
    """Records of sets with ten repetitions each, without an end."""
    yield SessionBegan(0.0, "leg_press", 3, 10, 120, "4-1-2-0")
    for number in itertools.count(1):
        at = number * 200.0
        yield SetBegan(at, number, 120)
        yield from (RepDone(at + 7 * rep, number, rep) for rep in range(1, 11))
        yield SetEnded(at + 80, number, 10, 90.0, "kg", "4-1-2-0")


def main() -> None:
    path, began, *count = sys.argv[1:]
    journal = JournalThread(FileJournal(Path(path), datetime.fromisoformat(began), print), print)
    for record in itertools.islice(session(), int(count[0]) if count else None):
        journal.write(record)
        os.write(1, b".")
    journal.close()


if __name__ == "__main__":
    main()
