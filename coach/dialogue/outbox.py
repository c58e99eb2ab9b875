"""The commands of the event that is being received, and the moment of that event."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from coach.commands import Command, Write
from coach.records import Record


@dataclass(slots=True)
class Outbox:
    """Emptied when an event comes, filled by the scenes, passed to the session."""

    now: float = 0.0
    """Session seconds of the event that is being received."""
    commands: list[Command] = field(default_factory=list)
    """The commands, in the order in which they are carried out."""

    def open(self, now: float) -> None:
        """Empty the outbox for the event at that moment."""
        self.now = now
        self.commands = []

    def put(self, command: Command) -> None:
        """Add a command after those that are there."""
        self.commands.append(command)

    def write(self, record: Record) -> None:
        """Write this record to the journal, with its time rounded to a millisecond."""
        self.put(Write(replace(record, at=round(record.at, 3))))
