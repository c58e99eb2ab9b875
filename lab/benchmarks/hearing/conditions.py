"""Conditions in which a clip is heard: the noise beside it, and the microphone.

Law: deterministic; the same clip in the same condition gives the same samples. The ratio of speech to noise is that
of their mean powers from the first to the last sound of the speech. The noise begins before the speech and goes on
after it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np

from coach.adapters.files.sound import read_speech
from coach.audio.noises import Sound, Tap, babble, looped, music, pink, white
from coach.audio.pcm import Signal, audible_span, to_pcm
from coach.audio.reverberation import response
from coach.audio.room import LIFTER_LEVEL
from coach.ports import Pcm
from lab.benchmarks.hearing import headset
from lab.benchmarks.hearing.clips import RATE, Clip, Kind, Voices, all_clips

LEAD_S, TAIL_S = 1.0, 1.5
"""Seconds of noise before and after the clip: an utterance is decided within 1.2 s of its end."""
HISS = 16.0
"""Root mean square of a quiet room, 66 dB below full scale; every sound has it."""
_STRIP_S = 60
"""Seconds of each noise that are made, once; each clip gets a piece of them."""
_SONGS = 4
_RT60_S, _DISTANCE_M = 0.5, 3.0


@dataclass(frozen=True, slots=True)
class Condition:
    """One row of the table."""

    name: str
    noise: str | None = None
    snr: float = 0.0
    """Ratio of speech to noise, in decibels."""
    across_the_room: bool = False
    by_headset: bool = False

    @property
    def needs_data(self) -> bool:
        """Whether the condition needs a recording from the folder that COACH_SPEECH_DATA names."""
        return self.noise == "bike"


NOISES = ("pink", "bike", "music", "babble")
CLEAN = Condition("clean")
CONDITIONS = (
    CLEAN,
    *(Condition(f"{noise} 10 dB", noise, 10) for noise in NOISES),
    Condition("headset", by_headset=True),
    Condition("across room", "bike", 10, across_the_room=True),
    *(Condition(f"{noise} 5 dB", noise, 5) for noise in NOISES),
    Condition("bike 0 dB", "bike", 0),
    *(Condition(f"{noise} 20 dB", noise, 20) for noise in NOISES),
)
"""All conditions, in the order in which they are tried."""
FEW = tuple(one for one in CONDITIONS if one.name in ("clean", "bike 10 dB", "babble 10 dB"))


def heard_under(clip: Clip, condition: Condition, data: Path | None) -> tuple[Pcm, float]:
    """Returns the microphone's samples, and the second in them when the last sound of the speech ends."""
    speech = clip.sound().astype(np.float64)
    began, ended = audible_span(clip.sound())
    if condition.across_the_room:
        walls = response(_RT60_S, RATE, np.random.default_rng(1), _DISTANCE_M)
        size = 1 << (len(speech) + len(walls)).bit_length()
        speech = np.fft.irfft(np.fft.rfft(speech, size) * np.fft.rfft(walls, size), size)[: len(speech) + len(walls)]
    lead, tail = (round(seconds * RATE) for seconds in (LEAD_S, TAIL_S))
    sound = np.concatenate([np.zeros(lead), speech, np.zeros(tail)])
    chance = np.random.default_rng(crc32(f"{clip.name}/{condition.name}".encode()))
    if condition.noise is not None:
        noise = _piece(noise_strip(condition.noise, _voice_left_out(clip), data), len(sound), chance)
        during = slice(lead + began, lead + ended)
        ratio = np.mean(sound[during] ** 2) / np.mean(noise[during] ** 2)
        sound += noise * np.sqrt(ratio / 10 ** (condition.snr / 10))
    sound += HISS * chance.standard_normal(len(sound))
    pcm = to_pcm(sound)
    return (headset.through_headset(pcm) if condition.by_headset else pcm), LEAD_S + ended / RATE


def noise_alone(noise: str, seconds: float, part: int, data: Path | None) -> Pcm:
    """Returns a noise in which nobody talks to the coach."""
    sound = Tap(_sound(noise, np.random.default_rng([part, crc32(noise.encode())]), "", data)).take(
        round(seconds * RATE)
    )
    return to_pcm(sound * LIFTER_LEVEL)


def _voice_left_out(clip: Clip) -> str:
    """Returns the voice that the babble around a clip must not have; babble never has lifters or recorded people."""
    return clip.voice if clip.voices in (Voices.FLITE, Voices.MADE) else ""


def _piece(strip: Signal, length: int, chance: np.random.Generator) -> Signal:
    return strip[(int(chance.integers(len(strip))) + np.arange(length)) % len(strip)]


@cache
def noise_strip(noise: str, without: str, data: Path | None) -> Signal:
    """Returns a minute of a noise; music is four songs, and the voice `without` is silent in babble."""
    parts = []
    for part in range(_SONGS if noise == "music" else 1):
        chance = np.random.default_rng(crc32(f"{noise}/{without}/{part}".encode()))
        parts.append(_sound(noise, chance, without, data))
    return np.concatenate([Tap(part).take(_STRIP_S * RATE // len(parts)) for part in parts])


def _sound(noise: str, chance: np.random.Generator, without: str, data: Path | None) -> Sound:
    makers: dict[str, Callable[[], Sound]] = {
        "white": lambda: white(chance, RATE),
        "pink": lambda: pink(chance, RATE),
        "music": lambda: music(chance, RATE),
        "babble": lambda: babble(chance, RATE, _sentences(without)),
        "bike": lambda: looped(read_speech(_bike(data), RATE)),
    }
    return makers[noise]()


def _bike(data: Path | None) -> Path:
    if data is None:
        raise ValueError("the bike is a recording: name the folder with `noise` in COACH_SPEECH_DATA")
    return data / "noise" / "exercise_bike.flac"


@cache
def _sentences(without: str) -> list[Pcm]:
    """Returns talk of the repository's voices, except the voice `without`."""
    return [clip.sound() for clip in all_clips(None) if clip.kind is Kind.TALK and clip.voice != without]
