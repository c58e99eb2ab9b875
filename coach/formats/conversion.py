"""Writes and reads sessions in a format that is chosen by its name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo

from coach.formats import CSV, FORMATS, HEVY, JSON, STRONG, hevy, journal, strong
from coach.formats.csv_table import header_of
from coach.formats.findings import Findings
from coach.formats.rows import Imported
from coach.ports import StoredSession
from coach.training.log import with_open_set, workouts

_REQUIRED_COLUMNS = {HEVY: hevy.REQUIRED_COLUMNS, STRONG: strong.REQUIRED_COLUMNS, CSV: journal.REQUIRED_COLUMNS}
KILOS = "kg"


def export(name: str, newest_first: Iterable[StoredSession], unit: str = KILOS) -> str:
    """Returns all sessions as a file of that format; `unit`: unit of the weights, if the format does not name one."""
    match name:
        case "hevy":
            return hevy.write(map(with_open_set, workouts(newest_first)))
        case "strong":
            return strong.write(map(with_open_set, workouts(newest_first)), unit)
        case "csv":
            return journal.write_csv(newest_first)
    return journal.write_json(newest_first)


def read(
    text: str, file: str, name: str | None = None, zone: tzinfo | None = None, unit: str = KILOS
) -> tuple[str, Imported]:
    """Returns the name of the file's format, and what the file holds; DataError lists every finding.

    `file`: its name in findings. `name`: the format; None: recognise it by the text. `zone`: zone of times that
    have none; None means this machine's. `unit`: unit of weights that have none.
    """
    findings = Findings(file)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    format_name = name or recognised_format(text)
    if format_name is None:
        findings.report("row 1", "the columns are of none that is known", f"name it: --format {', '.join(FORMATS)}")
    elif format_name in _REQUIRED_COLUMNS:
        missing = sorted(_REQUIRED_COLUMNS[format_name] - set(header_of(text)))
        if missing:
            findings.report("row 1", f"no column {', '.join(missing)}", f"is it of {format_name}? give --format")
    findings.raise_if_any()
    match format_name:
        case "hevy":
            return format_name, hevy.read(text, findings, zone)
        case "strong":
            return format_name, strong.read(text, findings, zone, unit)
        case "csv":
            return format_name, journal.read_csv(text, findings)
    return JSON, journal.read_json(text, findings)


def recognised_format(text: str) -> str | None:
    """Returns the format, recognised by the names of its columns; JSON by its first letter."""
    if text.lstrip().startswith("{"):
        return JSON
    columns = set(header_of(text))
    return next((name for name, needed in _REQUIRED_COLUMNS.items() if needed <= columns), None)
