"""The rooms: an exercise bike, talk and pink noise beside a voice.

Law: deterministic. The noise is `snr` decibels below the plain voice, by the mean powers of both from the line's first
sound to its last; shaping does not change the room. The sounds that tune the shaping never judge it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np

from coach.adapters.files.sound import read_speech
from coach.adapters.recognition.moonshine.model import RATE
from coach.audio.noises import Tap, babble, pink
from coach.audio.pcm import FULL, Signal
from coach.ports import Pcm
from coach.rehearsal.scripts.script import VOICES as SPEAKERS
from coach.wiring.rehearsing import VOICES, slug

HISS = 16.0 / FULL
"""Root mean square of a quiet room; every sound has it."""
_STRIP_S = 30


@dataclass(frozen=True, slots=True)
class Place:
    """What is heard beside the voice."""

    noise: str | None = None
    snr: float = float("inf")

    def __str__(self) -> str:
        return f"{self.noise} {self.snr:g} dB" if self.noise else "clean"


CLEAN = Place()
NOISES = ("bike", "babble", "pink")
PLACES = (CLEAN, *(Place(noise, snr) for noise in NOISES for snr in (10, 5, 0)))


def heard(
    voice: Signal, plain: Signal, place: Place, lead: float, key: str, data: Path | None, *, tuning: bool = False
) -> Signal:
    """Returns the voice at `RATE` with `lead` seconds of the room before and after it; `key` picks the noise piece."""
    around = round(lead * RATE)
    sound = np.pad(voice, around)
    chance = np.random.default_rng(crc32(f"{key}/{place}/{tuning}".encode()))
    if place.noise is not None:
        strip = _strip(place.noise, data, tuning)
        first = int(chance.integers(len(strip) - len(sound)))
        piece = strip[first : first + len(sound)]
        ratio = np.mean(plain**2) / np.mean(piece[around : around + len(plain)] ** 2)
        sound = sound + piece * np.sqrt(ratio / 10 ** (place.snr / 10))
    return sound + HISS * chance.standard_normal(len(sound))


@cache
def _strip(noise: str, data: Path | None, tuning: bool) -> Signal:
    """Returns a noise: the bike's first half for tuning, its second half for judging; or 30 s of talk or pink noise,
    with different seeds for tuning and judging."""
    chance = np.random.default_rng([crc32(noise.encode()), tuning])
    match noise:
        case "bike":
            if data is None:
                raise ValueError("the bike is a recording: name the folder with `noise` in COACH_SPEECH_DATA")
            ride = read_speech(data / "noise" / "exercise_bike.flac", RATE).astype(np.float64)
            return ride[: len(ride) // 2] if tuning else ride[len(ride) // 2 :]
        case "babble":
            return Tap(babble(chance, RATE, _talk())).take(_STRIP_S * RATE)
    return Tap(pink(chance, RATE)).take(_STRIP_S * RATE)


@cache
def _talk() -> list[Pcm]:
    said = (VOICES / "others.txt").read_text("utf-8").splitlines()
    return [read_speech(VOICES / f"{who}-{slug(line)}.flac", RATE) for who in SPEAKERS for line in said]
