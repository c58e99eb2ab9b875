"""The simulated room: its levels and times are as stated, and the same every time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from coach.audio.noises import Sound, babble, looped, music, pink, white
from coach.audio.pcm import Signal
from coach.audio.room import COACH_LEVEL, LIFTER_LEVEL, SimulatedRoom, as_spoken
from coach.ports import Pcm
from coach.settings import Room

RATE, COACH_RATE = 16_000, 22_050
BLOCK, COACH_BLOCK = 320, 441

SENTENCES = [np.random.default_rng(seed).integers(-3000, 3000, 20_000, np.int16) for seed in range(3)]
NOISES: dict[str, Callable[[], Sound]] = {
    "white": lambda: white(np.random.default_rng(1), RATE),
    "pink": lambda: pink(np.random.default_rng(1), RATE),
    "babble": lambda: babble(np.random.default_rng(1), RATE, SENTENCES),
    "music": lambda: music(np.random.default_rng(1), RATE),
    "file": lambda: looped(SENTENCES[0]),
}


def level(signal: Signal | Pcm) -> float:
    return float(np.sqrt(np.mean(signal.astype(np.float64) ** 2)))


def capture(room: Room, lifter: Pcm, coach: Pcm, noise: Sound | None = None) -> Pcm:
    """What the microphone takes in the room, block by block."""
    microphone = SimulatedRoom(room, noise, RATE, COACH_RATE, BLOCK)
    blocks = zip(lifter.reshape(-1, BLOCK), coach.reshape(-1, COACH_BLOCK), strict=True)
    return np.concatenate([microphone.capture(said, played) for said, played in blocks])


def test_every_line_is_made_as_loud_as_the_next() -> None:
    chance = np.random.default_rng(1)
    for gain in (30, 3000):
        said = np.concatenate([np.zeros(900), gain * chance.standard_normal(9000), np.zeros(90)]).astype(np.int16)
        assert level(as_spoken(said)[900:9900]) == pytest.approx(LIFTER_LEVEL, rel=0.01)
    assert not as_spoken(np.zeros(5, np.int16)).any()
    assert len(as_spoken(np.zeros(0, np.int16))) == 0


@pytest.mark.parametrize("reverb", [0.0, 0.3])
def test_noise_and_echo_are_as_far_below_the_lifter_as_promised(reverb: float) -> None:
    chance = np.random.default_rng(2)
    coach = (COACH_LEVEL * chance.standard_normal(200 * COACH_BLOCK)).astype(np.int16)
    # Noise from the loudspeaker at twice the microphone's rate: what lies above the microphone's band is lost.
    coach = np.rint(np.fft.irfft(np.fft.rfft(coach)[: len(coach) // 4], len(coach))).astype(np.int16)
    coach = np.rint(coach * (COACH_LEVEL / level(coach))).astype(np.int16)
    silence = np.zeros(200 * BLOCK, np.int16)
    echo = capture(Room(echo=-10, reverb=reverb), silence, coach)
    assert 20 * np.log10(level(echo[RATE:]) / LIFTER_LEVEL) == pytest.approx(-10, abs=0.3)
    noisy = capture(Room(snr=5, reverb=reverb), silence, coach, NOISES["pink"]())
    assert 20 * np.log10(level(noisy) / LIFTER_LEVEL) == pytest.approx(-5, abs=0.6)
    assert level(capture(Room(reverb=reverb), silence, coach)) == pytest.approx(16, rel=0.05), "headphones"


@pytest.mark.parametrize("delay", [50, 120, 333.0])
def test_the_coach_arrives_when_it_must(delay: float) -> None:
    coach = np.zeros(60 * COACH_BLOCK, np.int16)
    coach[COACH_RATE // 10] = 30_000
    heard = capture(Room(echo=0, delay=delay), np.zeros(60 * BLOCK, np.int16), coach)
    assert int(np.argmax(np.abs(heard.astype(int)))) == round((0.1 + delay / 1000) * RATE)


def test_the_same_seed_gives_the_same_room_and_another_another() -> None:
    said = np.concatenate([SENTENCES[0], np.zeros(480, np.int16)])
    played = np.zeros(len(said) // BLOCK * COACH_BLOCK, np.int16)
    once, again, other = (capture(Room(reverb=0.2, seed=seed), said, played) for seed in (1, 1, 2))
    assert np.array_equal(once, again)
    assert not np.array_equal(once, other)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"snr": 61.0}, "snr 61: give -20 to 60"),
        ({"echo": float("nan")}, "echo nan: give -60 to 20"),
        ({"delay": 20.0}, "delay 20: give 50 to 1000"),
        ({"reverb": -1.0}, "reverb -1: give 0 to 3"),
        ({"seed": -1.0}, "seed -1: give 0 to 999999"),
    ],
)
def test_a_room_out_of_bounds_is_refused(changes: dict[str, float], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Room(**changes)  # type: ignore[arg-type]
