"""A microphone that gives samples, and whether it hears."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pytest

from coach.audio.microphone_check import DEAD_S, MicrophoneCheck, MicrophoneState
from coach.events import MicrophoneSilent
from coach.ports import Pcm
from lab.rigs.talk import PACK, Talk, plan_of

RATE, BLOCK = 16000, 320
Heard = list[tuple[float, MicrophoneState]]
"""Each change of the judgement, and when."""


def zeros(seconds: float) -> Pcm:
    return np.zeros(round(seconds * RATE), np.int16)


def noise(seconds: float, decibels: float = -60.0, seed: int = 1) -> Pcm:
    level = 32768 * 10 ** (decibels / 20)
    return np.rint(np.random.default_rng(seed).normal(0, level, round(seconds * RATE))).astype(np.int16)


def words(seconds: float, decibels: float = -25.0) -> Pcm:
    """Syllables: a fifth of a second of sound, a tenth of nothing."""
    pcm = noise(seconds, decibels, seed=2)
    pcm[(np.arange(len(pcm)) / RATE) % 0.3 > 0.2] = 0
    return pcm


def judged(parts: Iterable[tuple[Pcm, bool]]) -> Heard:
    silence, found = MicrophoneCheck(RATE), [(0.0, MicrophoneState.HEARS)]
    blocks: Iterator[tuple[Pcm, bool]] = (
        (pcm[at : at + BLOCK], own) for pcm, own in parts for at in range(0, len(pcm), BLOCK)
    )
    for number, (block, own) in enumerate(blocks):
        hears = silence.take(block, own)
        if hears is not found[-1][1]:
            found.append((round(number * BLOCK / RATE, 1), hears))
    return found[1:]


def alone(*parts: Pcm) -> Heard:
    """In headphones."""
    return judged((part, False) for part in parts)


def test_zeros_between_words_prove_nothing() -> None:
    gated = [part for _ in range(6) for part in (words(4.0), zeros(20.0))]
    assert alone(*gated) == []


def test_a_gate_that_music_held_open_is_no_dead_microphone() -> None:
    assert alone(noise(50.0, -20.0), words(3.0, -5.0), zeros(20.0)) == []


@pytest.mark.parametrize("decibels", [-75.0, -60.0, -45.0])
def test_a_room_that_becomes_zeros_is_a_dead_microphone_until_it_is_a_room_again(decibels: float) -> None:
    room = noise(15.0, decibels)
    spoken = np.concatenate([words(3.0), noise(3.0, decibels, seed=3)])
    [died, lives] = alone(spoken, room, zeros(5.0), room)
    assert (died[1], lives[1]) == (MicrophoneState.DEAD, MicrophoneState.HEARS)
    assert (died[0], lives[0]) == pytest.approx((6 + 15 + DEAD_S, 26.0), abs=0.1)


def test_a_stumble_of_the_device_is_not_its_end() -> None:
    assert alone(words(2.0), noise(15.0), zeros(0.5), noise(3.0)) == []


def test_who_gives_only_zeros_is_told_of_after_half_a_minute_and_words_mend_it() -> None:
    assert alone(zeros(40.0), words(2.0)) == [(30.0, MicrophoneState.HEARS_NOTHING), (40.0, MicrophoneState.HEARS)]


def test_who_gives_only_noise_is_told_of_after_a_minute() -> None:
    [(at, hears)] = alone(noise(70.0, -50.0))
    assert hears is MicrophoneState.HEARS_NOTHING
    assert at == pytest.approx(60.0, abs=0.1)
    spoken = noise(70.0, -50.0)
    spoken[5 * RATE : 6 * RATE] += words(1.0, -30.0)
    assert alone(spoken) == []


def lines(count: int, echo: float | None, room: float = -60.0) -> Iterator[tuple[Pcm, bool]]:
    """The coach says lines of two seconds, which come back so loud, or do not."""
    for number in range(count):
        pcm = noise(2.0, room, seed=number)
        yield (pcm if echo is None else pcm + words(2.0, echo)), True
        yield noise(2.0, room, seed=100 + number), False


def test_lines_that_come_back_are_heard_and_those_that_do_not_are_told_of() -> None:
    assert judged(lines(20, -35.0)) == []
    assert [what for _, what in judged(lines(10, None))] == [MicrophoneState.HEARS_NOTHING]


def test_a_microphone_that_hears_its_coach_no_more_is_dead_until_it_does() -> None:
    found = judged([*lines(6, -35.0), *lines(8, None), *lines(2, -35.0)])
    assert [what for _, what in found] == [MicrophoneState.DEAD, MicrophoneState.HEARS]


def test_in_a_room_that_has_become_louder_the_coach_may_be_lost_in_it() -> None:
    assert judged([*lines(6, -40.0), *lines(10, -40.0, room=-35.0)]) == []


SAID = PACK.prompts["fault.microphone_silent"].say[0]


def test_it_is_said_once_and_not_under_the_load() -> None:
    talk = Talk(plan_of(reps=1, sets=2, rest=30)).in_set()
    talk.receive(MicrophoneSilent(talk.now, "muted"))
    assert SAID not in [line.say.text for line in talk.lines]
    talk.wait_for("resting")
    talk.wait(60)
    assert [line.say.text for line in talk.lines].count(SAID) == 1
