"""Measures where a sample of one stream lies on another clock.

Law: a block can be reported late but never early, so the smallest recent lag is the true one. Crystals differ (100 ppm
is 6 ms a minute), so only the lags of the last two seconds count.
"""

from __future__ import annotations

from collections import deque

WINDOW_SECONDS = 2.0
"""Time in which the smallest lag is looked for. A busy machine delivers in bursts up to a few
hundred ms apart, but within two seconds some block is on time. A drift of 100 ppm makes 0.2 ms in two seconds."""


class ClockMap:
    """Relates a count of samples to seconds on a clock. Call `observe` once per block, as soon as the block arrives."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._window = round(WINDOW_SECONDS * rate)
        # Pairs of samples and lag, with rising lags: the first lag is the smallest in the window. The window counts
        # samples, so a stall and the burst of blocks after it do not move the map.
        self._lags: deque[tuple[int, float]] = deque()
        self._samples = 0
        self._lag = 0.0

    def observe(self, samples_total: int, session_seconds: float) -> None:
        """Take a measurement: the clock showed `session_seconds` just after `samples_total` samples had arrived."""
        lag = session_seconds - samples_total / self._rate
        while self._lags and self._lags[-1][1] >= lag:
            self._lags.pop()
        self._lags.append((samples_total, lag))
        while self._lags[0][0] < samples_total - self._window:
            self._lags.popleft()
        # A smaller lag moves the map back, but never by more time than has passed: a later sample stays later.
        passed = (samples_total - self._samples) / self._rate
        self._lag = max(self._lags[0][1], self._lag - passed)
        self._samples = samples_total

    def seconds(self, sample: int) -> float:
        """The clock time at which a sample was taken."""
        return sample / self._rate + self._lag
