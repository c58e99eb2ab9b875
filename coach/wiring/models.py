"""The table of models that can be fetched: where each is found, what is wrong with it, and how it is fetched."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from coach.adapters.files.model_folders import ListedModel, folder_to_fetch_into
from coach.adapters.recognition.moonshine import model_files as moonshine_files
from coach.adapters.recognition.vosk import model_files as vosk_models
from coach.ports import HearingError

PROJECT = Path(__file__).parent.parent.parent
"""The checkout that the coach runs from, if it does: `voice_models/` is looked for beside the package."""

NO_ONNXRUNTIME = (
    "the onnxruntime package is missing: pip install onnxruntime; where there is none, as on 32-bit ARM, "
    "Vosk hears: coach models fetch vosk"
)
"""Reported for Moonshine: only onnxruntime can run it."""

Progress = Callable[[int, int], None]
"""Called with the bytes received so far and the bytes in all."""


@dataclass(frozen=True, slots=True)
class ModelRow:
    """The models of one recogniser. Only `health` loads the recogniser's library."""

    name: str
    """The recogniser's name, used on the command line."""
    about: str
    """What `fetch` downloads, with size and licence, for people."""
    find: Callable[[], Path | None]
    """The model to hear with, from the usual places; None: no model was found."""
    owns: Callable[[Path], bool]
    """Whether a folder is a model of this recogniser, whole or not."""
    finding: Callable[[Path], str | None]
    """What is wrong with a model, in one line with the remedy; None: nothing that can be seen in milliseconds."""
    health: Callable[[Path], str | None]
    """What is wrong with a model after a thorough examination, which may take seconds."""
    listed: Callable[[], list[ListedModel]]
    """All models that are found, first choice first."""
    fetch: Callable[[Progress], Path]
    """Fetch the model into `voice_models/` or the user's data folder, unless it exists there and is whole;
    HearingError."""


def _fetch_moonshine(_: Progress) -> Path:
    from coach.adapters.recognition.moonshine.fetch import fetch

    if find_spec("onnxruntime") is None:
        raise HearingError(NO_ONNXRUNTIME)
    return fetch(folder_to_fetch_into(PROJECT))


def _fetch_vosk(progress: Progress) -> Path:
    from coach.adapters.recognition.vosk.fetch import fetch

    return fetch(folder_to_fetch_into(PROJECT), progress=progress)


def _vosk_health(model: Path) -> str | None:
    return "; ".join(vosk_models.verify(model)) or vosk_models.engine_finding(model)


MOONSHINE = ModelRow(
    name="moonshine",
    about="Moonshine tiny, English: 56 MB to download, 44 MB on disk, MIT",
    find=lambda: moonshine_files.find(PROJECT),
    owns=moonshine_files.is_model,
    finding=moonshine_files.finding,
    health=moonshine_files.verify,
    listed=lambda: moonshine_files.list_models(PROJECT),
    fetch=_fetch_moonshine,
)
VOSK = ModelRow(
    name="vosk",
    about="the small English Vosk model: 41 MB to download, 68 MB on disk, Apache-2.0",
    find=lambda: vosk_models.find(None, os.environ, PROJECT),
    owns=vosk_models.is_model,
    finding=vosk_models.finding,
    health=_vosk_health,
    listed=lambda: vosk_models.list_models(os.environ, PROJECT),
    fetch=_fetch_vosk,
)

MODELS = (MOONSHINE, VOSK)
"""The first one is fetched when none is named."""
