"""The table of the coach's voices: what each is called, how it is made.

Law: a new voice is its file below `adapters/` and a row here. A row loads its modules when it is asked.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING

from coach.adapters import piper_voices
from coach.adapters.piper_voices import PiperVoice
from coach.ports import VoiceError
from coach.settings import AUTO
from coach.wiring.models import PROJECT

if TYPE_CHECKING:
    from coach.adapters.clip_store import Engine


@dataclass(frozen=True, slots=True)
class VoiceRow:
    """One voice that is installed."""

    name: str
    """On the command line and in messages."""
    make: Callable[[], Engine]
    """The synthesiser. VoiceError, with the remedy: it cannot speak.

    Cheap: what is costly is done by the first `render`.
    """


def _espeak() -> Engine:
    from coach.adapters.espeak import EspeakSynthesizer

    return EspeakSynthesizer()


def _piper(voice: PiperVoice) -> Engine:
    from coach.adapters.piper import PiperSynthesizer

    for package in ("piper", "onnxruntime"):
        if find_spec(package) is None:
            raise VoiceError(f"{voice.name} needs Piper: pip install piper-tts; where it has no wheel, espeak speaks")
    return PiperSynthesizer(voice)


ESPEAK = VoiceRow("espeak", _espeak)
"""Without its library it is made all the same, and the first render raises the remedy."""


def voices() -> list[VoiceRow]:
    """In the order in which "auto" tries them."""
    return [
        ESPEAK,
        *(VoiceRow(voice.name, partial(_piper, voice)) for voice in piper_voices.installed(os.environ, PROJECT)),
    ]


def names() -> list[str]:
    """What a voice can be called, "auto" first."""
    return [AUTO, *(row.name for row in voices())]


def choose(name: str, warn: Callable[[str], None]) -> tuple[str, Engine]:
    """The voice's name and its synthesiser; VoiceError when there is none of that name.

    In place of a voice that is damaged the next one speaks, with a warning; espeak at last.
    """
    wanted = [row for row in voices() if name in (AUTO, row.name)]
    if not wanted:
        raise VoiceError(f"no voice {name!r}: choose of {', '.join(names())}")
    faults: list[str] = []
    for row in wanted:
        try:
            made = row.make()
        except VoiceError as fault:
            faults.append(str(fault))
            continue
        break
    else:
        row, made = ESPEAK, ESPEAK.make()
    for one in faults:
        warn(f"{one}; until then {row.name} speaks")
    return row.name, made
