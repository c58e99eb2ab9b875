"""Loudspeaker and microphone, each a PortAudio stream of its own.

Law: a callback stamps, mixes or copies, and returns. It takes no lock, except when it catches up after a loss. It
writes no log and renders nothing.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Lock
from typing import Any

import numpy as np

from coach.adapters.sound.block import Block
from coach.adapters.sound.placement import DeviceKind
from coach.adapters.sound.server import SoundServer
from coach.adapters.sound.stream_health import START_SECONDS, StreamHealth
from coach.adapters.sound.streams import Device, Stream, opening
from coach.audio.chimes import hiss
from coach.audio.clock_map import ClockMap
from coach.audio.mixer import Mixer
from coach.audio.resampling import Resampler
from coach.ports import Pcm, SoundError

STALL_SECONDS = 0.1
"""After a pause that is this much longer than the buffer the device has run dry, and the clock is measured again."""
WAKING_SECONDS = 0.5
"""Seconds of sound that a Bluetooth sink swallows when it wakes up. No word is placed in them."""
QUEUE_BLOCKS = 500
"""10 s in blocks of 20 ms. Ears that are further behind will not catch up."""


class Speaker(Stream):
    """The output. It stays open and plays silence when nothing is said. Its samples are the session's clock."""

    def __init__(
        self, mixer: Mixer, device: Device = None, hiss_dbfs: float | None = None, server: SoundServer | None = None
    ) -> None:
        """`hiss_dbfs`: level of the hiss that replaces digital silence, in decibels of full scale; None: no hiss.

        Bluetooth and USB sinks fall asleep on digital silence, and swallow the word that wakes them.
        """
        super().__init__(device, server)
        self._mixer = mixer
        self._hiss = None if hiss_dbfs is None else np.tile(hiss(hiss_dbfs, mixer.rate), 2)
        """A second of hiss, twice, because a block may begin anywhere in the first."""
        self.underflows = 0
        """How often the device had to play without samples."""
        self._clock = ClockMap(mixer.rate)
        self._zero = math.inf
        """When sample 0 left the device, on the monotonic clock."""
        self._latest_now = 0.0
        self._reading = Lock()

    def now(self) -> float:
        """Session time: seconds since the first sample left the device.

        Between callbacks, and while the device takes no samples, it follows the monotonic clock. It never goes
        backwards. `mixer.position` is ahead of it by the device's buffer.
        """
        with self._reading:
            self._latest_now = max(self._latest_now, time.monotonic() - self._zero)
            return self._latest_now

    def lost(self) -> str | None:
        """As for every stream. While no device runs, lines are dropped and the mixer's position follows `now`."""
        reason = super().lost()
        if reason is not None:
            with opening:
                if self._health.failure is not None and not self._server_hangs:
                    self._abort()  # a device that came back would mix at the same time as this thread
                if self._stream is None:
                    self._mixer.cut(0)
                    self._catch_up()
        return reason

    def open_device(self) -> None:
        """Open the loudspeaker. Session time goes on from where it was."""
        if math.isinf(self._zero):
            # The session runs even if the device never does.
            self._zero = time.monotonic() + START_SECONDS
        else:
            self._catch_up()
        self._clock = ClockMap(self._mixer.rate)
        self._begin(self._mixer.rate, 0, self._mix)

    def _mix(self, buffer: Any, n: int, flags: Any, health: StreamHealth, at: float) -> None:
        self.underflows += bool(flags.output_underflow)
        if at - health.called_at > health.latency + STALL_SECONDS:
            self._clock = ClockMap(self._mixer.rate)
            if self._reason is not None:
                # The device was lost and runs again. After a stall without a loss, `now` waits for the device.
                self._catch_up()
        first = self._mixer.position
        block = self._mixer.mix(n)
        if self._hiss is not None and not block.any():
            begin = first % self._mixer.rate
            block = self._hiss[begin : begin + n]
        buffer[:] = block
        # The device asks for samples when it has room for them, or later.
        self._clock.observe(first, at)
        if health.flowing:
            self._zero = self._clock.seconds(0) + health.latency

    def _catch_up(self) -> None:
        """Drop the samples that should have left by now."""
        left = round((self.now() + self._health.latency) * self._mixer.rate)
        self._mixer.mix(max(0, left - self._mixer.position))

    def is_busy(self) -> bool:
        """Whether the coach says something, or will."""
        return self._stream is not None and not self._mixer.is_idle


@dataclass(frozen=True, slots=True)
class _RawBlock:
    """A block as the callback stores it."""

    health: StreamHealth
    device_rate: int
    """The device's sample rate."""
    samples: bytes
    samples_before: int
    """Number of samples that the stream gave before this block."""
    arrived: float


class Microphone(Stream):
    """The input: 20 ms blocks of 16-bit mono at `rate`, also if the device has another rate."""

    _kind = DeviceKind.SOURCE

    def __init__(self, rate: int = 16000, device: Device = None, server: SoundServer | None = None) -> None:
        super().__init__(device, server)
        self.rate = rate
        self.overflows = 0
        """How often samples were lost, by the device or because nobody took them."""
        self._raw: SimpleQueue[_RawBlock] = SimpleQueue()
        # Used only by the thread that calls `take`.
        self._last_health: StreamHealth | None = None
        """Health of the stream that gave the last block."""
        self._expected = 0
        """Samples that this stream has given so far, at the device's rate."""
        self._next = 0
        """Number of the next block's first sample."""
        self._last_arrived = 0.0
        self._resampler: Resampler | None = None

    def take(self, timeout: float) -> Block | None:
        """The next block; None: none came within `timeout` seconds. Called by one thread."""
        try:
            raw = self._raw.get(timeout=timeout)
        except Empty:
            return None
        pcm: Pcm = np.frombuffer(raw.samples, np.int16)
        # Sample numbers count lost samples, too. After an outage the monotonic clock says how many were lost.
        if raw.health is not self._last_health:
            if self._last_health is not None:
                outage = raw.arrived - self._last_arrived - len(pcm) / raw.device_rate
                self._next += max(0, round(outage * self.rate))
            self._last_health, self._expected = raw.health, 0
            self._resampler = Resampler(raw.device_rate, self.rate) if raw.device_rate != self.rate else None
        self._next += (raw.samples_before - self._expected) * self.rate // raw.device_rate
        self._expected = raw.samples_before + len(pcm)
        self._last_arrived = raw.arrived
        if self._resampler is not None:
            pcm = self._resampler.resample(pcm)
        first = self._next
        self._next += len(pcm)
        return Block(pcm, first, raw.arrived)

    def open_device(self) -> None:
        """Open the microphone at the wanted rate, or at its own."""
        try:
            self._open_at(self.rate)
        except SoundError:
            # An ALSA device without a sound server has only its own rates.
            native = self._default_rate()
            if native in (0, self.rate):
                raise
            self._open_at(native)

    def _open_at(self, device_rate: int) -> None:
        total = 0

        def copy(buffer: Any, n: int, flags: Any, health: StreamHealth, at: float) -> None:
            nonlocal total
            self.overflows += bool(flags.input_overflow)
            if self._raw.qsize() < QUEUE_BLOCKS:
                self._raw.put_nowait(_RawBlock(health, device_rate, bytes(buffer), total, at))
            else:
                self.overflows += 1
            total += n

        self._begin(device_rate, device_rate // 50, copy)
