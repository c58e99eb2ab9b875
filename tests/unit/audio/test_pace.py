"""A line at another speed: longer or shorter, at the same pitch and level, without clicks."""

from __future__ import annotations

import numpy as np
import pytest

from coach.audio.pace import paced
from coach.ports import Pcm

RATE = 22050


def tone(hertz: float, seconds: float) -> Pcm:
    sound: Pcm = np.rint(8000 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)).astype(np.int16)
    return sound


@pytest.mark.parametrize("percent", [70, 85, 115, 130])
@pytest.mark.parametrize("hertz", [80.0, 121.0, 233.0])
def test_length_changes_and_pitch_and_level_do_not(percent: int, hertz: float) -> None:
    sound = tone(hertz, 2.0)
    other = paced(sound, RATE, percent)
    assert len(other) == round(len(sound) * 100 / percent)
    spectrum = np.abs(np.fft.rfft(other))
    assert np.argmax(spectrum) * RATE / len(other) == pytest.approx(hertz, abs=0.6)
    middle = slice(RATE // 10, -RATE // 10)
    assert np.std(other[middle]) == pytest.approx(np.std(sound), rel=0.02)
    # A piece that is joined badly would make a step.
    assert np.abs(np.diff(other[middle].astype(int))).max() <= 1.2 * np.abs(np.diff(sound.astype(int))).max()


def test_the_usual_speed_is_the_line_itself() -> None:
    sound = tone(100.0, 0.5)
    assert paced(sound, RATE, 100) is sound
    assert paced(sound[:0], RATE, 70).size == 0


def test_the_first_sample_sounds_and_short_lines_live() -> None:
    for seconds in (0.004, 0.02, 0.1):
        assert len(paced(tone(200.0, seconds), RATE, 85)) == round(round(seconds * RATE) * 100 / 85)
    click = np.zeros(RATE, np.int16)
    click[:40] = 9000
    assert np.abs(paced(click, RATE, 85)[:200].astype(int)).max() > 8000
