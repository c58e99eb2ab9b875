"""Music stays down between sentences and through a set."""

from __future__ import annotations

from coach.audio.hush import HOLD_S, Hush


def test_music_stays_down_between_sentences_and_through_a_set() -> None:
    hush = Hush()
    assert not hush.wanted(0.0, speaking=False, in_set=False)
    assert hush.wanted(1.0, speaking=True, in_set=False)
    assert hush.wanted(1.0 + HOLD_S - 0.1, speaking=False, in_set=False)
    assert not hush.wanted(1.0 + HOLD_S + 0.1, speaking=False, in_set=False)
    assert all(hush.wanted(10.0 + second, speaking=False, in_set=True) for second in range(60))
