"""The report's sentences."""

from __future__ import annotations

from coach.records import SetEnded
from coach.report.figures import figures
from coach.report.summary import summary
from tests.unit.report.trained import whole_figures, workout_of


def test_the_summary_is_plain() -> None:
    assert summary(whole_figures()) == [
        "Pain or dizziness was reported once (dizzy once), last on 2 Jan 2026.",
        "1 workout on 2 Jan 2026: 2 sets, 14 repetitions.",
        "Heaviest load: 92.5 kg.",
        "Faults of form were reported 3 times; most often: back lifted (twice, mostly while lowering).",
        "Sets were stopped by voice once and failed under the load once.",
        "Rest between sets: 100 s taken, 90 s planned (medians).",
        "Tempo coached most: 3-1-1-0 (seconds of lowering, pause, push, pause), in 1 of 2 sets.",
    ]
    assert summary(figures([workout_of(SetEnded(60.0, 1, 8))])) == [
        "No pain and no dizziness was reported.",
        "1 workout on 2 Jan 2026: 1 set, 8 repetitions.",
        "No fault of form was reported.",
    ]
