"""What is known of earlier sessions, and when an unfinished workout is offered."""

from __future__ import annotations

import pytest

from coach.ports import StoredSession
from coach.records import GotStuck, SetEnded
from coach.training.log import workouts
from coach.training.past import RESUMABLE_S, LastWorkout, Past, UnfinishedWorkout
from coach.training.plan import Load, SetDone
from lab.rigs.talk import plan_of
from lab.rigs.talk import plan_of as small_plan

PLAN = small_plan(reps=4, sets=3, rest=60)


def test_the_past_is_what_the_journal_kept() -> None:
    sessions = [
        StoredSession(
            "friday",
            4 * 86_400.0,
            (SetEnded(1.0, 1, 10, 90.0, "kg"), SetEnded(2.0, 2, 4, 90.0, "kg"), SetEnded(2.0, 2, 5, 85.0, "kg")),
        ),
        StoredSession("tuesday", 86_400.0, (GotStuck(2.0, 1, 0),)),
        StoredSession("monday", 0.0, (SetEnded(1.0, 1, 8, 80.0, "kg"),)),
    ]
    assert Past.of(2, workouts(sessions), "leg_press", 10 * 86_400.0, lambda _: plan_of()) == Past(
        2, LastWorkout(2, 10, Load(85.0, "kg"), (10, 9))
    )
    assert Past.of(0, [], "leg_press", 0.0, lambda _: plan_of()) == Past()


@pytest.mark.parametrize(
    ("sets", "reps", "age", "pains", "offered"),
    [
        ((), 1, 60.0, 0, True),
        ((4,), 0, RESUMABLE_S, 0, True),
        ((4,), 0, RESUMABLE_S + 1, 0, False),
        ((4,), 0, -600.0, 0, True),
        ((4,), 0, -RESUMABLE_S - 1, 0, False),
        ((), 0, 60.0, 0, False),
        ((4, 4, 4), 0, 60.0, 0, False),
        ((4, 4), 3, 60.0, 1, True),
        ((4, 4), 3, 60.0, 2, False),
    ],
)
def test_what_is_offered(sets: tuple[int, ...], reps: int, age: float, pains: int, offered: bool) -> None:
    left = UnfinishedWorkout("before", age, PLAN, tuple(SetDone(one, None) for one in sets), reps, pains)
    assert left.can_be_resumed is offered
