"""Examines what the coach needs, part by part, and says what to do about what is missing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from coach.adapters import portaudio
from coach.adapters.clip_store import ClipStore
from coach.adapters.synthesizer import EspeakSynthesizer
from coach.adapters.vosk_models import find, health
from coach.commands import Manner
from coach.ports import WorldError


@dataclass(frozen=True, slots=True)
class Finding:
    """One part, well or not."""

    good: bool
    what: str


def examine(project: Path) -> Iterator[Finding]:
    """Sound, voice, cache, recognisers; the real parts are tried. `project`: where `voice_models/` may be."""
    missing = portaudio.available()
    yield Finding(missing is None, missing or "a microphone and a loudspeaker")
    if missing is None:
        yield Finding(True, "sound devices:\n" + portaudio.list_devices())
    yield _voice()
    yield _cache()
    yield from _hearing(project)


def _voice() -> Finding:
    try:
        clip = EspeakSynthesizer().render("Ready.", Manner.SENTENCE)
    except WorldError as fault:
        return Finding(False, str(fault))
    return Finding(True, f"the voice speaks ({clip.length.total:.2f} s of sound)")


def _cache() -> Finding:
    try:
        ClipStore(EspeakSynthesizer()).check_writable()
    except WorldError as fault:
        return Finding(False, str(fault))
    return Finding(True, "rendered lines can be kept")


def _hearing(project: Path) -> Iterator[Finding]:
    embedded = find_spec("pocketsphinx") is not None
    model = find(None, os.environ, project)
    if model is not None:
        fault = health(model)
        yield Finding(fault is None, fault or f"vosk hears with {model}")
    elif embedded:
        yield Finding(True, "pocketsphinx hears; for better hearing: coach models fetch")
    if model is None and not embedded:
        yield Finding(False, "no recogniser: pip install pocketsphinx, or vosk and a model (coach models fetch)")
