"""Noises: their level, their spectrum, and the same every time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from coach.audio.noises import Sound, Tap, babble, looped, music, pink, white
from coach.audio.pcm import Signal
from coach.ports import Pcm

RATE, COACH_RATE = 16_000, 22_050

SENTENCES = [np.random.default_rng(seed).integers(-3000, 3000, 20_000, np.int16) for seed in range(3)]
NOISES: dict[str, Callable[[], Sound]] = {
    "white": lambda: white(np.random.default_rng(1), RATE),
    "pink": lambda: pink(np.random.default_rng(1), RATE),
    "babble": lambda: babble(np.random.default_rng(1), RATE, SENTENCES),
    "music": lambda: music(np.random.default_rng(1), RATE),
    "file": lambda: looped(SENTENCES[0]),
}


def level(signal: Signal | Pcm) -> float:
    return float(np.sqrt(np.mean(signal.astype(np.float64) ** 2)))


@pytest.mark.parametrize("kind", NOISES)
def test_a_noise_is_at_a_level_of_one_and_the_same_every_time(kind: str) -> None:
    whole = Tap(NOISES[kind]()).take(10 * RATE)
    assert level(whole) == pytest.approx(1.0, rel=0.12)
    tap = Tap(NOISES[kind]())
    assert np.array_equal(np.concatenate([tap.take(n) for n in (1, 319, 5000, 20_000)]), whole[:25_320])


def test_pink_noise_has_as_much_in_every_octave() -> None:
    sound = Tap(NOISES["pink"]()).take(20 * RATE)
    power, hertz = np.abs(np.fft.rfft(sound)) ** 2, np.fft.rfftfreq(len(sound), 1 / RATE)
    octaves = [float(power[(hertz >= low) & (hertz < 2 * low)].sum()) for low in (125, 500, 2000, 4000)]
    assert max(octaves) / min(octaves) < 1.1


def test_a_silent_recording_is_silence() -> None:
    assert not Tap(looped(np.zeros(10, np.int16))).take(25).any()
