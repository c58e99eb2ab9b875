"""Cells that no spreadsheet calculates."""

from __future__ import annotations

import pytest

from coach.formats import csv_table


@pytest.mark.parametrize("cell", ["=1+1", "+49", "-x", "@me", "\tx", "'=1", "''@", "plain", "", "'", "a=b"])
def test_no_cell_is_calculated_and_every_one_comes_back(cell: str) -> None:
    written = csv_table.escaped(cell)
    assert written[:1] not in tuple("=+-@\t")
    assert csv_table.unescaped(written) == cell
