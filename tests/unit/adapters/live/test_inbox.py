"""The inbox after a stall of the computer: what comes first, and at which time."""

from __future__ import annotations

import pytest

from coach.adapters.live.inbox import STALL_SECONDS, LiveInbox
from coach.events import Heard, TimePassed


@pytest.mark.parametrize(("late", "at"), [(0.0, 10.0), (STALL_SECONDS / 2, 10.0), (20.0, 30.0)])
def test_a_deadline_that_was_slept_through_is_told_the_time_it_is(late: float, at: float) -> None:
    inbox = LiveInbox(lambda: 10.0 + late)
    assert inbox.next(10.0) == TimePassed(at)


def test_words_that_waited_through_a_stall_come_after_it() -> None:
    inbox = LiveInbox(lambda: 30.0)
    inbox.put(Heard(14.0, 13.5, "stop", 1.0, 1, True))
    assert inbox.next(10.0) == TimePassed(30.0)
    assert inbox.next(None) == Heard(30.0, 13.5, "stop", 1.0, 1, True)
