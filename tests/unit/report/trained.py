"""Workouts that the tests of the report look at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from random import Random

from coach.records import (
    FaultReported,
    GotStuck,
    PainReported,
    Record,
    RepDone,
    SessionBegan,
    SetBegan,
    SetEnded,
    StopSaid,
    WorkoutEnded,
)
from coach.report.figures import Figures, figures
from coach.training.log import LoggedWorkout, workouts
from lab.rigs.sessions import months_of_training, session

MADE = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
EAST = timezone(timedelta(hours=5, minutes=45))
RECORDS: list[Record] = [
    SessionBegan(0.5, "leg_press", 2, 8, 90, "4-1-2-0"),
    SetBegan(10.0, 1),
    RepDone(20.0, 1, 1),
    FaultReported(25.0, "BackLifted", 1, 1, "lowering"),
    FaultReported(45.0, "BackLifted", 1, 3, "pressing"),
    StopSaid(46.0, 1, 3),
    GotStuck(50.0, 1, 5),
    SetEnded(60.0, 1, 8, 90.0, "kg", "4-1-2-0"),
    SetBegan(160.0, 2, 90),
    PainReported(190.0, "Dizzy", 2, 2),
    SetEnded(200.0, 2, 6, 92.5, "kg", "3-1-1-0"),
    FaultReported(210.0, "KneesIn", 3, 40),
    WorkoutEnded(300.0, 2, 14),
]


def workout_of(*records: Record, exercise: str = "leg_press") -> LoggedWorkout:
    """One workout with these records, in Kathmandu's time."""
    began = SessionBegan(0.0, exercise, 1, 8, 90, "4-1-2-0")
    (found,) = workouts([session(datetime(2026, 1, 2, 23, 50, tzinfo=EAST), began, *records)])
    return found


def whole_figures() -> Figures:
    """The figures of a workout in which everything happened."""
    return figures([workout_of(*RECORDS)])


def many(count: int) -> list[LoggedWorkout]:
    """As many workouts."""
    return list(workouts(months_of_training(count, Random(count), MADE)))
