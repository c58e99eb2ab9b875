"""Writes the report of what was trained to a file."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path

from coach.adapters.files.output import write_file
from coach.report.figures import figures
from coach.report.page import page
from coach.training.overview import WorkoutChoice
from coach.wiring.journal import history
from coach.wiring.logged_workouts import logged_workouts


def write_report(out: Path, choice: WorkoutChoice, lifter: str | None = None) -> bool:
    """Write the page of the chosen workouts of one exercise: the one that was trained last. False: no workout was
    chosen.
    """
    chosen = [one.workout for one in choice.of(logged_workouts(history(lifter)))]
    if not chosen:
        return False
    latest = chosen[0].exercise
    others = Counter(one.exercise for one in chosen)
    del others[latest]
    found = figures([one for one in chosen if one.exercise == latest])
    write_file(out, page(found, others.most_common(), datetime.now().astimezone()).encode(), private=True)
    return True
