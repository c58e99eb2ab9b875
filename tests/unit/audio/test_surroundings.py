"""How far the room's noise lies below the voice, in rooms whose noise is known."""

from __future__ import annotations

import numpy as np
import pytest

from coach.audio.room import LIFTER_LEVEL
from coach.audio.surroundings import Surroundings
from coach.ports import Pcm

RATE = 16_000
CHANCE = np.random.default_rng(5)


def noise(seconds: float, decibels: float) -> Pcm:
    """White noise, this many decibels below the usual lifter between 200 and 4000 Hz."""
    level = LIFTER_LEVEL * 10 ** (-decibels / 20) * np.sqrt(8000 / 3800)
    made: Pcm = np.rint(CHANCE.standard_normal(round(seconds * RATE)) * level).astype(np.int16)
    return made


def lifter(seconds: float, level: float = LIFTER_LEVEL) -> Pcm:
    t = np.arange(round(seconds * RATE)) / RATE
    made: Pcm = np.rint(np.sin(2 * np.pi * 700 * t) * level * np.sqrt(2)).astype(np.int16)
    return made


def test_nothing_is_known_before_a_second_was_heard() -> None:
    surroundings = Surroundings(RATE)
    surroundings.take(noise(0.95, 5))
    assert surroundings.snr == float("inf")


@pytest.mark.parametrize("snr", [0, 5, 10, 20])
def test_the_noise_against_a_usual_voice(snr: int) -> None:
    surroundings = Surroundings(RATE)
    for block in noise(5, snr).reshape(-1, 320):
        surroundings.take(block)
    assert surroundings.snr == pytest.approx(snr, abs=1)


def test_a_lifter_who_speaks_softly_is_near_the_noise() -> None:
    surroundings = Surroundings(RATE)
    for _ in range(12):
        quiet, said = noise(3, 20), lifter(1, LIFTER_LEVEL / 4)
        surroundings.take(np.concatenate([quiet, said + noise(1, 20)]))
        heard = surroundings._frames * 0.1
        surroundings.lifter_spoke(heard - 1, heard)
    assert surroundings.snr == pytest.approx(8, abs=1)


def test_talk_is_not_the_room() -> None:
    surroundings = Surroundings(RATE)
    surroundings.take(noise(4, 20))
    surroundings.take(lifter(3) + noise(3, 20))
    assert surroundings.snr == pytest.approx(20, abs=2)


def test_a_span_that_is_no_longer_known_changes_nothing() -> None:
    surroundings = Surroundings(RATE)
    surroundings.take(noise(20, 10))
    before = surroundings.snr
    surroundings.lifter_spoke(1, 2)
    surroundings.lifter_spoke(500, 501)
    assert surroundings.snr == before


def test_digital_silence_is_a_quiet_room() -> None:
    surroundings = Surroundings(RATE)
    surroundings.take(np.zeros(5 * RATE, np.int16))
    assert surroundings.snr > 40
