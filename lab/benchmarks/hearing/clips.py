"""What is said in the benchmark of hearing: commands, words around safety words, and words that are no command.

Law: a rule may be fitted on flite's voices only, and never on the words of said.yaml.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from coach.adapters.files.sound import read_speech
from coach.audio.pcm import audible_span
from coach.audio.room import as_spoken
from coach.ports import Pcm
from coach.rehearsal.scripts.script import VOICES as FLITE
from coach.wiring.rehearsing import VOICES, slug

RATE = 16_000
SAID = Path(__file__).parent / "said"
MADE = ("big", "small", "ked")
"""The voices in the folder `SAID`, made by lab/voices/hearing.py."""
_GAP = np.zeros(round(0.06 * RATE), np.int16)
"""Silence between two commands that are joined to one utterance."""
_JOINED = {
    ("start-set", "stop"): ("Stop",),
    ("yes", "stop"): ("Stop",),
    ("no", "stop"): ("Stop",),
    ("ready", "stop"): ("Stop",),
    ("next", "stop"): ("Stop",),
    ("start-set", "it-hurts"): ("Pain",),
    ("no", "i-feel-dizzy"): ("Dizzy",),
    ("ready", "pause"): ("Pause", "Next"),
    ("start-set", "pause"): ("Pause", "StartSet"),
}
"""Pairs of commands that every voice of `lifters` says as one utterance, with their `Clip.safety`."""
_SPELLED = {"its-too-heavy": "it's too heavy"}
"""File names of `lifters` from which the words cannot be read."""


class Kind(Enum):
    """Why something is said."""

    COMMAND = "commands"
    AROUND = "words around safety words"
    ORDER = "orders"
    PEOPLE = "real people, other words"
    FRAGMENT = "fragments"
    NEIGHBOUR = "neighbours"
    DENIAL = "denials"
    TALK = "talk"


class Voices(Enum):
    """Where a voice comes from."""

    FLITE = "flite"
    """Four old synthetic voices; rules may have been fitted on them."""
    LIFTERS = "lifters"
    """Neural voices on which nothing is fitted."""
    PEOPLE = "people"
    MADE = "made"
    """The voices in `MADE`."""


@dataclass(frozen=True, slots=True)
class Clip:
    """Something said once."""

    kind: Kind
    voices: Voices
    voice: str
    text: str
    files: tuple[Path, ...]
    """Sound files, which are joined with a short gap."""
    safety: tuple[str, ...] = ()
    """For words around safety words: first the intent that must act, then intents that may act before or after it."""
    slots: Mapping[str, str] = field(default_factory=dict)
    """Slots of an order."""
    noise: str = ""
    """Name of the recording's condition, if noise was recorded with the speech."""

    @property
    def name(self) -> str:
        """Name that no other clip has."""
        return f"{self.voice}: {self.text}" if self.kind is not Kind.PEOPLE else self.files[0].stem

    def sound(self) -> Pcm:
        """Returns the samples at `RATE`, at the lifter's level; a recording with noise keeps its level."""
        parts = [read_speech(file, RATE) for file in self.files]
        if len(parts) > 1:
            spoken = [as_spoken(part)[slice(*audible_span(part))] for part in parts]
            parts = [piece for part in spoken for piece in (part, _GAP)][:-1]
        whole = np.concatenate(parts)
        return whole if self.noise else as_spoken(whole)


def all_clips(data: Path | None) -> Iterator[Clip]:
    """Yields all clips; without `data` (the folder that COACH_SPEECH_DATA names) only those in the repository."""
    for voice in FLITE:
        for text in (VOICES / "commands.txt").read_text("utf-8").splitlines():
            yield Clip(Kind.COMMAND, Voices.FLITE, voice, text, (_flite(voice, text),))
        for text in (VOICES / "others.txt").read_text("utf-8").splitlines():
            yield Clip(Kind.TALK, Voices.FLITE, voice, text, (_flite(voice, text),))
    yield from _made()
    if data is not None:
        yield from _lifters(data / "lifters")
        yield from _people(data)
        yield from _orders(data / "orders")


def _flite(voice: str, text: str) -> Path:
    return VOICES / f"{voice}-{slug(text)}.flac"


def _made() -> Iterator[Clip]:
    said = said_texts()
    kinds = {"fragments": Kind.FRAGMENT, "neighbours": Kind.NEIGHBOUR, "denials": Kind.DENIAL, "talk": Kind.TALK}
    for voice in MADE:
        for intents, texts in said["safety"].items():
            for text in texts:
                safety = tuple(intents.split())
                yield Clip(Kind.AROUND, Voices.MADE, voice, text, (_made_file(voice, text),), safety)
        for name, kind in kinds.items():
            for text in said[name]:
                yield Clip(kind, Voices.MADE, voice, text, (_made_file(voice, text),))


@cache
def said_texts() -> Mapping[str, Any]:
    """Returns the content of said.yaml."""
    said: Mapping[str, Any] = yaml.safe_load((SAID / "said.yaml").read_text("utf-8"))
    return said


def _made_file(voice: str, text: str) -> Path:
    return SAID / f"{voice}-{slug(text)}.ogg"


def _lifters(folder: Path) -> Iterator[Clip]:
    voices = sorted({file.stem.partition("__")[0] for file in folder.glob("*.flac")})
    for voice in voices:
        for file in sorted(folder.glob(f"{voice}__*.flac")):
            command = file.stem.partition("__")[2]
            yield Clip(Kind.COMMAND, Voices.LIFTERS, voice, _spelled(command), (file,))
        for pair, safety in _JOINED.items():
            files = tuple(folder / f"{voice}__{command}.flac" for command in pair)
            text = " ".join(map(_spelled, pair))
            yield Clip(Kind.AROUND, Voices.LIFTERS, voice, text, files, safety)


def _spelled(command: str) -> str:
    return _SPELLED.get(command, command.replace("-", " "))


def _people(data: Path) -> Iterator[Clip]:
    for file in sorted((data / "positives").glob("*.flac")):
        yield Clip(Kind.COMMAND, Voices.PEOPLE, file.stem, file.stem.partition("-")[0], (file,))
    for file in sorted((data / "negatives").glob("*.flac")):
        yield Clip(Kind.PEOPLE, Voices.PEOPLE, file.stem, file.stem.partition("-")[0], (file,))


def _orders(folder: Path) -> Iterator[Clip]:
    if not folder.is_dir():
        return
    labels = json.loads((folder / "label.json").read_text("utf-8"))
    for noise in ("clean", "12db", "6db"):
        for name, label in sorted(labels.items()):
            file = (folder / noise / name).with_suffix(".flac")
            if file.is_file():
                slots = {slot: value.strip() for slot, value in label["slots"].items()}
                yield Clip(Kind.ORDER, Voices.PEOPLE, file.stem, label["intent"], (file,), slots=slots, noise=noise)
