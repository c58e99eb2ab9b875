"""A piece of a day in the gym corner; `scripts/soak --gym-days 8` has the whole week."""

from __future__ import annotations

from pathlib import Path

from lab.soak.gym_days import spend


def test_nothing_is_lost_and_nothing_is_counted_blind(tmp_path: Path) -> None:
    told = spend(1, seed=5, folder=tmp_path, hours=0.4)
    assert told.lost == []
    assert told.counted_blind == []
    assert told.sets > 2
    assert sum(told.faults.values()) > 2
