"""Loudspeaker and microphone through PortAudio: the only file that knows `sounddevice`.

Law: a callback stamps, mixes or copies, and returns; it takes no lock, writes no log and renders nothing.
Streams are opened and closed under one lock, because PortAudio's list of devices is frozen when it is
initialised: to see a device plugged in later, every stream must be closed, the library ended and begun again.

Two streams, never one full-duplex stream: that one stalls behind ALSA's Pulse plug-in (27 of 30 tries).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Lock, RLock
from typing import Any

import numpy as np

from coach.adapters.block import Block
from coach.audio.chimes import hiss
from coach.audio.clock_map import ClockMap
from coach.audio.mixer import Mixer
from coach.audio.resampling import Resampler
from coach.ports import Pcm, SoundError

try:
    import sounddevice as sd

    _MISSING = ""
except OSError as fault:
    # The Linux wheel holds no PortAudio; rehearsals and checks do without.
    _MISSING = f"no PortAudio library ({fault}): install libportaudio2 (Debian: apt install libportaudio2)"

Device = int | str | None
"""Number, or part of the name, of a device; None is the system's choice."""

SILENT_SECONDS = 1.0
"""A suspended device calls back no more, and nothing says so: this long without a callback means lost."""
START_SECONDS = 3.0
"""The same for a stream just opened: an idle device behind a sound server took up to 1.95 s to run."""
REOPEN_SECONDS = 1.0
PRIMING_SECONDS = 0.2
"""Callbacks this soon after opening only fill the buffer; the device may not run yet."""
STALL_SECONDS = 0.1
"""A pause this much longer than the buffer: the device has run dry, and what was measured before is void."""
LATENCY_SECONDS = 0.06
"""Asked of PortAudio, both ways; its own 'high' is 35 ms, little when a recogniser holds the interpreter."""
WAKING_SECONDS = 0.5
"""Of sound that a Bluetooth sink swallows when it wakes: no word stands in it."""
QUEUE_BLOCKS = 500
"""10 s of 20 ms blocks: ears that are further behind will not catch up."""

_opening = RLock()
_streams: list[_Stream] = []


def available() -> str | None:
    """None when there is an input and an output; else one line that says what is missing and what to do."""
    if _MISSING:
        return _MISSING
    with _opening:
        devices = sd.query_devices()
    for kind, name in (("input", "microphone"), ("output", "loudspeaker")):
        if not any(device[f"max_{kind}_channels"] for device in devices):
            return f"no {name}: plug one in, or start the sound server (PipeWire or PulseAudio)"
    return None


def list_devices() -> str:
    """The devices PortAudio knows, one a line; > and < mark the system's choice of input and output."""
    _need_library()
    try:
        with _opening:
            return str(sd.query_devices()) or "no device at all"
    except sd.PortAudioError as fault:
        return f"no device at all ({fault})"


def renew_devices() -> None:
    """Look for devices anew; open streams are closed for it and opened again."""
    _need_library()
    with _opening:
        for stream in _streams:
            stream._abort()
        try:
            if sd._initialized:
                sd._terminate()
            sd._initialize()
        except sd.PortAudioError as fault:
            raise SoundError(f"cannot start PortAudio: {fault}; is the sound server running?") from fault
        for stream in _streams:
            stream._try(stream._open)


def _need_library() -> None:
    if _MISSING:
        raise SoundError(_MISSING)


class _Life:
    """Signs of life of one opened stream, written by its callbacks."""

    __slots__ = ("called", "ended", "latency", "opened")

    def __init__(self) -> None:
        self.opened = self.called = time.monotonic()
        self.ended = False
        self.latency = LATENCY_SECONDS

    def end(self) -> None:
        """PortAudio's finished callback; it must return None and must not close the stream."""
        self.ended = True

    @property
    def flowing(self) -> bool:
        """The device runs."""
        return self.called - self.opened > PRIMING_SECONDS

    @property
    def over(self) -> str | None:
        """Why this stream will give no more sound."""
        if self.ended:
            return "the device went away"
        patience = SILENT_SECONDS if self.flowing else START_SECONDS
        if time.monotonic() - self.called > patience:
            return f"no sound has passed for {patience} s"
        return None


_Use = Callable[[Any, int, Any, _Life, float], None]
"""A callback: buffer, samples, PortAudio's flags, the stream's life, the monotonic clock."""


