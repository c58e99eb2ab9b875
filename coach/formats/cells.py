"""Tables of text cells as CSV: written so that a spreadsheet calculates nothing, read with any of three separators.

Law: a cell that a spreadsheet would take for a formula gets an apostrophe in front, and loses it when it is read. Such
a cell that already begins with apostrophes gets one more, so that nothing is lost.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from coach.formats.faults import Faults, shown

MOST_BYTES = 128 << 20
"""Most bytes of a file. Ten years of training, 1,000,000 records, are 60 MB."""
MOST_ROWS = 2_000_000
LONGEST = 10_000
"""Most letters of a cell: a note is at most a page."""
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_HIDDEN = re.compile(r"'+[=+\-@\t\r]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, direction marks and lone surrogates. They move a terminal's cursor or reorder the letters."""
_SEPARATORS = ",;\t"


def write_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """CSV with commas and line feeds. A cell that contains one of these or a quote is quoted."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
    return text.getvalue()


def harmless(cell: str) -> str:
    """The cell in a form that no spreadsheet calculates."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def restored(cell: str) -> str:
    """The cell before it was made harmless."""
    return cell[1:] if _HIDDEN.match(cell) else cell


def unprintable(text: str) -> bool:
    """Whether the text contains a control character (`_CONTROL`)."""
    return _CONTROL.search(text) is not None


def separator_of(text: str) -> str:
    """What separates the cells: a comma, a semicolon or a tab, whichever the first line has most of."""
    first = text[: text.find("\n")] if "\n" in text else text
    return max(_SEPARATORS, key=first[:LONGEST].count)


def header_of(text: str) -> list[str]:
    """The names of the columns; empty when the first line has none."""
    first = text.split("\n", 1)[0][:LONGEST]
    try:
        names = next(csv.reader([first], delimiter=separator_of(text)), [])
    except csv.Error:
        return []
    return [name.strip() for name in names]


def read_table(text: str, faults: Faults) -> Iterator[tuple[int, dict[str, str]]]:
    """Yields each row's number and its cells by column. Rows are numbered as in a spreadsheet: the header is row 1.

    Cells are restored. A row with a fault is reported and left out. Nothing is read after text that is not CSV.
    """
    names = header_of(text)
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        faults.tell("row 1", f"column {shown(twice[0])} stands twice", "keep one of them")
        return
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text), strict=True)
    row = 0
    try:
        for row, cells in enumerate(reader, 1):
            if row == 1 or not any(cells):
                continue
            if row > MOST_ROWS:
                faults.tell(f"row {row}", f"more than {MOST_ROWS} rows", "import it in parts")
                return
            if len(cells) > len(names):
                faults.tell(
                    f"row {row}", f"{len(cells)} cells under {len(names)} columns", "quote what holds a separator"
                )
                continue
            filled = dict(zip(names, [*cells, *[""] * (len(names) - len(cells))], strict=True))
            if _good(row, filled, faults):
                yield row, {name: restored(cell) for name, cell in filled.items()}
    except csv.Error as error:
        faults.tell(f"row {row + 1}", f"is no CSV ({error})", "close its quotes")


def _good(row: int, cells: dict[str, str], faults: Faults) -> bool:
    good = True
    for name, cell in cells.items():
        if len(cell) > LONGEST:
            faults.tell(f"row {row}: {name}", f"{len(cell)} letters", f"give at most {LONGEST}")
            good = False
        elif unprintable(cell):
            faults.tell(f"row {row}: {name}", f"{shown(cell)} has a control character", "take it out")
            good = False
    return good
