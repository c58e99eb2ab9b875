"""Signs of life of one stream of sound.

Law: its callbacks write, others read.
"""

from __future__ import annotations

import math
import time

SILENT_SECONDS = 1.0
"""A suspended device calls back no more, and nothing says so: this long without a callback means lost."""
START_SECONDS = 3.0
"""The same for a stream just opened: an idle device behind a sound server took up to 1.95 s to run."""
PRIMING_SECONDS = 0.2
"""Callbacks this soon after opening only fill the buffer; the device may not run yet."""
LATENCY_SECONDS = 0.06
"""Asked of PortAudio, both ways; its own 'high' is 35 ms, little when a recogniser holds the interpreter."""


class StreamHealth:
    """Of one that was opened."""

    __slots__ = ("called_at", "ended", "latency", "opened_at", "started_at")

    def __init__(self) -> None:
        self.opened_at = self.called_at = time.monotonic()
        self.started_at = math.inf
        """When the device was open; what was told of it before means another stream."""
        self.ended = False
        self.latency = LATENCY_SECONDS

    def end(self) -> None:
        """PortAudio's finished callback; it must return None and must not close the stream."""
        self.ended = True

    @property
    def flowing(self) -> bool:
        """The device runs."""
        return self.called_at - self.opened_at > PRIMING_SECONDS

    @property
    def failure(self) -> str | None:
        """Why this stream will give no more sound."""
        if self.ended:
            return "the device went away"
        patience = SILENT_SECONDS if self.flowing else START_SECONDS
        if time.monotonic() - self.called_at > patience:
            return f"no sound has passed for {patience} s"
        return None
