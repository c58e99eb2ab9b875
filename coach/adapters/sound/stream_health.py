"""Whether one stream of sound still runs.

Law: the stream's callbacks write, everything else only reads.
"""

from __future__ import annotations

import math
import time

SILENT_SECONDS = 1.0
"""A suspended device makes no more callbacks, and nothing reports that. A stream counts as lost after this time without
a callback."""
START_SECONDS = 3.0
"""The same for a stream that was just opened: an idle device behind a sound server took up to 1.95 s to run."""
PRIMING_SECONDS = 0.2
"""Callbacks within this time after opening only fill the buffer. The device may not run yet."""
LATENCY_SECONDS = 0.06
"""Latency asked of PortAudio for input and output. PortAudio's own "high" is 35 ms, too little when a recogniser holds
the interpreter."""


class StreamHealth:
    """When a stream was opened, when it called back last, and whether it ended."""

    __slots__ = ("called_at", "ended", "latency", "opened_at", "started_at")

    def __init__(self) -> None:
        self.opened_at = self.called_at = time.monotonic()
        self.started_at = math.inf
        """When the device had been opened. What the server reported before is about an earlier stream."""
        self.ended = False
        self.latency = LATENCY_SECONDS

    def end(self) -> None:
        """PortAudio's finished callback; it must return None and must not close the stream."""
        self.ended = True

    @property
    def flowing(self) -> bool:
        """Whether the device runs."""
        return self.called_at - self.opened_at > PRIMING_SECONDS

    @property
    def failure(self) -> str | None:
        """Why this stream will give no more sound; None: it may."""
        if self.ended:
            return "the device went away"
        patience = SILENT_SECONDS if self.flowing else START_SECONDS
        if time.monotonic() - self.called_at > patience:
            return f"no sound has passed for {patience} s"
        return None
