"""Small sounds and the inaudible hiss, as samples."""

from __future__ import annotations

import numpy as np
import pytest

from coach.audio.chimes import LISTENING_TONES, UNDERSTOOD_TONES, chime, hiss
from coach.audio.loudness import loudness
from coach.ports import Pcm

RATE = 22050


@pytest.mark.parametrize("tones", [LISTENING_TONES, UNDERSTOOD_TONES])
def test_sounds_are_soft_short_and_do_not_click(tones: tuple[tuple[float, float], ...]) -> None:
    clip = chime(tones, RATE)
    assert loudness(clip.pcm, RATE) == pytest.approx(-30, abs=0.2)
    assert clip.length.total <= 0.2
    assert np.abs(clip.pcm[[0, -1]]).max() < 10
    assert clip.pcm.tolist() == chime(tones, RATE).pcm.tolist()


@pytest.mark.parametrize("decibels", [-80.0, -60.0])
def test_the_hiss_is_as_loud_as_told(decibels: float) -> None:
    noise: Pcm = hiss(decibels, RATE)
    assert 10 * np.log10(np.mean(noise.astype(float) ** 2) / 32768**2) == pytest.approx(decibels, abs=0.2)
    # No block of the hiss is digital silence.
    assert all(block.any() for block in np.split(noise, RATE // 50))
