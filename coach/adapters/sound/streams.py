"""PortAudio, and one stream of sound through it: the only file that knows `sounddevice`.

Law: streams are opened and closed under one lock. PortAudio's list of devices is made when PortAudio is initialised. To
see a device that was plugged in later, every stream must be closed and PortAudio be ended and initialised again. While
a sound server does not answer, nothing is opened or closed, because PortAudio would wait for the server.

Input and output are two streams. One full-duplex stream stalls behind ALSA's Pulse plug-in (27 of 30 tries).
"""

from __future__ import annotations

import atexit
import math
import os
import time
from collections.abc import Callable, Mapping
from threading import RLock
from typing import Any

from coach.adapters.sound.placement import DeviceKind, Placement
from coach.adapters.sound.server import BRIDGES, HANGS, SoundServer
from coach.adapters.sound.stream_health import LATENCY_SECONDS, START_SECONDS, StreamHealth
from coach.ports import SoundError
from coach.settings import Devices

try:
    import sounddevice as sd

    LIBRARY_MISSING = None
except OSError as error:
    # The Linux wheel holds no PortAudio. Rehearsals and checks need none.
    LIBRARY_MISSING = f"no PortAudio library ({error}): install libportaudio2 (Debian: apt install libportaudio2)"

Device = int | str | None
"""Number of a device, or part of its name; None: the system's choice."""

REOPEN_SECONDS = 1.0
"""Least time between two attempts to open a lost device."""
CLOSE_SECONDS = 2.0
"""At the end, a server that does not answer within this time is not waited for any longer."""

opening = RLock()
_streams: list[Stream] = []


def devices_missing() -> str | None:
    """One line that says what is missing and what to do; None: an input and an output exist."""
    if LIBRARY_MISSING:
        return LIBRARY_MISSING
    with opening:
        devices = sd.query_devices()
    for kind, name in (("input", "microphone"), ("output", "loudspeaker")):
        if not any(device[f"max_{kind}_channels"] for device in devices):
            return f"no {name}: plug one in, or start the sound server (PipeWire or PulseAudio)"
    return None


def list_devices() -> str:
    """The devices that PortAudio knows, one a line; > and < mark the system's choice of input and output."""
    _need_library()
    try:
        with opening:
            return str(sd.query_devices()) or "no device at all"
    except sd.PortAudioError as error:
        return f"no device at all ({error})"


def renew_devices() -> None:
    """Make PortAudio look for devices again. Open streams are closed meanwhile and opened again."""
    _need_library()
    with opening:
        for stream in _streams:
            stream._abort()
        try:
            if sd._initialized:
                sd._terminate()
            sd._initialize()
        except sd.PortAudioError as error:
            raise SoundError(f"cannot start PortAudio: {error}; is the sound server running?") from error
        for stream in _streams:
            stream._try(stream.open_device)


def _need_library() -> None:
    if LIBRARY_MISSING:
        raise SoundError(LIBRARY_MISSING)


Callback = Callable[[Any, int, Any, StreamHealth, float], None]
"""A stream's callback. Arguments: buffer, number of samples, PortAudio's flags, the stream's health, time.
The time is on the monotonic clock."""


