"""Deadlines: the earliest comes first, one for each timer, including those set while others are run."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from coach.dialogue.deadlines import Deadlines

reproducibly = settings(derandomize=True, deadline=None, database=None)


class Done:
    """Notes each timer that fell due, and its moment."""

    def __init__(self) -> None:
        self.all: list[tuple[str, float]] = []

    def noting(self, name: str) -> Callable[[float], None]:
        return lambda at: self.all.append((name, at))


def test_without_timers_nothing_is_due() -> None:
    deadlines = Deadlines()
    assert deadlines.earliest() is None
    deadlines.timer()
    assert deadlines.earliest() is None
    deadlines.run_due(1e9)


def test_earliest_first_and_only_what_is_due() -> None:
    deadlines, done = Deadlines(), Done()
    for name, at in (("c", 3.0), ("a", 1.0), ("b", 2.0)):
        deadlines.timer().set(at, done.noting(name))
    assert deadlines.earliest() == 1.0
    deadlines.run_due(2.0)
    assert done.all == [("a", 1.0), ("b", 2.0)], "each is given the moment it was due"
    assert deadlines.earliest() == 3.0
    deadlines.run_due(2.999)
    assert len(done.all) == 2


def test_equal_moments_in_the_order_they_were_set() -> None:
    deadlines, done = Deadlines(), Done()
    timers = {name: deadlines.timer() for name in "abc"}
    for name in ("b", "a", "c"):
        timers[name].set(1.0, done.noting(name))
    deadlines.run_due(1.0)
    assert [name for name, _ in done.all] == ["b", "a", "c"]


def test_a_timer_waits_for_one_moment() -> None:
    deadlines, done = Deadlines(), Done()
    timer = deadlines.timer()
    timer.set(1.0, done.noting("rest"))
    timer.set(5.0, done.noting("rest"))
    deadlines.run_due(4.0)
    assert done.all == []
    assert timer.is_set
    deadlines.run_due(9.0)
    assert done.all == [("rest", 5.0)]
    assert not timer.is_set


def test_what_is_cancelled_does_not_come() -> None:
    deadlines, done = Deadlines(), Done()
    timers = {at: deadlines.timer() for at in (1.0, 2.0, 3.0)}
    for at, timer in timers.items():
        timer.set(at, done.noting(""))
    timers[2.0].cancel()
    deadlines.timer().cancel()
    deadlines.run_due(9.0)
    assert done.all == [("", 1.0), ("", 3.0)]
    timers[1.0].set(10.0, done.noting(""))
    deadlines.clear()
    assert deadlines.earliest() is None


def test_what_falls_due_may_set_and_cancel_others() -> None:
    deadlines, done = Deadlines(), Done()
    first, second, third, later = (deadlines.timer() for _ in range(4))

    def act(at: float) -> None:
        done.all.append(("first", at))
        second.cancel()
        third.set(at + 1.0, done.noting("third"))
        later.set(at + 9.0, done.noting("later"))

    second.set(1.5, done.noting("second"))
    first.set(1.0, act)
    deadlines.run_due(3.0)
    assert done.all == [("first", 1.0), ("third", 2.0)]
    assert deadlines.earliest() == 10.0


@reproducibly
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 20)), max_size=12), st.integers(0, 20))
def test_due_is_what_was_set_last_up_to_now(settings_: list[tuple[str, int]], now: int) -> None:
    deadlines, done = Deadlines(), Done()
    timers = {name: deadlines.timer() for name in "abcd"}
    for name, at in settings_:
        timers[name].set(at, done.noting(name))
    deadlines.run_due(now)
    wanted = dict(settings_)
    assert sorted(done.all) == sorted((name, at) for name, at in wanted.items() if at <= now)
    assert [at for _, at in done.all] == sorted(at for _, at in done.all)
    assert deadlines.earliest() == min((at for at in wanted.values() if at > now), default=None)


def test_some_alone_are_carried_out_once_each_if_they_are_due() -> None:
    deadlines, done = Deadlines(), Done()
    rep, other, phase, idle = (deadlines.timer() for _ in range(4))
    rep.set(2.0, done.noting("rep"))
    other.set(0.5, done.noting("other"))

    def begin(at: float) -> None:
        done.all.append(("phase", at))
        phase.set(at + 0.5, begin)

    phase.set(1.0, begin)
    deadlines.run_once(1.9, rep)
    assert not done.all
    deadlines.run_once(5.0, rep, phase, idle)
    assert done.all == [("phase", 1.0), ("rep", 2.0)]
    assert deadlines.earliest() == 0.5
