"""The token that opens the page."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from coach.adapters.page.token import TokenFile
from coach.ports import WorldError


def test_a_token_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "page-token"
    token = TokenFile(path).read_or_make()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert TokenFile(path).read_or_make() == token, "a bookmark goes on working"
    assert len(token) >= 43


def test_a_new_token_shuts_the_old_one_out_at_once(tmp_path: Path) -> None:
    kept = TokenFile(tmp_path / "page-token")
    old = kept.read_or_make()
    assert kept.matches(old)
    assert not kept.has_changed()
    new = TokenFile(tmp_path / "page-token").renew()
    assert not kept.matches(old)
    assert kept.matches(new)
    assert kept.has_changed()
    assert not kept.has_changed()


@pytest.mark.parametrize("token", ["", "x", "x" * 43, "\u00e9", "\ud800", "x" * 10_000])
def test_what_is_not_the_token_opens_nothing(token: str, tmp_path: Path) -> None:
    kept = TokenFile(tmp_path / "page-token")
    assert not kept.matches(token), "there is none yet"
    kept.read_or_make()
    assert not kept.matches(token)


def test_a_token_that_others_could_read_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "page-token"
    kept = TokenFile(path)
    token = kept.read_or_make()
    path.chmod(0o644)
    assert not kept.matches(token)
    assert kept.read_or_make() != token
    path.write_text("short\n")
    assert not TokenFile(path).matches("short")


def test_a_token_that_cannot_be_kept_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WorldError, match=r"page.address=127.0.0.1"):
        TokenFile(tmp_path / "file" / "page-token").read_or_make()