class Stream:
    """One stream: opens it, notices when it is lost, and opens it again."""

    _kind = DeviceKind.SINK

    def __init__(self, device: Device, server: SoundServer | None) -> None:
        """`server`: finds devices by its names for them, and reports where it has put the stream; None: not used."""
        self._device = device
        self._server = server or SoundServer(Devices())
        self._is_on_server = True
        """Whether the stream leads to the sound server, as far as is known."""
        self._replaced = 0
        self._stream: Any = None
        self._health = StreamHealth()
        self._reason: str | None = None
        self._tries = 0
        self._tried_at = -math.inf

    def start(self, patient: bool = False) -> None:
        """Open the device. If that fails, `SoundError` lists the devices; if `patient`, the stream is lost from the
        start instead.
        """
        _need_library()
        with opening:
            try:
                self.open_device()
            except SoundError as error:
                if not patient:
                    raise
                self._reason = str(error).splitlines()[0]
            _streams.append(self)

    def close(self) -> None:
        """Close at once. Samples in the device's buffer are thrown away: that saves up to 1.1 s."""
        waits = self._is_on_server and not self._server.wait_until_fresh(CLOSE_SECONDS)
        if waits or not opening.acquire(timeout=START_SECONDS):
            # PortAudio would wait for the server, here and when the interpreter ends.
            atexit.unregister(sd._exit_handler)
            return
        try:
            if self in _streams:
                _streams.remove(self)
            self._abort()
        finally:
            opening.release()

    def lost(self) -> str | None:
        """Why no useful sound passes, for people; None: sound passes.

        The stream's owner polls this, and calls `reopen` until the device runs again.
        """
        over = self._health.failure
        wrong = self._misplaced()
        if wrong is not None:
            with opening:
                self._abort()
            self._reason = wrong
        elif over is not None:
            self._reason = HANGS if self._server_hangs and not self._health.ended else self._reason or over
        elif self._health.flowing:
            self._reason, self._tries = None, 0
            return self._replacement()
        return self._reason

    @property
    def _server_hangs(self) -> bool:
        """No sound passes, and the server does not answer, so opening or closing a stream may never return."""
        lost = self._health.failure is not None
        return self._is_on_server and (self._server.hangs or (lost and not self._server.is_fresh))

    @property
    def _placement(self) -> Placement:
        return self._server.placements[self._kind]

    def _misplaced(self) -> str | None:
        """Why the stream may not stay where the server has put it, if that was reported since the stream was opened."""
        is_known = self._stream is not None and self._server.answered_at >= self._health.started_at
        return self._placement.wrong if self._is_on_server and is_known else None

    def _replacement(self) -> str | None:
        """Reported once: the device went away, and the server has moved the stream to another one."""
        before, self._replaced = self._replaced, self._server.times_replaced[self._kind]
        return None if self._replaced == before else f"the {self._kind.label} went away; another one is there"

    def reopen(self) -> None:
        """Try to get sound again, at most once a second. Raises nothing; `lost` has the result.

        Every third attempt makes PortAudio look for devices again, unless that would interrupt what another stream
        plays, or a sound server reports the devices. The other attempts find a server that was restarted, or the
        system's new choice, and disturb nobody.
        """
        with opening:
            starting = self._stream is not None and self._health.failure is None
            if starting or time.monotonic() - self._tried_at < REOPEN_SECONDS or self._server_hangs:
                return
            if self._is_on_server and (missing := self._placement.why_not_open) is not None:
                self._reason = missing
                return
            self._tries += 1
            self._tried_at = time.monotonic()
            self._abort()
            disturbs = any(stream.is_busy() for stream in _streams if stream is not self)
            listed = self._server.report.server is not None and not isinstance(self._device, int)
            self._try(self.open_device if disturbs or listed or self._tries % 3 != 2 else renew_devices)

    def _try(self, attempt: Callable[[], None]) -> None:
        try:
            attempt()
        except SoundError as error:
            self._reason = str(error).splitlines()[0]

    def open_device(self) -> None:
        """Open the stream with `_begin`. SoundError: the device cannot be opened."""
        raise NotImplementedError

    def is_busy(self) -> bool:
        """Whether opening this stream again would be audible."""
        return False

    def _begin(self, rate: int, blocksize: int, use: Callback) -> None:
        """Open and start the stream, with a new health."""
        health = StreamHealth()
        device, chosen = self._choice()

        def callback(buffer: Any, n: int, _times: Any, flags: Any) -> None:
            at = time.monotonic()
            use(buffer, n, flags, health, at)
            health.called_at = at

        try:
            os.environ.update(chosen)
            make = sd.RawOutputStream if self._kind is DeviceKind.SINK else sd.RawInputStream
            stream = make(
                samplerate=rate,
                blocksize=blocksize,
                device=device,
                channels=1,
                dtype="int16",
                latency=LATENCY_SECONDS,
                callback=callback,
                finished_callback=health.end,
            )
            health.latency = stream.latency
            self._stream, self._health = stream, health
            stream.start()
            health.started_at = time.monotonic()
            self._replaced = self._server.times_replaced[self._kind]
        except (sd.PortAudioError, ValueError) as error:
            self._abort()
            named = "the system's" if self._device is None else repr(self._device)
            reason = self._placement.why_not_open or f"cannot open {self._kind.label} ({named}) at {rate} Hz: {error}"
            raise SoundError(f"{reason}\nchoose one of these:\n{self._all_devices()}") from error
        finally:
            for name in chosen:
                del os.environ[name]

    def _choice(self) -> tuple[Device, Mapping[str, str]]:
        """The device for PortAudio, and environment variables for libpulse. SoundError: the device is missing."""
        self._is_on_server = self._device is None or str(self._device) in BRIDGES
        place = self._placement
        if place.name is not None:
            self._is_on_server = True
            names = [device["name"] for device in sd.query_devices()]
            bridge = next((name for name in BRIDGES if name in names), None)
            return bridge, {f"PULSE_{self._kind.value.upper()}": place.name}
        if self._is_on_server and place.why_not_open is not None:
            raise SoundError(f"{place.why_not_open}\n{self._all_devices()}")
        return self._device, {}

    def _all_devices(self) -> str:
        """All devices that can be chosen, one a line."""
        served = self._server.report.devices_of(self._kind)
        return "\n".join([*(f"  {device.description}  ({device.name})" for device in served), list_devices()])

    def _abort(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()  # without `stop`, PortAudio aborts
            self._health = StreamHealth()  # we have closed the stream, so it is not lost

    def _default_rate(self) -> int:
        direction = "input" if self._kind is DeviceKind.SOURCE else "output"
        try:
            return int(sd.query_devices(self._device, direction)["default_samplerate"])
        except (sd.PortAudioError, ValueError):
            return 0
