"""What stands in a cell, as a value or a fault of its row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from coach.formats.faults import Faults, shown

MOST_REPS = 10_000
HEAVIEST = 10_000.0
LONGEST_S = 7 * 86_400.0
"""Of a workout: who forgets to end one ends it days later."""
YEARS = range(1970, 2200)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,12})?")
_DAY = re.compile(r"(\d{1,2}) ([A-Za-z]{3})[a-z]*\.? (\d{4}),? (\d{1,2}):(\d{2})")


@dataclass(slots=True)
class Cells:
    """The cells of one row; what is wrong with one is told once, and the row is not `good` any more."""

    row: int
    by_column: Mapping[str, str]
    faults: Faults
    good: bool = field(default=True)

    def text(self, column: str) -> str:
        """As it is; empty where there is none."""
        return self.by_column.get(column, "")

    def needed(self, column: str) -> str:
        """Something other than blanks."""
        found = self.text(column)
        if not found.strip():
            self.wrong(column, "empty", "fill it in")
        return found

    def number(self, column: str, most: float) -> float | None:
        """0 to `most`, None where there is none; a comma may stand for the point."""
        found = self.text(column).strip()
        if not found:
            return None
        value = float(found.replace(",", ".")) if _NUMBER.fullmatch(found) else -1.0
        if not 0 <= value <= most:
            self.wrong(column, f"{shown(found)} is no number", f"give 0 to {most:g}")
            return None
        return value

    def whole(self, column: str, most: int) -> int | None:
        """The same without a fraction ("8.0" has none)."""
        value = self.number(column, most)
        if value is not None and value != int(value):
            self.wrong(column, f"{shown(self.text(column))} is no whole number", f"give 0 to {most}")
            return None
        return None if value is None else int(value)

    def time(self, column: str) -> datetime:
        """By the clock on the wall: "28 Mar 2026, 17:29" or "2026-03-28 17:29:11"; a zone is left out."""
        found = self.needed(column).strip()
        time = _time(found)
        if time is not None and time.year in YEARS:
            return time
        if found:
            self.wrong(column, f"{shown(found)} is no time", "write it like 28 Mar 2026, 17:29 or 2026-03-28 17:29:11")
        return datetime(YEARS[0], 1, 1)

    def wrong(self, column: str, what: str, remedy: str) -> None:
        """A fault of this row."""
        self.good = False
        self.faults.tell(f"row {self.row}: {column}", what, remedy)


def _time(text: str) -> datetime | None:
    try:
        if match := _DAY.fullmatch(text):
            day, month, year, hour, minute = match.groups()
            if month.lower() not in MONTHS:
                return None
            return datetime(int(year), MONTHS.index(month.lower()) + 1, int(day), int(hour), int(minute))
        return datetime.fromisoformat(text).replace(tzinfo=None, microsecond=0)
    except ValueError:
        return None
