"""The room's response: its energy, its decay, and its convolution in blocks."""

from __future__ import annotations

import numpy as np
import pytest

from coach.audio.reverberation import Convolver, response

RATE, COACH_RATE = 16_000, 22_050
BLOCK, COACH_BLOCK = 320, 441


def test_a_stream_is_convolved_as_a_whole() -> None:
    chance = np.random.default_rng(3)
    heard = response(0.05, RATE, chance)
    sound = chance.standard_normal(10 * BLOCK)
    convolver = Convolver(heard, BLOCK)
    blocks = np.concatenate([convolver.convolve(block) for block in sound.reshape(-1, BLOCK)])
    assert np.allclose(blocks, np.convolve(sound, heard)[: len(sound)])
    with pytest.raises(ValueError, match="give 320"):
        convolver.convolve(sound)


@pytest.mark.parametrize("reverb_s", [0.2, 0.4, 1.5])
def test_a_room_keeps_the_energy_and_fades_by_60_db(reverb_s: float) -> None:
    heard = response(reverb_s, RATE, np.random.default_rng(1))
    assert np.sum(heard**2) == pytest.approx(1.0)
    assert heard[0] == np.abs(heard).max(), "the direct sound comes first and is the strongest"
    tail = heard[RATE // 20 :] ** 2
    fifth = len(tail) // 5
    fall = 10 * np.log10(np.mean(tail[:fifth]) / np.mean(tail[-fifth:]))
    assert fall == pytest.approx(60 * 4 * fifth / RATE / reverb_s, rel=0.1)
