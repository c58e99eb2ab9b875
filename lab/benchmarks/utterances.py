"""The lifter's words for benchmarks: clips of four voices, varied a little every time, from fixed seeds."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coach.adapters.files.sound import read_speech
from coach.audio.pcm import to_pcm
from coach.audio.resampling import Resampler
from coach.ports import Pcm
from coach.rehearsal.scripts.script import VOICES
from coach.wiring import rehearsing

RATE = 16_000
SPEED = 0.08
"""Largest change of speed, faster or slower; the pitch changes too."""
GAIN_DB = 6.0
NOISE_DB = 20.0
"""Level of pink noise, in decibels below the word."""
SILENCE: Pcm = np.zeros(RATE, np.int16)
_ROOM_S = 10.0
"""Seconds after which the noise repeats."""
_ROOMS = 5
_BEFORE_S, AFTER_S = 0.1, 0.4
"""Seconds of silence before and after a word in a file."""
_END = 10 ** (-40 / 20)
"""Level below which there is silence, as a share of the word's peak; the coach trims its own clips in the same way
(`coach/audio/loudness.py`)."""

MADE = (
    f"{len(VOICES)} flite voices ({', '.join(VOICES)}), each time with its own speed (+-{SPEED:.0%}), level",
    f"(+-{GAIN_DB:g} dB), pink noise {NOISE_DB:g} dB below the word, and moment; seeded. A word ends with its last",
    "sample within 40 dB of its peak.",
)


@dataclass(frozen=True, slots=True)
class Utterance:
    """A phrase as it reaches the microphone."""

    phrase: str
    voice: str
    pcm: Pcm
    """Samples at 16 kHz."""
    ends: int
    """Sample after the word's last audible sample."""
    moment: float
    """Position in the time window for the word, from 0 to 1."""
    noise: float = 0.0
    """Root mean square of the room's noise."""

    def rooms(self) -> Iterator[Pcm]:
        """Yields rooms: pieces of pink noise at the level `noise`."""
        for seed in range(_ROOMS):
            yield _pink(self.noise, [seed, *self.phrase.encode(), round(self.moment * 2**31)])


def vary(phrase: str, number: int) -> Utterance:
    """Returns the `number`th way to say a phrase; the same on every run."""
    voice = VOICES[number % len(VOICES)]
    # The phrase's letters are part of the seed: two phrases do not share their random values.
    chance = np.random.default_rng([number, *phrase.encode()])
    clip = read_speech(rehearsing.VOICES / f"{voice}-{rehearsing.slug(phrase)}.flac", RATE)
    speed, gain = chance.uniform(1 - SPEED, 1 + SPEED), 10 ** (chance.uniform(-GAIN_DB, GAIN_DB) / 20)
    word = Resampler(round(RATE * speed), RATE).whole(clip).astype(np.float64) * gain
    # Blocks begin every 20 ms; the word begins anywhere in a block.
    word = np.concatenate([np.zeros(int(chance.integers(RATE // 50))), word])
    loud = np.flatnonzero(np.abs(word) > _END * np.abs(word).max())
    noise = float(np.sqrt(np.mean(word**2))) / 10 ** (NOISE_DB / 20)
    pcm = to_pcm(word)
    return Utterance(phrase, voice, pcm, int(loud[-1]) + 1, float(chance.uniform()), noise)


def plain(phrase: str) -> Utterance:
    """Returns a phrase as recorded; for words that only lead to a scene."""
    clip = read_speech(rehearsing.VOICES / f"{VOICES[0]}-{rehearsing.slug(phrase)}.flac", RATE)
    return Utterance(phrase, VOICES[0], clip, len(clip), 0.0)


def write(said: Utterance, path: Path) -> None:
    """Writes a WAV file for a player, with silence around the word: a sink drops its buffer when the player ends."""
    sound = np.concatenate(
        [np.zeros(round(_BEFORE_S * RATE), np.int16), said.pcm, np.zeros(round(AFTER_S * RATE), np.int16)]
    )
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(sound.tobytes())


def _pink(noise: float, seed: list[int]) -> Pcm:
    samples = round(_ROOM_S * RATE)
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(samples))
    spectrum /= np.sqrt(np.maximum(np.fft.rfftfreq(samples, 1 / RATE), 20.0))
    sound = np.fft.irfft(spectrum, samples)
    sound *= noise / np.sqrt(np.mean(sound**2))
    return to_pcm(sound)
