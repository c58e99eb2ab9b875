"""Collects everything that is wrong with a file of sets, to report it at once."""

from __future__ import annotations

from dataclasses import dataclass, field

from coach.ports import DataError

MAX_MESSAGES = 100
"""Most findings that are reported one by one: nobody reads more lines. The others are counted."""


@dataclass(slots=True)
class Findings:
    """Collects the findings about one file."""

    file: str
    """The file's name, as the user gave it."""
    messages: list[str] = field(default_factory=list)
    count: int = 0

    def report(self, where: str, wrong: str, remedy: str) -> None:
        """Adds a finding; `where`: such as "row 12: reps"."""
        self.count += 1
        if len(self.messages) < MAX_MESSAGES:
            self.messages.append(f"{self.file}: {where}: {wrong}: {remedy}")

    def raise_if_any(self) -> None:
        """Raises DataError with a line for each finding, if there is one."""
        if not self.count:
            return
        lines = list(self.messages)
        if self.count > len(lines):
            lines.append(f"{self.file}: and {self.count - len(lines)} more faults: mend these first")
        raise DataError("\n".join(lines))


def quoted(value: object) -> str:
    """Returns the value as a message quotes it: short, and without characters that would move a terminal's cursor."""
    text = str(value)
    return repr(text if len(text) <= 40 else text[:40] + "...")
