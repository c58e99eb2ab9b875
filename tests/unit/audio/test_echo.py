"""A word that the loudspeaker played is found in the microphone's sound."""

from __future__ import annotations

import numpy as np
import pytest

from coach.audio.echo import find_echo
from coach.ports import Pcm

RATE = 16000


def noise(seconds: float, decibels: float, seed: int = 1) -> Pcm:
    level = 32768 * 10 ** (decibels / 20)
    wave = np.random.default_rng(seed).normal(0, level, round(seconds * RATE))
    return np.clip(np.rint(wave), -32768, 32767).astype(np.int16)


@pytest.mark.parametrize("echo", [-10.0, -30.0, -45.0])
def test_a_word_is_found_where_it_came_back_and_how_loud(echo: float) -> None:
    word = noise(0.4, -20, seed=7)
    heard = noise(3, -50, seed=8)
    heard[12345 : 12345 + len(word)] += np.rint(word * 10 ** ((echo + 20) / 20)).astype(np.int16)
    back = find_echo(heard, word, RATE)
    assert back is not None
    assert back.first_sample == 12345
    assert back.dbfs == pytest.approx(echo, abs=1)


def test_a_word_that_did_not_come_back_is_not_found() -> None:
    word = noise(0.4, -20, seed=7)
    assert all(find_echo(noise(3, -50, seed=seed), word, RATE) is None for seed in range(20, 40))
    assert find_echo(np.zeros(3 * RATE, np.int16), word, RATE) is None
