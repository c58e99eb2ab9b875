"""Where the coach keeps its files: the rules of the operating system, and of earlier versions on a Mac."""

from __future__ import annotations

from pathlib import Path

import pytest
from platformdirs.macos import MacOS
from platformdirs.unix import Unix

from coach.adapters.files import folders
from coach.adapters.files.folders import cache_folder, data_folder, settings_folder


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder without any XDG variable."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for kind in ("CONFIG", "DATA", "CACHE"):
        monkeypatch.delenv(f"XDG_{kind}_HOME", raising=False)
    return tmp_path


def test_on_linux(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "_FOLDERS", Unix("coach", appauthor=False))
    assert settings_folder() == home / ".config/coach"
    assert data_folder() == home / ".local/share/coach"
    assert cache_folder() == home / ".cache/coach"


def test_xdg_variables_count_if_they_are_absolute(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "_FOLDERS", Unix("coach", appauthor=False))
    monkeypatch.setenv("XDG_CACHE_HOME", "/elsewhere")
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    assert cache_folder() == Path("/elsewhere/coach")
    assert data_folder() == home / ".local/share/coach"


def test_on_a_mac_the_folder_of_an_earlier_version_is_used_as_long_as_it_is_the_only_one(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "_FOLDERS", MacOS("coach", appauthor=False))
    new, earlier = home / "Library/Application Support/coach", home / ".local/share/coach"
    assert data_folder() == new
    earlier.mkdir(parents=True)
    assert data_folder() == earlier
    new.mkdir(parents=True)
    assert data_folder() == new
    assert cache_folder() == home / "Library/Caches/coach"
