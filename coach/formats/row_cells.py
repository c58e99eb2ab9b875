"""Reads the cells of a row as values, and reports findings about them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from coach.formats.findings import Findings, quoted

MAX_REPS = 10_000
MAX_LOAD = 10_000.0
MAX_WORKOUT_S = 7 * 86_400.0
"""Longest workout in seconds, 7 days: a lifter who forgets to end a workout ends it days later."""
YEARS = range(1970, 2200)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,12})?")
_DAY_AND_TIME = re.compile(r"(\d{1,2}) ([A-Za-z]{3})[a-z]*\.? (\d{4}),? (\d{1,2}):(\d{2})")


@dataclass(slots=True)
class RowCells:
    """The cells of one row. After a finding the row is no longer good (`is_good`)."""

    row: int
    by_column: Mapping[str, str]
    findings: Findings
    is_good: bool = field(default=True)

    def text(self, column: str) -> str:
        """Returns the text of the cell, unchanged; empty where there is no such cell."""
        return self.by_column.get(column, "")

    def required_text(self, column: str) -> str:
        """Returns the text of a cell that must contain something other than blanks."""
        found = self.text(column)
        if not found.strip():
            self.report(column, "empty", "fill it in")
        return found

    def number(self, column: str, maximum: float) -> float | None:
        """Returns a number from 0 to `maximum`; None where the cell is empty. The decimal point may be a comma."""
        found = self.text(column).strip()
        if not found:
            return None
        value = float(found.replace(",", ".")) if _NUMBER.fullmatch(found) else -1.0
        if not 0 <= value <= maximum:
            self.report(column, f"{quoted(found)} is no number", f"give 0 to {maximum:g}")
            return None
        return value

    def whole_number(self, column: str, maximum: int) -> int | None:
        """Returns a whole number from 0 to `maximum`; None where the cell is empty. "8.0" counts as whole."""
        value = self.number(column, maximum)
        if value is not None and value != int(value):
            self.report(column, f"{quoted(self.text(column))} is no whole number", f"give 0 to {maximum}")
            return None
        return None if value is None else int(value)

    def time(self, column: str) -> datetime:
        """Returns a wall-clock time: "28 Mar 2026, 17:29" or "2026-03-28 17:29:11". A zone in the text is dropped."""
        found = self.required_text(column).strip()
        time = _time(found)
        if time is not None and time.year in YEARS:
            return time
        if found:
            self.report(
                column, f"{quoted(found)} is no time", "write it like 28 Mar 2026, 17:29 or 2026-03-28 17:29:11"
            )
        return datetime(YEARS[0], 1, 1)

    def report(self, column: str, what: str, remedy: str) -> None:
        """Reports a finding in this row."""
        self.is_good = False
        self.findings.report(f"row {self.row}: {column}", what, remedy)


def _time(text: str) -> datetime | None:
    try:
        if match := _DAY_AND_TIME.fullmatch(text):
            day, month, year, hour, minute = match.groups()
            if month.lower() not in MONTHS:
                return None
            return datetime(int(year), MONTHS.index(month.lower()) + 1, int(day), int(hour), int(minute))
        return datetime.fromisoformat(text).replace(tzinfo=None, microsecond=0)
    except ValueError:
        return None
