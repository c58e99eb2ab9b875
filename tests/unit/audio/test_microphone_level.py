"""What two quiet seconds reveal about a microphone."""

from __future__ import annotations

import numpy as np
import pytest

from coach.audio.microphone_level import MicrophoneLevel
from coach.ports import Pcm

RATE = 16000


def noise(seconds: float, decibels: float, seed: int = 1) -> Pcm:
    level = 32768 * 10 ** (decibels / 20)
    wave = np.random.default_rng(seed).normal(0, level, round(seconds * RATE))
    return np.clip(np.rint(wave), -32768, 32767).astype(np.int16)


def hum(hertz: float, decibels: float) -> Pcm:
    wave = np.sin(np.arange(2 * RATE) * 2 * np.pi * hertz / RATE) * 32768 * 10 ** ((decibels + 3) / 20)
    return np.rint(wave).astype(np.int16)


@pytest.mark.parametrize(
    ("pcm", "told"),
    [
        (noise(2, -60), []),
        (noise(2, -90), ["the microphone is very soft (-90"]),
        (noise(2, -25), ["the microphone's noise is loud (-25 dBFS): turn"]),
        (noise(2, -3), ["the microphone clips", "the microphone's noise is loud"]),
        (noise(2, -60) + hum(50, -45), ["the microphone hums at 50 Hz"]),
        (noise(2, -60) + hum(180, -45), ["the microphone hums at 60 Hz"]),
        (noise(2, -50) + hum(50, -65), []),
        (np.zeros(2 * RATE, np.int16), []),
    ],
)
def test_what_a_quiet_moment_tells_of_a_microphone(pcm: Pcm, told: list[str]) -> None:
    advice = MicrophoneLevel.of(pcm, RATE).advice()
    assert len(advice) == len(told), advice
    assert all(one.startswith(begin) for one, begin in zip(advice, told, strict=True)), advice


def test_the_noise_is_that_of_the_pauses() -> None:
    talk = noise(2, -60)
    talk[: RATE // 2] += noise(0.5, -20, seed=2)
    level = MicrophoneLevel.of(talk, RATE)
    assert level.noise_dbfs == pytest.approx(-60, abs=2)
    assert level.peak_dbfs > -12
