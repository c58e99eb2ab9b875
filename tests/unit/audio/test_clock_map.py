"""Where microphone samples lie on the session's clock, under jitter, drift, bursts and stalls."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from coach.audio.clock_map import ClockMap

RATE = 16000
BLOCK = 320
TOLERANCE = 0.020


Reports = list[tuple[int, float, float]]
"""For each report: the number of samples so far, when the last one was taken, and when that was reported."""
Seconds = npt.NDArray[np.float64]


def arrivals(seconds: float, drift_ppm: float, delays: Seconds, start: float = 3.0) -> Reports:
    """Reports of a stream's blocks; a late report delays those behind it."""
    blocks = int(seconds * RATE / BLOCK)
    totals = np.arange(1, blocks + 1) * BLOCK
    taken = start + totals / RATE * (1 + drift_ppm * 1e-6)
    reported = np.maximum.accumulate(taken + delays[:blocks])
    return list(zip(totals.tolist(), taken.tolist(), reported.tolist(), strict=True))


def errors_after(clock: ClockMap, blocks: Reports, settled: float) -> Seconds:
    """Error of each block's estimated time just after its report, from `settled` seconds of sound on."""
    errors = []
    for total, taken, reported in blocks:
        clock.observe(total, reported)
        if total > settled * RATE:
            errors.append(clock.seconds(total) - taken)
    return np.array(errors)


@pytest.mark.parametrize("drift_ppm", [-100.0, 0.0, 100.0])
def test_jitter_and_drift(drift_ppm: float) -> None:
    delays = np.random.default_rng(5).exponential(0.03, 200_000)
    errors = errors_after(ClockMap(RATE), arrivals(1800, drift_ppm, delays), settled=1.0)
    assert abs(errors).max() < TOLERANCE


def test_bursts() -> None:
    """Blocks come 20 at a time: a block is up to 0.4 s late, one in twenty is on time."""
    delays = (19 - np.arange(30_000) % 20) * BLOCK / RATE
    errors = errors_after(ClockMap(RATE), arrivals(600, 100.0, delays), settled=1.0)
    assert abs(errors).max() < TOLERANCE


def test_a_stall_that_loses_nothing_moves_nothing() -> None:
    delays = np.zeros(3000)
    delays[1000] = 1.5  # The blocks behind this one are delayed too.
    errors = errors_after(ClockMap(RATE), arrivals(60, 0.0, delays), settled=0.0)
    assert abs(errors).max() < TOLERANCE


def test_lost_samples_are_noticed_in_two_seconds() -> None:
    clock = ClockMap(RATE)
    for total, _, reported in arrivals(10, 0.0, np.zeros(500)):
        clock.observe(total, reported)
    after = [(total + 10 * RATE, taken, at) for total, taken, at in arrivals(10, 0.0, np.zeros(500), start=13.7)]
    assert abs(errors_after(clock, after, settled=12.1)).max() < TOLERANCE


def test_a_first_burst_does_not_put_the_beginning_late() -> None:
    delays = np.zeros(500)
    delays[0] = 2.0
    errors = errors_after(ClockMap(RATE), arrivals(10, 0.0, delays), settled=2.1)
    assert abs(errors).max() < TOLERANCE


@pytest.mark.parametrize("seed", range(5))
def test_later_samples_are_never_put_before_earlier_ones(seed: int) -> None:
    chance = np.random.default_rng(seed)
    delays = chance.exponential(0.05, 5000) + (chance.random(5000) < 0.005) * 0.8
    clock = ClockMap(RATE)
    last = -1.0
    for total, _, reported in arrivals(100, -100.0, delays):
        clock.observe(total, reported)
        assert clock.seconds(total) >= last - 1e-9
        assert clock.seconds(total) > clock.seconds(total - 1)
        last = clock.seconds(total)
