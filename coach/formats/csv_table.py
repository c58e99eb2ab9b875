"""Tables of text cells as CSV: written so that a spreadsheet calculates nothing, read with any of three separators.

Law: a cell that a spreadsheet would take for a formula gets an apostrophe in front, and loses it when it is read. Such
a cell that already begins with apostrophes gets one more, so that nothing is lost.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from coach.formats.findings import Findings, quoted

MAX_FILE_BYTES = 128 << 20
"""Largest size of a file, in bytes. Ten years of training, 1,000,000 records, are 60 MB."""
MAX_ROWS = 2_000_000
MAX_CELL_CHARACTERS = 10_000
"""Longest cell: a note is at most a page."""
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, direction marks and lone surrogates. They move a terminal's cursor or reorder the text."""
_SEPARATORS = ",;\t"


def write_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """CSV with commas and line feeds. A cell that contains one of these or a quote is quoted."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([escaped(cell) for cell in row])
    return text.getvalue()


def escaped(cell: str) -> str:
    """Returns the cell in a form that no spreadsheet calculates."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unescaped(cell: str) -> str:
    """Returns the cell before it was escaped."""
    return cell[1:] if _ESCAPED.match(cell) else cell


def has_control_characters(text: str) -> bool:
    """Whether the text contains a control character (`_CONTROL`)."""
    return _CONTROL.search(text) is not None


def separator_of(text: str) -> str:
    """What separates the cells: a comma, a semicolon or a tab, whichever the first line has most of."""
    first = text[: text.find("\n")] if "\n" in text else text
    return max(_SEPARATORS, key=first[:MAX_CELL_CHARACTERS].count)


def header_of(text: str) -> list[str]:
    """Returns the names of the columns; empty when the first line has none."""
    first = text.split("\n", 1)[0][:MAX_CELL_CHARACTERS]
    try:
        names = next(csv.reader([first], delimiter=separator_of(text)), [])
    except csv.Error:
        return []
    return [name.strip() for name in names]


def read_table(text: str, findings: Findings) -> Iterator[tuple[int, dict[str, str]]]:
    """Yields each row's number and its cells by column. Rows are numbered as in a spreadsheet: the header is row 1.

    Cells are unescaped. A row with a finding is reported and left out. Nothing is read after text that is not CSV.
    """
    names = header_of(text)
    duplicates = sorted({name for name in names if name and names.count(name) > 1})
    if duplicates:
        findings.report("row 1", f"column {quoted(duplicates[0])} stands twice", "keep one of them")
        return
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text), strict=True)
    row = 0
    try:
        for row, cells in enumerate(reader, 1):
            if row == 1 or not any(cells):
                continue
            if row > MAX_ROWS:
                findings.report(f"row {row}", f"more than {MAX_ROWS} rows", "import it in parts")
                return
            if len(cells) > len(names):
                findings.report(
                    f"row {row}", f"{len(cells)} cells under {len(names)} columns", "quote what holds a separator"
                )
                continue
            filled = dict(zip(names, [*cells, *[""] * (len(names) - len(cells))], strict=True))
            if _is_good_row(row, filled, findings):
                yield row, {name: unescaped(cell) for name, cell in filled.items()}
    except csv.Error as error:
        findings.report(f"row {row + 1}", f"is no CSV ({error})", "close its quotes")


def _is_good_row(row: int, cells: dict[str, str], findings: Findings) -> bool:
    good = True
    for name, cell in cells.items():
        if len(cell) > MAX_CELL_CHARACTERS:
            findings.report(f"row {row}: {name}", f"{len(cell)} characters", f"give at most {MAX_CELL_CHARACTERS}")
            good = False
        elif has_control_characters(cell):
            findings.report(f"row {row}: {name}", f"{quoted(cell)} has a control character", "take it out")
            good = False
    return good
