"""Tables of text cells as CSV: written so that a spreadsheet calculates nothing, read as what they may be.

Law: a cell that a spreadsheet would take for a formula gets an apostrophe in front, and loses it when it is read. One
that has an apostrophe there already gets another one, so that nothing is lost.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from coach.formats.faults import Faults, shown

MOST_BYTES = 128 << 20
"""Of a file. Ten years of training, 1,000,000 records, are 60 MB."""
MOST_ROWS = 2_000_000
LONGEST = 10_000
"""Letters of a cell: a note is a page at most."""
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_HIDDEN = re.compile(r"'+[=+\-@\t\r]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Letters that are none: they move a terminal's cursor, or turn the order of the others round."""
_SEPARATORS = ",;\t"


def write_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """CSV with commas and line feeds; what holds one of them or a quote is quoted."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
    return text.getvalue()


def harmless(cell: str) -> str:
    """The cell as no spreadsheet calculates it."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def restored(cell: str) -> str:
    """The cell before it was made harmless."""
    return cell[1:] if _HIDDEN.match(cell) else cell


def unprintable(text: str) -> bool:
    """Whether there is a letter in it that is none."""
    return _CONTROL.search(text) is not None


def separator_of(text: str) -> str:
    """What parts the cells, by the first line: a comma, a semicolon or a tab."""
    first = text[: text.find("\n")] if "\n" in text else text
    return max(_SEPARATORS, key=first[:LONGEST].count)


def header_of(text: str) -> list[str]:
    """The names of the columns; empty when there are none."""
    first = text.split("\n", 1)[0][:LONGEST]
    try:
        names = next(csv.reader([first], delimiter=separator_of(text)), [])
    except csv.Error:
        return []
    return [name.strip() for name in names]


def read_table(text: str, faults: Faults) -> Iterator[tuple[int, dict[str, str]]]:
    """Every row with its number, as a spreadsheet counts them (the header is row 1), its cells by column.

    Cells are restored. A row that has a fault is told and left out; after what is no CSV nothing follows.
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
    except csv.Error as fault:
        faults.tell(f"row {row + 1}", f"is no CSV ({fault})", "close its quotes")


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
