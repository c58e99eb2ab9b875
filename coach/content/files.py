"""The files that people write for the coach: where the packs are, and the text of a file.

Law: this is the only module of `content` that opens a file or lists a folder.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from coach.content import schema
from coach.ports import ScriptError

BUNDLED = Path(__file__).parent / "leg_press"
"""The folder of the exercise that comes with the coach."""
COMMON = Path(__file__).parent / "common"
"""The folder of the prompts and commands that every pack inherits."""
_MAX_BYTES = 16 << 20
"""Largest file in bytes. The coach's largest file has 60 KB; all English files of Home Assistant together have 1 MB."""


@dataclass(slots=True)
class UnreadableError(Exception):
    """A file cannot be read: the line, what is wrong, and the remedy."""

    line: int
    wrong: str
    remedy: str


def find_pack(name: str, beside: Path = Path()) -> Path:
    """The folder of a pack: a bundled pack, or a path relative to `beside`; ScriptError if no folder is found."""
    folders = [COMMON.parent / name] if re.fullmatch(schema.NAME.pattern, name) and name != COMMON.name else []
    try:
        for folder in (*folders, beside / name):
            if (folder / "guidance.yaml").is_file():
                return folder
        odd = guidance_files(beside / name)
    except OSError as error:
        # For example, the name is too long.
        raise ScriptError(f"no pack {name[:40]!r}: {error.strerror}") from error
    if odd:
        raise ScriptError(f"no pack {name!r}: it has {odd[0].name}: call it guidance.yaml")
    bundled = sorted(file.parent.name for file in COMMON.parent.glob("*/guidance.yaml") if file.parent != COMMON)
    raise ScriptError(f"no pack {name!r}: name a folder with guidance.yaml and commands.yaml, or {', '.join(bundled)}")


def guidance_files(folder: Path) -> list[Path]:
    """Files in a folder that are guidance.yaml, or that have its name with other letter case or suffix."""
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return [file for file in files if is_yaml(file) and file.stem.lower() == "guidance"]


def read_text(path: Path) -> str:
    """The text of a file in UTF-8; raises UnreadableError."""
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES + 1)
        if len(content) > _MAX_BYTES:
            raise UnreadableError(1, f"is larger than {_MAX_BYTES >> 20} MB", "make it smaller")
        return content.decode("utf-8")
    except OSError as error:
        other = _namesake(path)
        remedy = "check the name" if other is None else f"there is {other.name}: call it {path.name}"
        raise UnreadableError(1, f"cannot be read ({error.strerror})", remedy) from error
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableError(line, f"is not UTF-8 at byte {error.start}", "save it as UTF-8") from error
    except ValueError as error:
        raise UnreadableError(1, "cannot be read (a name with a null in it)", "check the name") from error


def is_yaml(path: Path) -> bool:
    """Whether a file's name has a YAML suffix, in upper or lower case."""
    return path.suffix.lower() in (".yaml", ".yml")


def _namesake(path: Path) -> Path | None:
    """A YAML file in the same folder whose name differs only in upper and lower case or in the suffix."""
    beside = sorted(path.parent.iterdir()) if path.parent.is_dir() else []
    return next((file for file in beside if is_yaml(file) and file.stem.lower() == path.stem.lower() != ""), None)


def commands_files(path: Path) -> list[Path]:
    """The file itself, or the YAML files of a folder, sorted by name; ScriptError if there are none."""
    if not path.is_dir():
        return [path]
    found = sorted(file for file in path.rglob("*") if is_yaml(file) and not file.is_dir())
    if not found:
        raise ScriptError(f"no commands files (*.yaml, *.yml) in {str(path)!r}: name a file, or another folder")
    return found
