"""The mix at the microphone's rate and on its clock."""

from __future__ import annotations

import numpy as np
import pytest

from coach.audio.mixer import Mixer
from coach.audio.reference import Reference
from coach.ports import Clip, Pcm

RATE, COACH_RATE = 16_000, 22_050
BLOCK, COACH_BLOCK = 320, 441
SECONDS = 10


def decibels(one: Pcm, other: Pcm) -> float:
    return float(10 * np.log10(np.mean(one.astype(float) ** 2) / np.mean(other.astype(float) ** 2)))


def test_the_reference_is_the_mix_at_the_microphones_rate() -> None:
    seconds = np.arange(SECONDS * COACH_RATE) / COACH_RATE
    mixer = Mixer(COACH_RATE)
    mixer.place(1, Clip(np.rint(8000 * np.sin(2 * np.pi * 3000 * seconds)).astype(np.int16), COACH_RATE, 0), 0)
    mixer.mix(COACH_RATE)
    reference = Reference(mixer, RATE)
    # A quarter of a sample late on the mixer's clock.
    late = 0.25 / COACH_RATE
    taken = np.concatenate([reference.take(0.1 + late + frame * 0.02, BLOCK) for frame in range(40)])
    wanted = 8000 * np.sin(2 * np.pi * 3000 * (0.1 + late + np.arange(len(taken)) / RATE))
    assert decibels(wanted.astype(np.int16), (taken - wanted).astype(np.int16)) > 45


def test_a_corrected_clock_moves_the_reference_slowly_and_a_gap_at_once() -> None:
    mixer = Mixer(COACH_RATE)
    ramp = np.arange(2 * COACH_RATE, dtype=np.int64) * 30_000 // (2 * COACH_RATE)
    mixer.place(1, Clip(ramp.astype(np.int16), COACH_RATE, 0), 0)
    mixer.mix(2 * COACH_RATE)

    def place(sound: Pcm) -> float:
        """Position on the ramp, in seconds, of the sound's first sample."""
        return float(sound[0]) / 15_000

    reference = Reference(mixer, RATE)
    assert place(reference.take(0.5, BLOCK)) == pytest.approx(0.5, abs=0.0002)
    moved = [place(reference.take(0.52 + 0.02 * frame + 0.005, BLOCK)) - 0.52 - 0.02 * frame for frame in range(60)]
    assert moved[0] < 0.0005
    assert moved[-1] > 0.003
    assert max(np.diff(moved)) < 0.0005
    assert place(reference.take(0.3, BLOCK)) == pytest.approx(0.3, abs=0.0002)
