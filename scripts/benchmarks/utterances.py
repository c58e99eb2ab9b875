"""The lifter's words for measuring: clips of four voices, said a little differently every time, from fixed seeds."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coach.adapters.sound_files import read_speech
from coach.audio.resampling import Resampler
from coach.ports import Pcm
from coach.rehearsal.script import VOICES
from coach.wiring import rehearsing

RATE = 16_000
SPEED = 0.08
"""Up to so much faster or slower, pitch included."""
GAIN_DB = 6.0
NOISE_DB = 20.0
"""Pink noise so far below the word."""
SILENCE: Pcm = np.zeros(RATE, np.int16)
_ROOM_S = 10.0
"""After it the noise begins anew."""
_ROOMS = 5
_BEFORE_S, AFTER_S = 0.1, 0.4
"""Silence in the files."""
_END = 10 ** (-40 / 20)
"""Of the word's peak: quieter than that is silence. The coach trims its own clips so (`coach/audio/loudness.py`)."""

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
    """At 16 kHz."""
    ends: int
    """Sample after the word's last audible one."""
    moment: float
    """0 to 1: where in the time it may be said in."""
    noise: float = 0.0
    """Root mean square of the room's."""

    def rooms(self) -> Iterator[Pcm]:
        """Pink noise that loud, as much of it in every octave; one after the other."""
        for seed in range(_ROOMS):
            yield _pink(self.noise, [seed, *self.phrase.encode(), round(self.moment * 2**31)])


def vary(phrase: str, number: int) -> Utterance:
    """The `number`th way to say it; the same on every run."""
    voice = VOICES[number % len(VOICES)]
    # The phrase's letters are part of the seed: two phrases do not share their accidents.
    chance = np.random.default_rng([number, *phrase.encode()])
    clip = read_speech(rehearsing.VOICES / f"{voice}-{rehearsing.slug(phrase)}.flac", RATE)
    speed, gain = chance.uniform(1 - SPEED, 1 + SPEED), 10 ** (chance.uniform(-GAIN_DB, GAIN_DB) / 20)
    word = Resampler(round(RATE * speed), RATE).whole(clip).astype(np.float64) * gain
    # Blocks begin every 20 ms; the word does not know.
    word = np.concatenate([np.zeros(int(chance.integers(RATE // 50))), word])
    loud = np.flatnonzero(np.abs(word) > _END * np.abs(word).max())
    noise = float(np.sqrt(np.mean(word**2))) / 10 ** (NOISE_DB / 20)
    pcm = np.clip(np.rint(word), -32768, 32767).astype(np.int16)
    return Utterance(phrase, voice, pcm, int(loud[-1]) + 1, float(chance.uniform()), noise)


def plain(phrase: str) -> Utterance:
    """As recorded; for what only leads to the scene."""
    clip = read_speech(rehearsing.VOICES / f"{VOICES[0]}-{rehearsing.slug(phrase)}.flac", RATE)
    return Utterance(phrase, VOICES[0], clip, len(clip), 0.0)


def write(said: Utterance, path: Path) -> None:
    """As a WAV file for a player, with silence around it: a sink drops what is in its buffer when the player ends."""
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
    return np.rint(sound).astype(np.int16)
