"""Steady noise is held down, speech and quiet rooms are left alone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from coach.audio.denoiser import Denoiser
from coach.ports import Pcm

Samples = npt.NDArray[np.float64]

HOP = 160
FRAME = 320
LATE = 2 * HOP


def noise(level: float, seconds: float, seed: int = 1) -> Samples:
    samples = round(seconds * 16_000) // FRAME * FRAME
    return np.random.default_rng(seed).standard_normal(samples) * level


def tone(level: float, seconds: float) -> Samples:
    samples = round(seconds * 16_000) // FRAME * FRAME
    wave: Samples = np.sin(2 * np.pi * 500 / 16_000 * np.arange(samples)) * level * np.sqrt(2)
    return wave


def pcm(samples: Samples) -> Pcm:
    return samples.clip(-32768, 32767).astype(np.int16)


def cleaned(denoiser: Denoiser, sound: Pcm) -> Samples:
    denoiser.begin()
    return np.concatenate([denoiser.clean(frame) for frame in sound.reshape(-1, FRAME)]).astype(np.float64)


def taught(level: float) -> Denoiser:
    denoiser = Denoiser(HOP)
    for frame in pcm(noise(level, 1.0)).reshape(-1, FRAME):
        denoiser.learn(frame)
    return denoiser


def rms(samples: Samples) -> float:
    return float(np.sqrt(np.mean(samples**2)))


def test_without_noise_learnt_nothing_changes() -> None:
    sound = pcm(tone(3000, 0.5) + noise(500, 0.5))
    assert np.array_equal(cleaned(Denoiser(HOP), sound), sound)


def test_noise_is_held_down_by_ten_decibels_or_more() -> None:
    out = cleaned(taught(800), pcm(noise(800, 1.0, seed=2)))
    assert rms(out[8000:]) < 800 / 10 ** (10 / 20)


def test_a_tone_in_noise_keeps_its_level_and_its_place() -> None:
    clean = tone(3000, 1.0)
    out = cleaned(taught(300), pcm(clean + noise(300, 1.0, seed=2)))
    late = clean[8000 - LATE : -LATE]
    assert abs(rms(out[8000:]) / 3000 - 1) < 0.05
    assert np.corrcoef(out[8000:], late)[0, 1] > 0.99


def test_a_quiet_room_is_left_as_it_is() -> None:
    sound = pcm(noise(16, 1.0, seed=2))
    out = cleaned(taught(16), sound)
    assert np.max(np.abs(out[LATE + FRAME :] - sound[FRAME:-LATE])) <= 1.0


def test_the_same_stretch_gives_the_same_answer_again() -> None:
    denoiser = taught(500)
    sound = pcm(tone(2000, 0.5) + noise(500, 0.5, seed=3))
    assert np.array_equal(cleaned(denoiser, sound), cleaned(denoiser, sound))


def test_what_comes_just_before_speech_is_not_learnt() -> None:
    """A weak onset is noticed late."""
    denoiser = taught(300)
    other = taught(300)
    for frame in pcm(tone(3000, 0.2)).reshape(-1, FRAME):
        denoiser.learn(frame)
    sound = pcm(tone(3000, 0.5) + noise(300, 0.5, seed=3))
    assert rms(cleaned(denoiser, sound)) == pytest.approx(rms(cleaned(other, sound)), rel=0.02)
