"""The lifter speaks over the coach's voice: told apart by level, heard the same from any blocks, ducked in time."""

from __future__ import annotations

import numpy as np
import pytest

from coach.audio.double_talk import FRAME_S, DoubleTalk
from coach.audio.mixer import Mixer
from coach.audio.own_voice import OwnVoice
from coach.audio.room import COACH_LEVEL, LIFTER_LEVEL, SimulatedRoom
from coach.ports import Clip, Pcm
from coach.settings import Room

RATE, COACH_RATE = 16_000, 22_050
BLOCK, COACH_BLOCK = 320, 441
SECONDS = 6
SOMEBODY = (4.0, 4.5)
"""Seconds between which the lifter speaks."""


def syllables(rate: int, seconds: float, level: float, seed: int) -> Pcm:
    """Bursts of changing spectrum, four a second, as loud as speech."""
    chance = np.random.default_rng(seed)
    pieces = []
    for _ in range(round(seconds * 4)):
        noise = np.fft.rfft(chance.standard_normal(rate // 4))
        hertz = np.fft.rfftfreq(rate // 4, 1 / rate)
        centre = chance.uniform(300, 3000)
        sound = np.fft.irfft(noise * np.exp(-(((hertz - centre) / centre) ** 2)), rate // 4)
        pieces.append(sound / np.sqrt(np.mean(sound**2)) * np.hanning(rate // 4))
    sound = np.concatenate([*pieces, np.zeros(rate)])[: round(seconds * rate)]
    return np.rint(sound * level).astype(np.int16)


def heard_in(room: Room, coach: Pcm) -> Pcm:
    """What the microphone takes in a room where the coach speaks, and the lifter for half a second."""
    lifter = np.zeros(SECONDS * RATE, np.int16)
    lifter[round(SOMEBODY[0] * RATE) : round(SOMEBODY[1] * RATE)] = syllables(RATE, 0.5, LIFTER_LEVEL, seed=9)
    microphone = SimulatedRoom(room, None, RATE, COACH_RATE, BLOCK)
    return np.concatenate(
        [
            microphone.capture(said, played)
            for said, played in zip(lifter.reshape(-1, BLOCK), coach.reshape(-1, COACH_BLOCK), strict=True)
        ]
    )


COACH = syllables(COACH_RATE, SECONDS, COACH_LEVEL, seed=1)


@pytest.mark.parametrize("echo", [-20.0, -10.0, 0.0])
def test_somebody_is_heard_over_the_coach_and_the_coach_alone_is_nobody(echo: float) -> None:
    sound = heard_in(Room(echo=echo, delay=150, reverb=0.4), COACH)
    double_talk = DoubleTalk(RATE, COACH_RATE)
    for said, played in zip(sound.reshape(-1, BLOCK), COACH.reshape(-1, COACH_BLOCK), strict=True):
        double_talk.hear(said, played)
    assert double_talk.heard_others(*SOMEBODY)
    assert not double_talk.heard_others(0.0, SOMEBODY[0])
    assert not double_talk.heard_others(SOMEBODY[1] + 0.4, SECONDS)
    assert not double_talk.others_mid_phrase


def test_in_headphones_whoever_is_heard_is_somebody() -> None:
    sound = heard_in(Room(), COACH)
    double_talk = DoubleTalk(RATE, COACH_RATE)
    for said, played in zip(sound.reshape(-1, BLOCK), COACH.reshape(-1, COACH_BLOCK), strict=True):
        double_talk.hear(said, played)
    assert double_talk.heard_others(*SOMEBODY)
    assert not double_talk.heard_others(0.0, SOMEBODY[0])


@pytest.mark.parametrize("block", [BLOCK, 777])
def test_while_somebody_speaks_the_coach_is_12_db_softer_and_the_recogniser_hears(block: int) -> None:
    mixer = Mixer(COACH_RATE)
    mixer.place(1, Clip(COACH, COACH_RATE, 0), 0)
    own, microphone = OwnVoice(mixer, RATE), SimulatedRoom(Room(echo=-10), None, RATE, COACH_RATE, BLOCK)
    lifter = np.zeros(SECONDS * RATE, np.int16)
    lifter[round(SOMEBODY[0] * RATE) : round(SOMEBODY[1] * RATE)] = syllables(RATE, 0.5, LIFTER_LEVEL, seed=9)
    played: list[Pcm] = []
    passed: list[Pcm] = []
    waiting, given = np.zeros(0, np.int16), 0
    for said in lifter.reshape(-1, BLOCK):
        played.append(mixer.mix(COACH_BLOCK))
        waiting = np.concatenate([waiting, microphone.capture(said, played[-1])])
        while len(waiting) >= block:
            given += block
            passed.append(own.hear(waiting[:block], given / RATE))
            waiting = waiting[block:]
    sound = np.concatenate(played)
    assert len(sound) == len(COACH)

    def share(first: float, last: float) -> float:
        span = slice(round(first * COACH_RATE), round(last * COACH_RATE))
        return float(np.abs(sound[span].astype(float)).sum() / np.abs(COACH[span].astype(float)).sum())

    assert share(0.0, SOMEBODY[0]) == pytest.approx(1.0, abs=0.001), "alone it is not lowered"
    assert share(SOMEBODY[0] + 0.3, SOMEBODY[1]) == pytest.approx(0.25, abs=0.01)
    assert share(SOMEBODY[1] + 0.6, SECONDS) == pytest.approx(1.0, abs=0.001)
    gated = np.concatenate(passed)

    def level(first: float, last: float) -> float:
        return float(np.sqrt(np.mean(gated[round(first * RATE) : round(last * RATE)].astype(float) ** 2)))

    assert level(0.5, SOMEBODY[0]) < 60, "the coach alone: as loud as the room"
    words = slice(round(SOMEBODY[0] * RATE), round(SOMEBODY[1] * RATE))
    assert np.corrcoef(gated[words].astype(float), lifter[words].astype(float))[0, 1] > 0.6, "somebody's words pass"
    assert level(SOMEBODY[1] + 0.6, SECONDS - 0.1) < 60


def test_a_frame_is_a_fiftieth_of_a_second() -> None:
    assert round(FRAME_S * RATE) == BLOCK
    assert round(FRAME_S * COACH_RATE) == COACH_BLOCK
