"""The audible onset of sounds whose attack is known."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from coach.audio.onset import audible_onset
from coach.ports import Pcm

RATE = 22050
WITHIN = round(0.005 * RATE)

Signal = npt.NDArray[np.float64]


def vowel(seconds: float, pitch: float = 110.0) -> Signal:
    """Harmonics of a voice, strongest near 600 Hz, that start at once."""
    t = np.arange(round(seconds * RATE)) / RATE
    harmonics = np.arange(1, 30)
    weights = np.exp(-(((harmonics * pitch - 600) / 500) ** 2))
    sound: Signal = (np.sin(2 * np.pi * pitch * harmonics[:, None] * t) * weights[:, None]).sum(axis=0)
    sound /= np.abs(sound).max()
    return sound


def hiss(seconds: float, low: float) -> Signal:
    """Noise above `low` hertz, peak 1."""
    noise = np.fft.rfft(np.random.default_rng(7).standard_normal(round(seconds * RATE)))
    noise[np.fft.rfftfreq(round(seconds * RATE), 1 / RATE) < low] = 0
    sound: Signal = np.fft.irfft(noise, round(seconds * RATE))
    sound /= np.abs(sound).max()
    return sound


def silence(seconds: float) -> Signal:
    return np.zeros(round(seconds * RATE))


def pcm(*parts: Signal, peak: float = 0.5) -> Pcm:
    return np.rint(np.concatenate(parts) * peak * 32767).astype(np.int16)


@pytest.mark.parametrize("before", [0.0, 0.003, 0.1, 0.7])
@pytest.mark.parametrize("pitch", [85.0, 110.0, 200.0])
def test_a_sudden_vowel_is_heard_where_it_starts(before: float, pitch: float) -> None:
    assert audible_onset(pcm(silence(before), vowel(0.3, pitch)), RATE) == pytest.approx(before * RATE, abs=WITHIN)


@pytest.mark.parametrize("rise", [0.01, 0.03, 0.06, 0.1])
def test_a_ramp_is_heard_at_its_middle(rise: float) -> None:
    sound = vowel(0.4)
    n = round(rise * RATE)
    sound[:n] *= np.linspace(0, 1, n)
    assert audible_onset(pcm(silence(0.1), sound), RATE) == pytest.approx((0.1 + rise / 2) * RATE, abs=WITHIN)


@pytest.mark.parametrize(
    "lead",
    [
        pytest.param(hiss(0.08, 3500) * 0.4, id="f: long and soft"),
        pytest.param(hiss(0.12, 3500) * 1.0, id="s: as loud as the vowel"),
        pytest.param(hiss(0.05, 0) * 0.25, id="h: breath in every band"),
        pytest.param(np.concatenate([hiss(0.01, 0) * 0.6, silence(0.04)]), id="t: a burst, then nothing"),
    ],
)
def test_the_consonant_before_the_vowel_is_not_the_beat(lead: Signal) -> None:
    expected = 0.05 * RATE + lead.size
    assert audible_onset(pcm(silence(0.05), lead, vowel(0.25)), RATE) == pytest.approx(expected, abs=WITHIN)


def test_the_first_of_two_syllables_carries_the_beat() -> None:
    sound = pcm(vowel(0.12) * 0.7, silence(0.04), vowel(0.2))
    assert audible_onset(sound, RATE) <= WITHIN


def test_what_comes_later_in_a_sentence_does_not_move_the_onset() -> None:
    opening = [hiss(0.05, 3500) * 0.3, vowel(0.2) * 0.3, silence(0.3)]
    assert audible_onset(pcm(*opening, vowel(0.3)), RATE) == pytest.approx(0.05 * RATE, abs=WITHIN)


def test_level_does_not_matter_and_silence_before_only_shifts() -> None:
    sound = [hiss(0.07, 2500) * 0.3, vowel(0.2)]
    onset = audible_onset(pcm(*sound), RATE)
    assert audible_onset(pcm(*sound, peak=0.02), RATE) == pytest.approx(onset, abs=2)
    assert audible_onset(pcm(silence(0.2), *sound), RATE) == pytest.approx(onset + 0.2 * RATE, abs=2)


@pytest.mark.parametrize("samples", [0, 1, 5000])
def test_silence_has_its_onset_at_the_start(samples: int) -> None:
    assert audible_onset(np.zeros(samples, np.int16), RATE) == 0


@pytest.mark.parametrize("rate", [8000, 16000, 44100, 48000])
def test_any_rate_will_do(rate: int) -> None:
    t = np.arange(rate // 4) / rate
    sound = pcm(np.zeros(rate // 10), np.sin(2 * np.pi * 600 * t))
    assert audible_onset(sound, rate) == pytest.approx(rate / 10, abs=0.005 * rate)
