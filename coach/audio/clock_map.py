"""Where a sample of one stream lies on another clock, by measurement.

Law: a block can be reported late but never early, so the smallest lag seen lately is the true one. Crystals
differ (100 ppm is 6 ms a minute), so only the last seconds count.
"""

from __future__ import annotations

from collections import deque

WINDOW_SECONDS = 2.0
"""A busy machine delivers in bursts up to a few hundred ms apart, yet some block in two seconds is on time;
and in two seconds 100 ppm of drift make 0.2 ms."""


class ClockMap:
    """Relates a count of samples to seconds on a clock; `observe` once a block, as soon as it is there."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._window = round(WINDOW_SECONDS * rate)
        # (samples, lag), lags rising: the first is the smallest in the window. The window counts samples, so
        # that a stall followed by the burst of what it held back leaves the map where it was.
        self._lags: deque[tuple[int, float]] = deque()
        self._samples = 0
        self._lag = 0.0

    def observe(self, samples_total: int, session_seconds: float) -> None:
        """Just after `samples_total` samples the clock stood at `session_seconds`."""
        lag = session_seconds - samples_total / self._rate
        while self._lags and self._lags[-1][1] >= lag:
            self._lags.pop()
        self._lags.append((samples_total, lag))
        while self._lags[0][0] < samples_total - self._window:
            self._lags.popleft()
        # A smaller lag moves the map back, but never by more than the samples moved on: later stays later.
        passed = (samples_total - self._samples) / self._rate
        self._lag = max(self._lags[0][1], self._lag - passed)
        self._samples = samples_total

    def seconds(self, sample: int) -> float:
        """When that sample was taken, on the clock."""
        return sample / self._rate + self._lag
