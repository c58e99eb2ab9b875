"""The user's folders for settings, for what was trained, and for caches: where the operating system wants them.

Law: every folder is looked up when it is asked for; XDG variables count on every system.
"""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import PlatformDirs

_FOLDERS = PlatformDirs("coach", appauthor=False)


def settings_folder() -> Path:
    """Where the user's settings file is."""
    return _or_earlier(_FOLDERS.user_config_path, "XDG_CONFIG_HOME", ".config")


def data_folder() -> Path:
    """What was trained, and models that were fetched."""
    return _or_earlier(_FOLDERS.user_data_path, "XDG_DATA_HOME", ".local/share")


def cache_folder() -> Path:
    """Files that can be made or fetched again; this folder may be deleted at any time."""
    return _FOLDERS.user_cache_path


def _or_earlier(folder: Path, variable: str, earlier: str) -> Path:
    """The folder; or that of earlier versions of the coach, if only that one exists and no variable names another.

    Earlier versions used the same folders on a Mac as on Linux.
    """
    before = Path.home() / earlier / "coach"
    return before if variable not in os.environ and before.is_dir() and not folder.is_dir() else folder
