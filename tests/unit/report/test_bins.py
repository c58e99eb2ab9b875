"""A long history has few places."""

from __future__ import annotations

import pytest

from coach.report.bins import MAX_BINS, binned
from tests.unit.report.trained import many


@pytest.mark.parametrize(
    ("count", "each"),
    [(1, "workout"), (60, "workout"), (61, "week"), (200, "month"), (600, "month"), (1500, "quarter")],
)
def test_a_long_history_has_few_places(count: int, each: str) -> None:
    made = many(count)
    bins = binned(made[::-1])
    assert bins.period == each
    assert 0 < len(bins.bins) <= MAX_BINS
    assert sum(len(one.workouts) for one in bins.bins) == count
