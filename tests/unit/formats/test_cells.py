"""Cells that no spreadsheet calculates."""

from __future__ import annotations

import pytest

from coach.formats import cells


@pytest.mark.parametrize("cell", ["=1+1", "+49", "-x", "@me", "\tx", "'=1", "''@", "plain", "", "'", "a=b"])
def test_no_cell_is_calculated_and_every_one_comes_back(cell: str) -> None:
    written = cells.harmless(cell)
    assert written[:1] not in tuple("=+-@\t")
    assert cells.restored(written) == cell
