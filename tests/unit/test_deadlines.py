"""Named moments: the earliest first, each name once, what is set meanwhile included."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from coach.dialogue.deadlines import Deadlines

reproducibly = settings(derandomize=True, deadline=None, database=None)


def test_nothing_is_due_of_nothing() -> None:
    deadlines = Deadlines()
    assert deadlines.next() is None
    deadlines.run_due(1e9)


def test_earliest_first_and_only_what_is_due() -> None:
    deadlines, done = Deadlines(), list[tuple[str, float]]()
    for name, at in (("c", 3.0), ("a", 1.0), ("b", 2.0)):
        deadlines.set(name, at, lambda then, name=name: done.append((name, then)))  # type: ignore[misc]
    assert deadlines.next() == 1.0
    deadlines.run_due(2.0)
    assert done == [("a", 1.0), ("b", 2.0)], "each is told the moment it was due"
    assert deadlines.next() == 3.0
    deadlines.run_due(2.999)
    assert len(done) == 2


def test_equal_moments_in_the_order_they_were_set() -> None:
    deadlines, done = Deadlines(), list[str]()
    for name in ("b", "a", "c"):
        deadlines.set(name, 1.0, lambda then, name=name: done.append(name))  # type: ignore[misc]
    deadlines.run_due(1.0)
    assert done == ["b", "a", "c"]


def test_a_name_is_set_once() -> None:
    deadlines, done = Deadlines(), list[float]()
    deadlines.set("rest", 1.0, done.append)
    deadlines.set("rest", 5.0, done.append)
    deadlines.run_due(4.0)
    assert done == []
    deadlines.run_due(9.0)
    assert done == [5.0]


def test_what_is_cancelled_does_not_come() -> None:
    deadlines, done = Deadlines(), list[float]()
    for at in (1.0, 2.0, 3.0):
        deadlines.set(f"{at}", at, done.append)
    deadlines.cancel("2.0", "never set")
    deadlines.run_due(9.0)
    assert done == [1.0, 3.0]
    deadlines.set("x", 10.0, done.append)
    deadlines.clear()
    assert deadlines.next() is None


def test_what_falls_due_may_set_and_cancel_others() -> None:
    deadlines, done = Deadlines(), list[str]()

    def first(at: float) -> None:
        done.append("first")
        deadlines.cancel("second")
        deadlines.set("third", at + 1.0, lambda then: done.append(f"third {then}"))
        deadlines.set("later", at + 9.0, lambda then: done.append("later"))

    deadlines.set("second", 1.5, lambda then: done.append("second"))
    deadlines.set("first", 1.0, first)
    deadlines.run_due(3.0)
    assert done == ["first", "third 2.0"]
    assert deadlines.next() == 10.0


@reproducibly
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 20)), max_size=12), st.integers(0, 20))
def test_due_is_what_was_set_last_up_to_now(settings_: list[tuple[str, int]], now: int) -> None:
    deadlines, done = Deadlines(), list[tuple[int, str]]()
    for name, at in settings_:
        deadlines.set(name, at, lambda then, name=name: done.append((int(then), name)))  # type: ignore[misc]
    deadlines.run_due(now)
    wanted = dict(settings_)
    assert sorted(done) == sorted((at, name) for name, at in wanted.items() if at <= now)
    assert [at for at, _ in done] == sorted(at for at, _ in done)
    assert deadlines.next() == min((at for at in wanted.values() if at > now), default=None)


def test_some_alone_are_carried_out_once_each_if_they_are_due() -> None:
    done: list[str] = []
    deadlines = Deadlines()
    deadlines.set("rep", 2.0, lambda at: done.append(f"rep {at}"))
    deadlines.set("other", 0.5, lambda at: done.append("other"))

    def phase(at: float) -> None:
        done.append(f"phase {at}")
        deadlines.set("phase", at + 0.5, phase)

    deadlines.set("phase", 1.0, phase)
    deadlines.run_once(frozenset({"rep"}), 1.9)
    assert not done
    deadlines.run_once(frozenset({"rep", "phase", "none"}), 5.0)
    assert done == ["phase 1.0", "rep 2.0"]
    assert deadlines.next() == 0.5
