"""How the coach is to be run: frozen choices, checked where they are made."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path


class Engine(Enum):
    """Which recogniser hears."""

    AUTO = "auto"
    """Vosk where a model is found, else the embedded one."""
    VOSK = "vosk"
    POCKETSPHINX = "pocketsphinx"


class Profile(Enum):
    """Where the coach's voice goes."""

    HEADPHONES = "headphones"
    SPEAKER = "speaker"
    """The microphone hears the coach, and other people: commands begin with the wake word."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """The choice of the recogniser."""

    engine: Engine = Engine.AUTO
    model: Path | None = None
    """A Vosk model folder; None: look in the usual places."""


@dataclass(frozen=True, slots=True)
class Devices:
    """Number, or part of the name, of the sound devices; None is the system's choice."""

    input: int | str | None = None
    output: int | str | None = None
