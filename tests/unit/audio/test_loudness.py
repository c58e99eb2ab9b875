"""Trimming and levelling of sounds whose loudness is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from coach.audio.loudness import levelled, loudness, trim
from coach.ports import Pcm

RATE = 22050


def tone(seconds: float, hertz: float = 997.0, peak: float = 1.0) -> Pcm:
    t = np.arange(round(seconds * RATE)) / RATE
    return np.rint(np.sin(2 * np.pi * hertz * t) * peak * 32767).astype(np.int16)


def silence(seconds: float) -> Pcm:
    return np.zeros(round(seconds * RATE), np.int16)


@pytest.mark.parametrize("seconds", [0.15, 0.5, 3.0])
def test_the_standards_reference_tone(seconds: float) -> None:
    """BS.1770-4: 997 Hz at full scale in one channel reads -3.01."""
    assert loudness(tone(seconds), RATE) == pytest.approx(-3.01, abs=0.1)


def test_the_ear_hears_treble_louder_and_rumble_softer() -> None:
    assert loudness(tone(1, 4000), RATE) == pytest.approx(-3.01 + 3.3, abs=0.4)
    assert loudness(tone(1, 40), RATE) < -7


def test_pauses_do_not_make_a_line_softer() -> None:
    line = np.concatenate([tone(0.5, peak=0.2), silence(1.0), tone(0.5, peak=0.2)])
    assert loudness(line, RATE) == pytest.approx(loudness(tone(0.5, peak=0.2), RATE), abs=0.7)


def test_a_click_shorter_than_a_block_has_a_loudness() -> None:
    assert math.isfinite(loudness(tone(0.01), RATE))


@pytest.mark.parametrize("target", [-30.0, -20.0, -12.0])
@pytest.mark.parametrize("peak", [0.01, 0.3, 1.0])
def test_levelled_lines_are_alike(target: float, peak: float) -> None:
    assert loudness(levelled(tone(0.4, peak=peak), RATE, target), RATE) == pytest.approx(target, abs=0.1)


def test_peaks_bend_and_do_not_clip() -> None:
    """A line with one peak far above the rest: its peak stays under the ceiling, and no two samples get the
    same value.
    """
    spiky = tone(1.0, peak=0.1)
    spiky[10000:10005] = [9000, 11000, 13000, 15000, 17000]
    loud = levelled(spiky, RATE, -16)
    assert np.abs(loud.astype(int)).max() <= round(32768 * 10 ** (-1 / 20))
    assert np.all(np.diff(loud[10000:10005]) > 0)


def test_silence_stays_silent() -> None:
    assert loudness(silence(0.3), RATE) == -math.inf
    assert not levelled(silence(0.3), RATE, -20).any()
    assert trim(silence(0.3), RATE).size == 0
    assert trim(silence(0), RATE).size == 0


def test_trim_leaves_the_sound_and_a_few_milliseconds() -> None:
    trimmed = trim(np.concatenate([silence(0.2), tone(0.3, peak=0.5), silence(0.4)]), RATE)
    assert trimmed.size / RATE == pytest.approx(0.306, abs=0.001)


def test_trimmed_ends_do_not_click() -> None:
    """Even if the sound is cut off in mid-swing, its ends fade in from zero and out to zero."""
    cut = tone(0.3, hertz=100.0, peak=0.9)[55:-55]
    trimmed = trim(cut, RATE).astype(int)
    assert trimmed[0] == 0
    assert trimmed[-1] == 0
    assert np.abs(np.diff(trimmed[:66])).max() < 1200
    assert np.abs(np.diff(trimmed[-66:])).max() < 1200


def test_a_soft_beginning_is_not_trimmed_away() -> None:
    line = np.concatenate([tone(0.1, 5000, 0.02), tone(0.2, peak=1.0)])
    assert trim(line, RATE).size == pytest.approx(line.size, abs=10)


def test_what_comes_in_is_not_changed() -> None:
    line = np.concatenate([silence(0.1), tone(0.2, peak=0.5)])
    before = line.copy()
    levelled(trim(line, RATE), RATE, -20)
    assert np.array_equal(line, before)
