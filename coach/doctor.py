"""Examines what the coach needs, part by part, and says what to do about what is missing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from coach.adapters import echo_canceller, portaudio
from coach.adapters.clip_store import ClipStore
from coach.adapters.recognizer_process import RecognizerProcess
from coach.adapters.synthesizer import EspeakSynthesizer
from coach.adapters.vosk_models import find, health
from coach.commands import Manner
from coach.ports import WorldError

_SILENT_BLOCKS = 100
"""Of 20 ms."""
_SLOW = "{name} is too slow here or ends by itself: close other programs, or choose another --engine"


@dataclass(frozen=True, slots=True)
class Finding:
    """One part, well or not."""

    good: bool
    what: str


def examine(project: Path, start_hearing: Callable[[], RecognizerProcess]) -> Iterator[Finding]:
    """Sound, voice, cache, recognisers; the real parts are tried. `project`: where `voice_models/` may be."""
    missing = portaudio.available()
    yield Finding(missing is None, missing or "a microphone and a loudspeaker")
    if missing is None:
        yield Finding(True, "sound devices:\n" + portaudio.list_devices())
        yield from _echo_canceller()
    yield _voice()
    yield _cache()
    yield from _hearing(project)
    yield _process(start_hearing)


def _echo_canceller() -> Iterator[Finding]:
    """Nobody needs one with headphones: a hint, no fault."""
    canceller = echo_canceller.find()
    if canceller is not None:
        used = "coach run --profile speaker uses it"
        yield Finding(True, f"an echo canceller ({canceller.source}, {canceller.sink}): {used}")
    elif echo_canceller.has_server():
        yield Finding(True, f"no echo canceller; one helps with an open loudspeaker: {echo_canceller.HOW_TO_LOAD}")


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


def _process(start: Callable[[], RecognizerProcess]) -> Finding:
    """The recogniser in a process of its own, as in a live session: it starts, hears silence and ends."""
    try:
        hears = start()
    except WorldError as fault:
        return Finding(False, str(fault))
    try:
        hears.wait_until_ready()
        child, block = hears.pid, np.zeros(hears.rate // 50, np.int16)
        for _ in range(_SILENT_BLOCKS):
            hears.hear(block)
        good = hears.behind == 0 and hears.pid == child
    except WorldError as fault:
        return Finding(False, str(fault))
    finally:
        hears.close()
    return Finding(good, f"{hears.name} hears in a process of its own" if good else _SLOW.format(name=hears.name))
