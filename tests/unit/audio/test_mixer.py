"""The mixing timeline, sample by sample."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.audio.mixer import FinishedClip, Mixer
from coach.ports import Clip, Pcm

RATE = 22050
reproducibly = settings(derandomize=True, deadline=None)


def clip(samples: int, level: int = 1000) -> Clip:
    """A clip in which no sample is zero."""
    return Clip(np.full(samples, level, np.int16), RATE, 0)


def noise(samples: int, seed: int) -> Clip:
    loud = np.random.default_rng(seed).integers(-20000, 20000, samples, dtype=np.int16)
    return Clip(loud, RATE, 0)


def mix_in(mixer: Mixer, until: int, sizes: list[int]) -> list[Pcm]:
    """Mix up to sample `until` in blocks of these sizes, in turn."""
    blocks: list[Pcm] = []
    turn = 0
    while mixer.position < until:
        blocks.append(mixer.mix(min(sizes[turn % len(sizes)], until - mixer.position)))
        turn += 1
    return blocks


def a_session(sizes: list[int]) -> tuple[Pcm, list[FinishedClip]]:
    """A session with every kind of order, at samples 0, 2000, 3000 and 4000."""
    mixer = Mixer(RATE)
    mixer.place(1, noise(1500, seed=1), 200)
    mixer.place(2, noise(1500, seed=2), 900, gain=0.7)
    mixer.place(3, noise(3000, seed=3), 1800)
    mixer.place(4, noise(50, seed=4), 6000)
    blocks = mix_in(mixer, 2000, sizes)
    mixer.set_gain(0.25)
    mixer.drop(frozenset({3, 4}))
    blocks += mix_in(mixer, 3000, sizes)
    mixer.set_gain(0.5)
    mixer.cut(441)
    mixer.place(5, noise(300, seed=5), 3100)
    blocks += mix_in(mixer, 4000, sizes)
    mixer.set_gain(1.0)
    mixer.place(6, noise(300, seed=6), 0)
    blocks += mix_in(mixer, 5000, sizes)
    return np.concatenate(blocks), mixer.finished()


WHOLE = a_session([5000])


@reproducibly
@given(st.lists(st.integers(1, 700), min_size=1, max_size=8))
def test_block_sizes_change_nothing(sizes: list[int]) -> None:
    pcm, finished = a_session(sizes)
    assert np.array_equal(pcm, WHOLE[0])
    assert finished == WHOLE[1]


def test_the_session_above_ends_its_lines_in_order() -> None:
    assert WHOLE[1] == [
        FinishedClip(1, 1700, 1500, 1500),
        FinishedClip(4, 2000, 0, 50),
        FinishedClip(2, 2400, 1500, 1500),
        FinishedClip(5, 3400, 300, 300),
        FinishedClip(3, 3441, 1641, 3000),
        FinishedClip(6, 4300, 300, 300),
    ]


@reproducibly
@given(at=st.integers(0, 3000), samples=st.integers(1, 500), block=st.integers(1, 900))
def test_a_clip_lands_on_its_sample(at: int, samples: int, block: int) -> None:
    mixer = Mixer(RATE)
    assert mixer.place(7, clip(samples), at) == at
    pcm = np.concatenate(mix_in(mixer, 4000, [block]))
    expected = np.zeros(4000, np.int16)
    expected[at : at + samples] = 1000
    assert np.array_equal(pcm, expected)
    assert mixer.finished() == [FinishedClip(7, at + samples, samples, samples)]
    assert mixer.is_idle


@reproducibly
@given(late=st.integers(1, 2000))
def test_a_late_clip_begins_at_once_and_shifts_nothing(late: int) -> None:
    mixer = Mixer(RATE)
    mixer.place(2, clip(100, level=300), 3000)
    mixer.mix(2000)
    assert mixer.place(1, clip(100), 2000 - late) == 2000
    assert mixer.place(3, clip(100, level=300), 4000) == 4000
    sounding = np.flatnonzero(mixer.mix(3000)) + 2000
    assert sounding.tolist() == [*range(2000, 2100), *range(3000, 3100), *range(4000, 4100)]


def test_a_clip_overtaken_between_look_and_order_begins_with_the_next_block_whole() -> None:
    mixer = Mixer(RATE)
    mixer.place(1, clip(10), 0)
    mixer.position = 64  # As if the callback had come at this moment.
    assert np.flatnonzero(mixer.mix(64)).tolist() == list(range(10))
    assert mixer.finished() == [FinishedClip(1, 74, 10, 10)]


@reproducibly
@given(cut_at=st.integers(1, 2000), fade=st.integers(0, 600), block=st.integers(1, 700))
def test_after_a_cut_there_is_silence(cut_at: int, fade: int, block: int) -> None:
    mixer = Mixer(RATE)
    mixer.place(1, clip(5000), 0)
    mixer.place(2, clip(100), 2500)
    mixer.place(3, clip(100), cut_at)
    mix_in(mixer, cut_at, [block])
    mixer.cut(fade)
    pcm = np.concatenate(mix_in(mixer, 6000, [block]))
    assert not pcm[max(0, fade - 1) :].any()
    steps = np.diff(np.concatenate(([1000], pcm)).astype(int))
    assert (steps <= 0).all(), "a fade only falls"
    assert mixer.finished() == [
        FinishedClip(2, cut_at, 0, 100),
        FinishedClip(3, cut_at, 0, 100),
        FinishedClip(1, cut_at + fade, cut_at + fade, 5000),
    ]


def test_a_fade_has_no_step() -> None:
    mixer = Mixer(RATE)
    mixer.place(1, clip(5000), 0)
    mixer.mix(1000)
    mixer.cut(441)
    steps = np.diff(mixer.mix(500).astype(int))
    assert abs(steps).max() <= 3


def test_a_cut_does_not_lengthen_what_was_about_to_end_and_a_second_cut_changes_nothing() -> None:
    mixer = Mixer(RATE)
    mixer.place(1, clip(1010), 0)
    mixer.place(2, clip(5000), 0)
    mixer.mix(1000)
    mixer.cut(441)
    mixer.mix(100)
    mixer.cut(441)
    mixer.mix(1000)
    assert mixer.finished() == [FinishedClip(1, 1010, 1010, 1010), FinishedClip(2, 1441, 1441, 5000)]


def test_what_is_laid_after_a_cut_plays() -> None:
    mixer = Mixer(RATE)
    mixer.place(1, clip(5000), 0)
    mixer.mix(1000)
    mixer.cut(0)
    mixer.place(2, clip(100, level=5), 1200)
    assert np.flatnonzero(mixer.mix(1000)).tolist() == list(range(200, 300))


def test_only_lines_that_have_not_begun_are_dropped() -> None:
    mixer = Mixer(RATE)
    mixer.place(1, clip(1000), 0)
    mixer.place(2, clip(1000), 500)
    mixer.place(3, clip(1000), 2000)
    mixer.mix(500)
    mixer.drop(frozenset({1, 2, 9}))
    pcm = mixer.mix(3000)
    assert np.flatnonzero(pcm).tolist() == [*range(500), *range(1500, 2500)]
    assert [(end.line_number, end.heard_samples) for end in mixer.finished()] == [(2, 0), (1, 1000), (3, 1000)]


def test_mixing_nothing_carries_out_orders() -> None:
    mixer = Mixer(RATE)
    mixer.place(1, clip(1000), 100)
    assert not mixer.is_idle
    mixer.cut(441)
    assert mixer.finished() == []
    assert len(mixer.mix(0)) == 0
    assert mixer.finished() == [FinishedClip(1, 0, 0, 1000)]
    assert mixer.is_idle


@pytest.mark.parametrize(("level", "limit"), [(30000, 32767), (-30000, -32768)])
def test_loud_sums_saturate(level: int, limit: int) -> None:
    mixer = Mixer(RATE)
    for line in range(3):
        mixer.place(line, clip(10, level), 0)
    assert (mixer.mix(10) == limit).all()


def test_gain_is_reached_without_a_step() -> None:
    mixer = Mixer(RATE)
    mixer.place(1, clip(50000, level=10000), 0)
    mixer.mix(100)
    mixer.set_gain(0.1)
    falling = mixer.mix(300).astype(int)
    mixer.set_gain(0.5)
    rising = mixer.mix(1000).astype(int)
    assert abs(np.diff(np.concatenate(([10000], falling, rising)))).max() <= 25
    assert (rising[441:] == 5000).all()


def test_gain_set_in_silence_holds_for_what_follows() -> None:
    mixer = Mixer(RATE)
    mixer.set_gain(0.5)
    mixer.mix(1000)
    mixer.place(1, clip(10), 1000)
    assert (mixer.mix(10) == 500).all()


def test_a_clip_of_another_rate_is_our_fault() -> None:
    with pytest.raises(ValueError, match="rate 16000"):
        Mixer(RATE).place(1, Clip(np.zeros(1, np.int16), 16000, 0), 0)


def test_the_mix_can_be_asked_for_again_and_what_is_not_there_is_silence() -> None:
    mixer = Mixer(RATE)
    clip = np.arange(1, 30_001).astype(np.int16)
    mixer.place(1, Clip(clip, RATE, 0), 20_000)
    for n in (15_000, 1, 30_000, 5_000):
        mixer.mix(n)
    assert np.array_equal(mixer.played(21_000, 3), clip[1000:1003])
    assert np.array_equal(mixer.played(49_990, 20), np.concatenate([clip[-10:], np.zeros(10, np.int16)]))
    assert not mixer.played(-5, 5).any()
    assert not mixer.played(50_001, 100).any(), "not mixed yet"
    mixer.mix(2 * RATE)
    assert not mixer.played(49_000, 441).any(), "too long ago"
