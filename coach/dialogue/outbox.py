"""The commands of the event that is being received, and the moment of that event."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from coach.commands import Command, Write
from coach.records import Record


@dataclass(slots=True)
class Outbox:
    """Emptied when an event comes, filled by the scenes, handed to the session."""

    now: float = 0.0
    """Session seconds of the event that is being received."""
    commands: list[Command] = field(default_factory=list)
    """In the order in which they are to be carried out."""

    def open(self, now: float) -> None:
        """Begin with the event of that moment."""
        self.now = now
        self.commands = []

    def put(self, command: Command) -> None:
        """The last thing to be done so far."""
        self.commands.append(command)

    def write(self, record: Record) -> None:
        """Write this down, its time to the millisecond."""
        self.put(Write(replace(record, at=round(record.at, 3))))
