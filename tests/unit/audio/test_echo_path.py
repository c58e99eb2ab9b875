"""The loudspeaker's echo is removed from the microphone's sound: how much, how soon, at what cost to the lifter."""

from __future__ import annotations

import numpy as np
import pytest

from coach.audio.echo_path import EchoPath
from coach.audio.mixer import Mixer
from coach.audio.reference import Reference
from coach.audio.room import COACH_LEVEL, LIFTER_LEVEL, SimulatedRoom
from coach.ports import Clip, Pcm
from coach.settings import Room
from tests.unit.audio.test_double_talk import syllables

RATE, COACH_RATE = 16_000, 22_050
BLOCK, COACH_BLOCK = 320, 441
SECONDS = 10
SOMEBODY = slice(8 * RATE, 9 * RATE)
"""When the lifter speaks, in samples of the microphone."""
NOBODY = np.zeros(SECONDS * RATE, np.int16)
COACH = syllables(COACH_RATE, SECONDS, COACH_LEVEL, seed=1)


def lifter() -> Pcm:
    sound = NOBODY.copy()
    sound[SOMEBODY] = syllables(RATE, 1.0, LIFTER_LEVEL, seed=9)
    return sound


def heard_in(room: Room, said: Pcm, coach: Pcm) -> Pcm:
    microphone = SimulatedRoom(room, None, RATE, COACH_RATE, BLOCK)
    blocks = zip(said.reshape(-1, BLOCK), coach.reshape(-1, COACH_BLOCK), strict=True)
    return np.concatenate([microphone.capture(near, far) for near, far in blocks])


def cleaned(heard: Pcm, coach: Pcm) -> Pcm:
    mixer = Mixer(COACH_RATE)
    mixer.place(1, Clip(coach, COACH_RATE, 0), 0)
    reference, path = Reference(mixer, RATE), EchoPath(BLOCK)
    # A reference needs samples half a millisecond ahead.
    mixer.mix(COACH_BLOCK)
    frames = []
    for number, frame in enumerate(heard.reshape(-1, BLOCK)):
        mixer.mix(COACH_BLOCK)
        frames.append(path.clean(frame, reference.take(number * BLOCK / RATE, BLOCK)))
    return np.concatenate(frames)


def decibels(one: Pcm, other: Pcm) -> float:
    return float(10 * np.log10(np.mean(one.astype(float) ** 2) / np.mean(other.astype(float) ** 2)))


@pytest.mark.parametrize("echo", [-10.0, 0.0])
def test_the_echo_is_learnt_in_seconds_and_never_made_louder(echo: float) -> None:
    heard = heard_in(Room(echo=echo, delay=150, reverb=0.4), NOBODY, COACH)
    left = cleaned(heard, COACH)
    removed = [decibels(heard[at : at + RATE], left[at : at + RATE]) for at in range(RATE, SECONDS * RATE, RATE)]
    assert min(removed) > 0
    assert removed[2] > 6
    assert removed[-1] > 15


def test_the_lifters_words_pass_as_they_are() -> None:
    room = Room(echo=0, delay=150, reverb=0.4)
    alone = heard_in(room, lifter(), np.zeros_like(COACH))[SOMEBODY]
    both = cleaned(heard_in(room, lifter(), COACH), COACH)[SOMEBODY]
    assert np.corrcoef(alone, both)[0, 1] > 0.97
    assert decibels(both, alone) == pytest.approx(0, abs=0.5)


def test_a_silent_loudspeaker_changes_nothing() -> None:
    silence = np.zeros_like(COACH)
    heard = heard_in(Room(echo=0, reverb=0.4), lifter(), silence)
    assert np.array_equal(cleaned(heard, silence), heard)
