"""The files conversations stand in: what they are called, and where they are."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from coach.ports import ScriptError

SUFFIXES = (".yaml", ".convo.txt")


def is_conversation(path: Path) -> bool:
    """By its name."""
    return path.name.endswith(SUFFIXES)


def conversations(paths: Iterable[Path]) -> list[Path]:
    """The files themselves, and those of a folder by name; ScriptError when a folder has none."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            found = sorted(file for file in path.iterdir() if is_conversation(file))
            if not found:
                named = ", ".join(f"*{suffix}" for suffix in SUFFIXES)
                raise ScriptError(f"no scripts ({named}) in {str(path)!r}: name a script or another folder")
            files += found
        else:
            files.append(path)
    return files
