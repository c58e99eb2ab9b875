"""The log of a workout, put together from its records."""

from __future__ import annotations

from coach.ports import StoredSession
from coach.records import (
    FaultReported,
    GotStuck,
    PainReported,
    Record,
    RepDone,
    SessionBegan,
    SessionResumed,
    SetAmended,
    SetBegan,
    SetEnded,
    StopSaid,
    WorkoutEnded,
)
from coach.training.log import LoggedSet, LoggedWorkout, OpenSet, Report, workouts
from coach.training.plan import Load, SetDone

NINETY = Load(90.0, "kg")
PLAN = SessionBegan(1.0, "leg_press", 3, 8, 120, "4-1-2-0")


def session(day: int, *records: Record) -> StoredSession:
    return StoredSession(f"day {day}", day * 86_400.0, records)


def only(*newest_first: StoredSession) -> LoggedWorkout:
    found = list(workouts(newest_first))
    assert len(found) == 1
    return found[0]


def test_sets_have_their_rests_and_reports_their_moments() -> None:
    logged = only(
        session(
            1,
            PLAN,
            SetBegan(10.0, 1),
            RepDone(20.0, 1, 1),
            FaultReported(25.0, "BackLifted", 1, 1, "lowering"),
            StopSaid(26.0, 1, 1),
            SetEnded(30.0, 1, 2, 90.0, "kg", "4-1-2-0"),
            SetBegan(150.0, 2, 120),
            GotStuck(160.0, 2, 1),
            PainReported(161.0, "Dizzy", 2, 1),
            SetEnded(170.0, 2, 1, 90.0, "kg"),
            WorkoutEnded(180.0, 2, 3),
        )
    )
    day = 86_400.0
    assert logged == LoggedWorkout(
        "day 1",
        day,
        day + 180,
        (
            LoggedSet(1, (SetDone(2, NINETY),), day + 30, day + 10, "4-1-2-0"),
            LoggedSet(2, (SetDone(1, NINETY),), day + 170, day + 150, rest_planned=120, rest_taken=120.0),
        ),
        None,
        (
            Report(day + 25, "correction", "BackLifted", 1, 1, "lowering"),
            Report(day + 26, "stop", "", 1, 1),
            Report(day + 160, "stuck", "", 2, 1),
            Report(day + 161, "pain", "Dizzy", 2, 1),
        ),
        PLAN,
        ended=True,
        last_session="day 1",
    )
    assert logged.reps == 3


def test_a_set_with_two_loads_is_one_set() -> None:
    done = only(session(1, SetEnded(30.0, 1, 5, 90.0, "kg"), SetEnded(30.0, 1, 3, 80.0, "kg"))).sets
    assert [(one.reps, one.load, len(one.parts)) for one in done] == [(8, Load(80.0, "kg"), 2)]


def test_the_latest_amendment_counts() -> None:
    first = SetEnded(30.0, 1, 10, 90.0, "kg")
    assert only(session(1, first, SetAmended(40.0, 1, 8, 90.0, "kg", 2))).sets == (
        LoggedSet(1, (SetDone(8, NINETY),), 86_430.0, in_reserve=2),
    )
    assert only(session(1, first, SetAmended(40.0, 1, 8, 90.0, "kg"), SetAmended(50.0, 1, 10, 90.0, "kg"))).reps == 10
    assert list(workouts([session(1, first, SetAmended(40.0, 1, 0, 90.0, "kg"))])) == []


def test_only_how_hard_it_was_leaves_the_parts_as_they_are() -> None:
    parts = (SetEnded(30.0, 1, 5, 90.0, "kg"), SetEnded(30.0, 1, 3, 80.0, "kg"))
    (done,) = only(session(1, *parts, SetAmended(40.0, 1, 8, 80.0, "kg", 1))).sets
    assert (len(done.parts), done.in_reserve) == (2, 1)


def test_a_set_that_was_cut_off_is_open() -> None:
    logged = only(session(1, SetBegan(5.0, 1), RepDone(10.0, 1, 1), RepDone(17.0, 1, 2)))
    assert logged.open_set == OpenSet(1, ((None, 2),), 86_405.0)
    again = only(session(1, SetBegan(5.0, 1), RepDone(10.0, 1, 1), SetBegan(30.0, 1)))
    assert again.open_set == OpenSet(1, (), 86_430.0), "begun anew"
    old = only(session(1, SetEnded(9.0, 1, 8), RepDone(99.0, 2, 1)))
    assert old.open_set == OpenSet(2, ((None, 1),), None), "an old journal"
    assert only(session(1, SetEnded(9.0, 1, 8), WorkoutEnded(9.0, 1, 8))).open_set is None


def test_a_session_that_resumed_another_is_one_workout_with_it() -> None:
    first = session(1, PLAN, SetBegan(5.0, 1), SetEnded(30.0, 1, 8), SetBegan(99.0, 2, 120), RepDone(110.0, 2, 1))
    at_once_left = StoredSession("a", 86_600.0, (PLAN,))
    again = StoredSession(
        "b", 86_700.0, (SessionResumed(1.0, "day 1"), SetBegan(5.0, 2), RepDone(9.0, 2, 2), SetEnded(50.0, 2, 8))
    )
    newer = session(2, SetEnded(9.0, 1, 1))
    every = list(workouts([newer, again, at_once_left, first]))
    assert [(one.first_session, [done.reps for done in one.sets], one.ended) for one in every] == [
        ("day 2", [1], False),
        ("day 1", [8, 8], False),
    ]


def test_what_a_lost_session_was_resumed_from_costs_nothing() -> None:
    assert only(StoredSession("b", 9.0, (SessionResumed(1.0, "lost"), SetEnded(50.0, 2, 8)))).reps == 8


def test_a_session_in_which_nothing_was_done_is_no_workout() -> None:
    assert list(workouts([session(1, PLAN, WorkoutEnded(3.0, 0, 0))])) == []