class _Stream:
    """One stream and its fate."""

    _name = ""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._stream: Any = None
        self._life = _Life()
        self._fault: str | None = None
        self._tries = 0
        self._tried = -math.inf

    def start(self) -> None:
        """Open the device; raises `SoundError` with the devices there are."""
        _need_library()
        with _opening:
            self._open()
            _streams.append(self)

    def close(self) -> None:
        """At once: what is in the device's buffer is thrown away (draining it takes up to 1.1 s)."""
        with _opening:
            if self in _streams:
                _streams.remove(self)
            self._abort()

    def lost(self) -> str | None:
        """Why no sound passes, or None. Its owner polls this, and `reopen` until the device runs again."""
        over = self._life.over
        if over is not None:
            self._fault = self._fault or over
        elif self._life.flowing:
            self._fault, self._tries = None, 0
        return self._fault

    def reopen(self) -> None:
        """Try to get sound again, at most once a second; raises nothing, `lost` tells what came of it.

        Every third try looks for devices anew, unless that would break into what another stream is playing;
        the others find a server that was restarted, or the system's new choice, and disturb nobody.
        """
        with _opening:
            starting = self._stream is not None and self._life.over is None
            if starting or time.monotonic() - self._tried < REOPEN_SECONDS:
                return
            self._tries += 1
            self._tried = time.monotonic()
            self._abort()
            disturbs = any(stream._busy() for stream in _streams if stream is not self)
            self._try(self._open if disturbs or self._tries % 3 != 2 else renew_devices)

    def _try(self, opening: Callable[[], None]) -> None:
        try:
            opening()
        except SoundError as fault:
            self._fault = str(fault).splitlines()[0]

    def _open(self) -> None:
        raise NotImplementedError

    def _busy(self) -> bool:
        """Opening it again would be heard."""
        return False

    def _begin(self, rate: int, blocksize: int, make: Callable[..., Any], use: _Use) -> None:
        """Open and start, with a fresh life."""
        life = _Life()

        def callback(buffer: Any, n: int, _times: Any, flags: Any) -> None:
            at = time.monotonic()
            use(buffer, n, flags, life, at)
            life.called = at

        try:
            stream = make(
                samplerate=rate,
                blocksize=blocksize,
                device=self._device,
                channels=1,
                dtype="int16",
                latency=LATENCY_SECONDS,
                callback=callback,
                finished_callback=life.end,
            )
            life.latency = stream.latency
            self._stream, self._life = stream, life
            stream.start()
        except (sd.PortAudioError, ValueError) as fault:
            self._abort()
            chosen = "the system's" if self._device is None else repr(self._device)
            reason = f"cannot open {self._name} ({chosen}) at {rate} Hz: {fault}"
            raise SoundError(f"{reason}\nchoose one of these:\n{list_devices()}") from fault

    def _abort(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()  # without `stop`, PortAudio aborts
            self._life = _Life()  # the end of the old one was our doing, not a loss


class Speaker(_Stream):
    """The output, kept open, fed with silence when nothing is said; its samples are the session's clock."""

    _name = "loudspeaker"

    def __init__(self, mixer: Mixer, device: Device = None, floor: float | None = None) -> None:
        """`floor`: of the hiss in place of digital silence, in decibels of full scale; None: there is none.

        Bluetooth and USB sinks fall asleep on digital silence, and swallow the word that wakes them.
        """
        super().__init__(device)
        self._mixer = mixer
        self._hiss = None if floor is None else np.tile(hiss(floor, mixer.rate), 2)
        """A second of it, twice: a block may begin anywhere in the first."""
        self.underflows = 0
        """Times that the device had to play without samples."""
        self._clock = ClockMap(mixer.rate)
        self._zero = math.inf
        """When sample 0 left, on the monotonic clock."""
        self._reached = 0.0
        self._reading = Lock()

    def now(self) -> float:
        """Seconds since the session's first sample left for the ear: samples that have left / rate.

        Between callbacks, and while the device takes no samples, it goes on by the monotonic clock; it never
        goes backwards. `mixer.position` is ahead of it by the device's buffer.
        """
        with self._reading:
            self._reached = max(self._reached, time.monotonic() - self._zero)
            return self._reached

    def lost(self) -> str | None:
        """As for every stream; while there is no device, lines are dropped and the timeline follows `now`."""
        reason = super().lost()
        if reason is not None:
            with _opening:
                if self._life.over is not None:
                    self._abort()  # a device that came back would mix beside us
                if self._stream is None:
                    self._mixer.cut(0)
                    self._keep_up()
        return reason

    def _open(self) -> None:
        if math.isinf(self._zero):
            # Should the device never run, the session does all the same.
            self._zero = time.monotonic() + START_SECONDS
        else:
            self._keep_up()
        self._clock = ClockMap(self._mixer.rate)
        self._begin(self._mixer.rate, 0, sd.RawOutputStream, self._mix)

    def _mix(self, buffer: Any, n: int, flags: Any, life: _Life, at: float) -> None:
        self.underflows += bool(flags.output_underflow)
        if at - life.called > life.latency + STALL_SECONDS:
            self._clock = ClockMap(self._mixer.rate)
            if self._fault is not None:
                # Found again, but late. After a stall while nothing was lost, `now` waits for the device.
                self._keep_up()
        first = self._mixer.position
        block = self._mixer.mix(n)
        if self._hiss is not None and not block.any():
            begin = first % self._mixer.rate
            block = self._hiss[begin : begin + n]
        buffer[:] = block
        # The device asks for samples when it has room for them, or later.
        self._clock.observe(first, at)
        if life.flowing:
            self._zero = self._clock.seconds(0) + life.latency

    def _keep_up(self) -> None:
        """Mix unheard what should have left by now."""
        left = round((self.now() + self._life.latency) * self._mixer.rate)
        self._mixer.mix(max(0, left - self._mixer.position))

    def _busy(self) -> bool:
        return self._stream is not None and not self._mixer.idle


@dataclass(frozen=True, slots=True)
class _Raw:
    """A block as the callback leaves it."""

    life: _Life
    native: int
    """The device's rate."""
    samples: bytes
    before: int
    """Samples the device gave before it."""
    called: float


class Microphone(_Stream):
    """The input: 20 ms blocks of 16-bit mono at `rate`, whatever the device's own."""

    _name = "microphone"

    def __init__(self, rate: int = 16000, device: Device = None) -> None:
        super().__init__(device)
        self.rate = rate
        self.overflows = 0
        """Times that samples were lost, by the device or because nobody took them."""
        self._raw: SimpleQueue[_Raw] = SimpleQueue()
        # The taker's own.
        self._taken: _Life | None = None
        self._expected = 0
        self._next = 0
        self._last_called = 0.0
        self._resampler: Resampler | None = None

    def take(self, timeout: float) -> Block | None:
        """The next block, or None when none came within `timeout` seconds; for one thread."""
        try:
            raw = self._raw.get(timeout=timeout)
        except Empty:
            return None
        pcm: Pcm = np.frombuffer(raw.samples, np.int16)
        # Numbers run on through what was lost: through an outage by the clock on the wall.
        if raw.life is not self._taken:
            if self._taken is not None:
                outage = raw.called - self._last_called - len(pcm) / raw.native
                self._next += max(0, round(outage * self.rate))
            self._taken, self._expected = raw.life, 0
            self._resampler = Resampler(raw.native, self.rate) if raw.native != self.rate else None
        self._next += (raw.before - self._expected) * self.rate // raw.native
        self._expected = raw.before + len(pcm)
        self._last_called = raw.called
        if self._resampler is not None:
            pcm = self._resampler.resample(pcm)
        first = self._next
        self._next += len(pcm)
        return Block(pcm, first, raw.called)

    def _open(self) -> None:
        try:
            self._open_at(self.rate)
        except SoundError:
            # A bare ALSA device knows only its own rates.
            native = self._default_rate()
            if native in (0, self.rate):
                raise
            self._open_at(native)

    def _open_at(self, native: int) -> None:
        total = 0

        def copy(buffer: Any, n: int, flags: Any, life: _Life, at: float) -> None:
            nonlocal total
            self.overflows += bool(flags.input_overflow)
            if self._raw.qsize() < QUEUE_BLOCKS:
                self._raw.put_nowait(_Raw(life, native, bytes(buffer), total, at))
            else:
                self.overflows += 1
            total += n

        self._begin(native, native // 50, sd.RawInputStream, copy)

    def _default_rate(self) -> int:
        try:
            return int(sd.query_devices(self._device, "input")["default_samplerate"])
        except (sd.PortAudioError, ValueError):
            return 0
