"""The report's figures are those of the journal."""

from __future__ import annotations

from datetime import UTC, datetime

from coach.records import SetEnded
from coach.report import plots
from coach.report.figures import LAST_REP_COLUMN, figures
from coach.report.summary import summary
from coach.training.log import workouts
from lab.rigs.sessions import session
from tests.unit.report.trained import EAST, whole_figures


def test_figures_are_those_of_the_journal() -> None:
    found = whole_figures()
    assert {what: dict(phases) for what, phases in found.faults.items()} == {
        "back lifted": {"lowering": 1, "push": 1},
        "knees in": {"not said": 1},
    }
    assert {phase: dict(counts) for phase, counts in found.faults_by_rep.items()} == {
        "lowering": {2: 1},
        "push": {4: 1},
        "not said": {LAST_REP_COLUMN: 1},
    }
    assert [(tempo, len(sets)) for tempo, sets in found.tempos.items()] == [("3-1-1-0", 1), ("4-1-2-0", 1)]
    assert (found.stops, found.stuck, found.fault_count, found.unit) == (1, 1, 3, "kg")
    (moment,) = found.pain_reports
    assert (moment.what, moment.set, moment.rep, moment.minute) == ("dizzy", 2, 2, 4)
    assert moment.when == datetime(2026, 1, 2, 23, 53, 10, tzinfo=EAST), "the clock where was trained"


def test_loads_are_in_the_unit_of_the_latest() -> None:
    pounds = session(datetime(2026, 2, 1, tzinfo=UTC), SetEnded(60.0, 1, 8, 220.462262, "lb"))
    found = figures(
        list(workouts([pounds, session(datetime(2026, 1, 1, tzinfo=UTC), SetEnded(60.0, 1, 8, 90.0, "kg"))]))
    )
    assert "198.4 lb in the first, 220.5 lb in the last, 220.5 lb at most" in summary(found)[2]
    plot = plots.load(found)
    assert plot is not None
    assert plot.series[0].values == (198.42, 220.46)
