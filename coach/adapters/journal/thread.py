"""A journal in a thread of its own, so that the conversation does not wait for the disk.

Law: `write` returns when the record is kept, and after `PATIENCE_S` in any case. Records are kept in their order.
"""

from __future__ import annotations

from collections.abc import Callable
from queue import SimpleQueue
from threading import Event as Flag
from threading import Thread

from coach.adapters.journal.file import FileJournal
from coach.events import Event, JournalFailed
from coach.records import Record

PATIENCE_S = 0.02
"""How long `write` waits. A record is in the file within 1 ms, and then survives the process. Flushing it takes 5 ms on
an SSD, and ten times longer on a busy memory card: then the coach does not wait for it."""
_CLOSE_S = 5.0
"""How long to wait at the end of a session for records that are not written yet."""


class JournalThread:
    """The `Journal` port."""

    def __init__(self, journal: FileJournal, post: Callable[[Event], None]) -> None:
        """The journal belongs to the new thread from now on. `post` gets JournalFailed if an exception ends it."""
        self._journal = journal
        self._post = post
        self._records: SimpleQueue[tuple[Record, Flag] | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def write(self, record: Record) -> None:
        """Hand the record to the thread; wait up to `PATIENCE_S` until it is kept."""
        kept = Flag()
        self._records.put((record, kept))
        kept.wait(PATIENCE_S)

    def close(self) -> None:
        """Keep all records that were handed over, and free the file."""
        self._records.put(None)
        self._thread.join(_CLOSE_S)

    def _run(self) -> None:
        at = 0.0
        try:
            while (taken := self._records.get()) is not None:
                record, kept = taken
                at = record.at
                self._journal.write(record)
                kept.set()
        except Exception as error:  # noqa: BLE001 - the thread's entry point: after any exception nothing more is written
            self._post(JournalFailed(at, f"{type(error).__name__}: {error}"))
        finally:
            self._journal.close()
