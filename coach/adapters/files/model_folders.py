"""Where recognisers' models are kept: `voice_models/` of a checkout, or the user's data folder."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from coach.adapters.files.folders import data_folder


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A model folder that was found."""

    name: str
    path: Path
    size: int
    """Bytes of all its files."""
    state: str
    """"good", or in one line what is wrong with the model."""


def models_folder() -> Path:
    """Where an installed coach keeps models."""
    return data_folder() / "voice_models"


def places(project_folder: Path | None) -> list[Path]:
    """Folders of models, first choice first: `voice_models/` of the checkout, then the user's."""
    return [*([project_folder / "voice_models"] if project_folder is not None else []), models_folder()]


def folder_to_fetch_into(project_folder: Path | None) -> Path:
    """`voice_models/` of the project when the coach runs from it, else the user's data folder."""
    if project_folder is not None and (project_folder / "voice_models").is_dir():
        return project_folder / "voice_models"
    return models_folder()


def digest_of(file: Path, algorithm: str) -> str:
    """Hexadecimal digest of the file's content; OSError."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, algorithm).hexdigest()


def size_of(folder: Path) -> int:
    """Bytes of all files below the folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
