"""Changes to a rest: the time left is exact, and never negative."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.training.rest import Rest

REST = Rest(began=100.0, seconds=60)


def test_it_runs_out() -> None:
    assert [REST.seconds_left(now) for now in (100.0, 115.5, 160.0, 200.0)] == [60.0, 44.5, 0.0, 0.0]
    assert (REST.half_at, REST.ends_at) == (130.0, 160.0)


def test_what_is_held_stands_still() -> None:
    held = REST.held(110.0)
    assert [held.seconds_left(now) for now in (110.0, 200.0)] == [50.0, 50.0]
    assert held.held(150.0) == held, "since the first word"
    running = held.continued(200.0)
    assert (running.seconds_left(200.0), running.ends_at, running.half_at) == (50.0, 250.0, 220.0)
    assert running.continued(210.0) == running
    assert running.seconds == 60, "how long it was planned is the same"


@pytest.mark.parametrize(("by", "left"), [(30, 70.0), (-30, 10.0), (-40, 0.0), (-600, 0.0)])
def test_more_and_less(by: int, left: float) -> None:
    assert REST.adjusted(120.0, by).seconds_left(120.0) == left


def test_less_than_nothing_is_nothing_and_then_more_counts_from_there() -> None:
    over = REST.adjusted(120.0, -60)
    assert over.seconds == 20
    assert over.adjusted(130.0, 30).seconds_left(130.0) == 30.0


def test_what_is_held_is_bent_and_held() -> None:
    held = REST.held(110.0).adjusted(150.0, 30)
    assert held.seconds_left(500.0) == 80.0
    assert held.from_now(500.0, 30).seconds_left(510.0) == 20.0, "it runs"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(("held", "continued", "adjusted", "from_now")),
            st.integers(-700, 700),
            st.floats(0, 100, width=32),
        ),
        max_size=12,
    )
)
def test_it_is_never_less_than_nothing(said: list[tuple[str, int, float]]) -> None:
    rest, now = REST, 100.0
    for what, seconds, later in said:
        now += later
        match what:
            case "adjusted":
                before, rest = rest.seconds_left(now), rest.adjusted(now, seconds)
                # A whole number of seconds is kept, so the time that was over is off by half a second at most.
                assert rest.seconds_left(now) == pytest.approx(max(0.0, before + seconds), abs=0.501)
            case "from_now":
                rest = rest.from_now(now, abs(seconds))
            case _:
                rest = getattr(rest, what)(now)
        assert rest.seconds_left(now) >= 0
        assert rest.seconds >= 0
