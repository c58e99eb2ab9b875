"""Which requests from the broker are accepted."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as some

from coach.adapters.broker.command_filter import FLOOD, MAX_BYTES, CommandFilter, Refused, TokenBucket

reproducibly = settings(derandomize=True, deadline=None, database=None)


class TestAsked:
    @reproducibly
    @given(payload=some.binary(max_size=400), retained=some.booleans(), stale=some.booleans())
    def test_anything_is_judged(self, payload: bytes, retained: bool, stale: bool) -> None:
        found = CommandFilter().judge(payload, 0.0, retained=retained, stale=stale)
        if isinstance(found, str):
            assert not retained and not stale and 0 < len(payload) <= MAX_BYTES
            assert found.isprintable() and found == " ".join(payload.decode().split())
        else:
            assert isinstance(found, Refused) and found.why and len(found.text) <= 60
            assert found.text.isprintable()

    def test_so_many_at_once_and_so_many_for_long(self) -> None:
        allowance = TokenBucket(5, 1)
        assert [allowance.take(0.0) for _ in range(6)] == [True] * 5 + [False]
        assert [allowance.take(2.0) for _ in range(3)] == [True, True, False]
        # A clock that runs backwards allows nothing.
        assert not allowance.take(1.0)

    def test_refusals_are_told_as_seldom(self) -> None:
        asked = CommandFilter()
        found = [asked.judge(b"stop", 0.0, retained=False, stale=False) for _ in range(100)]
        assert [type(one) for one in found[:10]] == [str] * 5 + [Refused] * 5 and set(found[10:]) == {None}

    def test_a_flood(self) -> None:
        asked = CommandFilter()
        assert [asked.is_flood(at / 100) for at in range(FLOOD)] == [False] * FLOOD
        assert asked.is_flood(0.99) and not asked.is_flood(1.5)
