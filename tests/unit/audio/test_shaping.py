"""Shaping for a loud room: what it keeps, what it changes, and when it is chosen."""

from __future__ import annotations

import numpy as np
import pytest

from coach.audio.loudness import levelled, loudness
from coach.audio.onset import audible_onset
from coach.audio.shaping import STEPS, clip_for_room, shaped, step_for
from coach.ports import Clip, Pcm

RATE = 22050


def spoken(seed: int = 3) -> Pcm:
    """A hiss, then a loud vowel that falls off, then a soft vowel: levelled like the coach's lines."""
    t = np.arange(round(0.3 * RATE)) / RATE
    vowel = sum(np.sin(2 * np.pi * 120 * n * t) / n for n in range(1, 30))
    rise = np.minimum(1, t / 0.03) * np.exp(-4 * t)
    hiss = np.diff(np.random.default_rng(seed).standard_normal(round(0.08 * RATE) + 1)) * 0.03
    pause = np.zeros(round(0.15 * RATE))
    sound = np.concatenate([hiss, vowel * rise, pause, 0.1 * vowel * rise])
    return levelled(np.rint(sound / np.abs(sound).max() * 16000).astype(np.int16), RATE, -20)


def levels(pcm: Pcm) -> tuple[float, float]:
    """Levels of the loud and of the soft vowel, in decibels."""
    parts = pcm[round(0.1 * RATE) : round(0.2 * RATE)], pcm[round(0.55 * RATE) : round(0.65 * RATE)]
    first, second = (10 * float(np.log10(np.mean(part.astype(float) ** 2))) for part in parts)
    return first, second


def test_nothing_is_done_in_silence() -> None:
    line = spoken()
    assert shaped(line, RATE, 0) is line
    assert step_for(float("inf")) == step_for(40) == 0


@pytest.mark.parametrize("step", range(STEPS))
@pytest.mark.parametrize("rate", [16000, RATE, 48000])
def test_loudness_and_length_stay_and_nothing_clips(step: int, rate: int) -> None:
    line = spoken()
    louder = shaped(line, rate, step)
    assert louder.shape == line.shape
    assert louder.dtype == np.int16
    assert loudness(louder, rate) == pytest.approx(loudness(line, rate), abs=0.3)
    assert int(np.abs(louder.astype(np.int32)).max()) < 0.9 * 32768


@pytest.mark.parametrize("step", range(1, STEPS))
def test_each_step_brings_soft_sounds_nearer_to_loud_ones(step: int) -> None:
    before, now = levels(shaped(spoken(), RATE, step - 1)), levels(shaped(spoken(), RATE, step))
    assert now[0] - now[1] < before[0] - before[1] - 1


def test_the_same_line_has_the_same_samples() -> None:
    assert np.array_equal(shaped(spoken(), RATE, 3), shaped(spoken(), RATE, 3))


def test_silence_stays_silence() -> None:
    line = spoken()
    assert not shaped(np.zeros(4000, np.int16), RATE, 3).any()
    assert shaped(line[:0], RATE, 3).size == 0
    pause = slice(round(0.42 * RATE), round(0.5 * RATE))
    assert np.abs(shaped(line, RATE, 3)[pause]).max() <= 2


@pytest.mark.parametrize("step", range(STEPS))
def test_the_onset_is_that_of_the_shaped_sound_and_hardly_moves(step: int) -> None:
    line = spoken()
    plain = Clip(line, RATE, audible_onset(line, RATE))
    clip = clip_for_room(plain, step)
    assert clip.onset == audible_onset(clip.pcm, RATE)
    assert abs(clip.onset - plain.onset) <= 0.04 * RATE
    assert clip.length.total == plain.length.total


def test_another_syllable_is_not_taken_for_the_onset() -> None:
    """The first of two syllables is too soft to be the plain line's onset, but loud enough in the shaped line."""
    line = spoken()
    cut = round(0.53 * RATE)
    swapped = np.concatenate([3 * line[cut : cut + 4000], line[:cut]])
    plain = Clip(swapped, RATE, audible_onset(swapped, RATE))
    assert abs(audible_onset(shaped(swapped, RATE, 3), RATE) - plain.onset) > 0.1 * RATE
    assert clip_for_room(plain, 3).onset == plain.onset


def test_the_louder_the_room_the_more() -> None:
    steps = [step_for(snr) for snr in (30, 15, 10, 5, -10)]
    assert steps == [0, 1, 2, 3, 3]


def test_a_step_is_kept_while_the_noise_is_near_its_end() -> None:
    assert [step_for(snr, now=1) for snr in (19, 18.1, 15, 12, 11)] == [1, 1, 1, 1, 1]
    assert step_for(10, now=1) == 2
    assert step_for(20, now=1) == 0
    assert step_for(float("inf"), now=3) == 0
