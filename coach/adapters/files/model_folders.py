"""Where recognisers' models are kept: `voice_models/` of a checkout, or the user's data folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A model folder that was found."""

    name: str
    path: Path
    size: int
    """Bytes of all its files."""
    state: str
    """"good", or in one line what is wrong with the model."""


def home(environ: Mapping[str, str]) -> Path:
    """The user's home folder."""
    return Path(environ.get("HOME") or environ.get("USERPROFILE") or Path.home())


def data_folder(environ: Mapping[str, str]) -> Path:
    """Where an installed coach keeps models."""
    shared = environ.get("XDG_DATA_HOME") or home(environ) / ".local/share"
    return Path(shared) / "coach/voice_models"


def cache_folder(environ: Mapping[str, str]) -> Path:
    """Folder for files that can be made or fetched again; it may be deleted at any time."""
    return Path(environ.get("XDG_CACHE_HOME") or home(environ) / ".cache") / "coach"


def folder_to_fetch_into(environ: Mapping[str, str], project_folder: Path | None) -> Path:
    """`voice_models/` of the project when the coach runs from it, else the user's data folder."""
    if project_folder is not None and (project_folder / "voice_models").is_dir():
        return project_folder / "voice_models"
    return data_folder(environ)


def size_of(folder: Path) -> int:
    """Bytes of all files below the folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
