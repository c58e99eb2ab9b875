"""Where nothing is known nothing is plots."""

from __future__ import annotations

from coach.records import SetEnded
from coach.report import plots
from coach.report.figures import figures
from coach.report.page import page
from tests.unit.report.trained import MADE, workout_of


def test_where_nothing_is_known_nothing_is_plotted() -> None:
    found = figures([workout_of(SetEnded(60.0, 1, 8))])
    assert [plots.load(found), plots.faults(found), plots.rest(found)] == [None, None, None]
    text = page(found, [], MADE)
    for told in ("None was reported.", "No load was said.", "No fault of form was reported.", "No rest was measured."):
        assert told in text
