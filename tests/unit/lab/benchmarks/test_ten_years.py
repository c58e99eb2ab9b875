"""The training that the benchmark makes is training that the coach could have recorded."""

from __future__ import annotations

from pathlib import Path

from coach.adapters.journal.file import FileHistory
from coach.training.log import workouts
from lab.benchmarks.ten_years import ten_years


def test_it_is_the_same_for_the_same_seed_and_comes_back_from_the_file(tmp_path: Path) -> None:
    made = list(ten_years(sessions=40))
    assert made == list(ten_years(sessions=40))
    assert made[0] != next(ten_years(2, sessions=1))
    assert 600 < sum(len(session.records) for session in made) / len(made) < 800
    history = FileHistory(tmp_path / "coach" / "journal.sqlite3")
    assert history.add(made) == 40
    assert list(history.sessions()) == made[::-1]
    kinds = {record.kind for session in ten_years(sessions=300) for record in session.records}
    assert kinds >= {"began", "resumed", "set_began", "rep", "set", "amended", "correction", "stop", "stuck", "pain"}
    assert sum(len(one.sets) > 5 for one in workouts(history.sessions())) >= 35
