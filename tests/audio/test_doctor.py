"""`coach doctor` with the real voice."""

from __future__ import annotations

from pathlib import Path

import pytest

from coach import cli
from coach.doctor import CHECKS

pytestmark = pytest.mark.audio


def test_an_unwritable_cache_is_reported_and_the_voice_speaks_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("coach.doctor.CHECKS", tuple(one for one in CHECKS if one.name in ("voice", "cache")))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "coach").write_text("a file where the folder should be")
    assert cli.main(["doctor"]) == 1
    printed = capsys.readouterr().out
    assert "FIX" in printed
    assert "is not writable" in printed
    assert " speaks (" in printed
