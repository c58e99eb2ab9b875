"""Files of conversations: their names, where they are, and their readers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from coach.content.plan_reading import is_plan
from coach.ports import ScriptError
from coach.rehearsal.scripts.botium import read_convo
from coach.rehearsal.scripts.script import Script, read_script
from coach.training.plan import Plan

BOTIUM_SUFFIX = ".convo.txt"
SUFFIXES = (".yaml", ".yml", BOTIUM_SUFFIX)
"""Ends of file names, in upper or lower case."""


def is_conversation(path: Path) -> bool:
    """Whether a file has the name of a conversation."""
    return path.name.lower().endswith(SUFFIXES)


def conversations(paths: Iterable[Path]) -> list[Path]:
    """Returns the given files, and the conversations in given folders, sorted by name and without plans.

    ScriptError: a folder has no conversations.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            named = sorted(file for file in path.iterdir() if is_conversation(file) and not file.is_dir())
            found = [file for file in named if not is_plan(file)]
            if not found:
                suffixes = ", ".join(f"*{suffix}" for suffix in SUFFIXES)
                raise ScriptError(f"no scripts ({suffixes}) in {str(path)!r}: name a script or another folder")
            files += found
        else:
            files.append(path)
    return files


def read_conversation(path: Path, defaults: Plan, plan_of: Callable[[Path], Plan] | None = None) -> Script:
    """Reads a script; its name decides between `read_script` and `read_convo`."""
    if path.name.lower().endswith(BOTIUM_SUFFIX):
        return read_convo(path, defaults)
    return read_script(path, defaults, plan_of)
