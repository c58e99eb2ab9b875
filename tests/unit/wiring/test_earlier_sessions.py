"""What the journal hands to the next session."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach.training.past import Past
from coach.wiring import journal
from coach.wiring.earlier_sessions import read_earlier
from lab.rigs.talk import PACK
from lab.rigs.talk import plan_of as small_plan

PLAN = small_plan(reps=4, sets=3, rest=60)


def test_a_journal_that_cannot_be_read_is_one_line_and_nothing_is_handed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    (tmp_path / "coach").mkdir()
    (tmp_path / "coach" / "journal.sqlite3").write_bytes(b"nothing of the kind" * 99)
    messages: list[str] = []
    assert read_earlier(journal.history(), PACK.id, PLAN, {}, messages.append) == (PLAN, Past(), {})
    assert len(messages) == 1
