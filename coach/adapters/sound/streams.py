"""PortAudio and one stream of it: the only file that knows `sounddevice`.

Law: streams are opened and closed under one lock, because PortAudio's list of devices is frozen when it is
initialised: to see a device plugged in later, every stream must be closed, the library ended and begun again.
While a sound server does not answer nothing is opened or closed, because PortAudio would wait for it.

Two streams, never one full-duplex stream: that one stalls behind ALSA's Pulse plug-in (27 of 30 tries).
"""

from __future__ import annotations

import atexit
import math
import os
import time
from collections.abc import Callable, Mapping
from threading import RLock
from typing import Any

from coach.adapters.sound.placement import Kind
from coach.adapters.sound.server import BRIDGES, HANGS, SoundServer
from coach.adapters.sound.stream_life import LATENCY_SECONDS, START_SECONDS, Life
from coach.ports import SoundError

try:
    import sounddevice as sd

    _MISSING = ""
except OSError as fault:
    # The Linux wheel holds no PortAudio; rehearsals and checks do without.
    _MISSING = f"no PortAudio library ({fault}): install libportaudio2 (Debian: apt install libportaudio2)"

Device = int | str | None
"""Number, or part of the name, of a device; None is the system's choice."""

REOPEN_SECONDS = 1.0
CLOSE_SECONDS = 2.0
"""A server that does not answer in this time is not waited for at the end."""

opening = RLock()
_streams: list[Stream] = []


def library() -> str | None:
    """None when PortAudio is there; else one line that says what to do."""
    return _MISSING or None


def available() -> str | None:
    """None when there is an input and an output; else one line that says what is missing and what to do."""
    if _MISSING:
        return _MISSING
    with opening:
        devices = sd.query_devices()
    for kind, name in (("input", "microphone"), ("output", "loudspeaker")):
        if not any(device[f"max_{kind}_channels"] for device in devices):
            return f"no {name}: plug one in, or start the sound server (PipeWire or PulseAudio)"
    return None


def list_devices() -> str:
    """The devices PortAudio knows, one a line; > and < mark the system's choice of input and output."""
    _need_library()
    try:
        with opening:
            return str(sd.query_devices()) or "no device at all"
    except sd.PortAudioError as fault:
        return f"no device at all ({fault})"


def renew_devices() -> None:
    """Look for devices anew; open streams are closed for it and opened again."""
    _need_library()
    with opening:
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


Use = Callable[[Any, int, Any, Life, float], None]
"""A callback: buffer, samples, PortAudio's flags, the stream's life, the monotonic clock."""


class Stream:
    """One stream and its fate."""

    _kind = Kind.SINK

    def __init__(self, device: Device, server: SoundServer | None) -> None:
        """`server`: finds devices by the names it has for them, and tells where it puts the stream."""
        self._device = device
        self._server = server
        self._served = True
        """The stream leads to the sound server, as far as anybody can tell."""
        self._replaced = 0
        self._stream: Any = None
        self._life = Life()
        self._fault: str | None = None
        self._tries = 0
        self._tried = -math.inf

    def start(self, patient: bool = False) -> None:
        """Open the device; raises `SoundError` with the devices there are, or, if patient, is lost from the start."""
        _need_library()
        with opening:
            try:
                self._open()
            except SoundError as fault:
                if not patient:
                    raise
                self._fault = str(fault).splitlines()[0]
            _streams.append(self)

    def close(self) -> None:
        """At once: what is in the device's buffer is thrown away (draining it takes up to 1.1 s)."""
        waits = self._server is not None and self._served and not self._server.freshens(CLOSE_SECONDS)
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
        """Why no sound passes, or none that is worth it; or None.

        Its owner polls this, and `reopen` until the device runs again.
        """
        over = self._life.over
        wrong = self._wrong()
        if wrong is not None:
            with opening:
                self._abort()
            self._fault = wrong
        elif over is not None:
            self._fault = HANGS if self._unanswered and not self._life.ended else self._fault or over
        elif self._life.flowing:
            self._fault, self._tries = None, 0
            return self._was_replaced()
        return self._fault

    @property
    def _unanswered(self) -> bool:
        """No sound passes, and the server does not answer: to open or close a stream may take for ever."""
        if self._server is None or not self._served:
            return False
        return self._server.hangs or (self._life.over is not None and not self._server.fresh)

    @property
    def _server_is_there(self) -> bool:
        return self._server is not None and self._server.report is not None and self._server.report.server is not None

    def _missing(self) -> str | None:
        """Why the server has nothing to open."""
        return self._server.place(self._kind).missing if self._server is not None and self._served else None

    def _wrong(self) -> str | None:
        """Why the server's place for the stream is none, if that was told since it was opened."""
        if self._server is None or not self._served or self._stream is None or self._server.as_of < self._life.started:
            return None
        return self._server.place(self._kind).wrong

    def _was_replaced(self) -> str | None:
        """Told once: the device went away, and the server has put the stream to another one."""
        count = 0 if self._server is None else self._server.replaced(self._kind)
        if count == self._replaced:
            return None
        self._replaced = count
        return f"the {self._kind.told} went away; another one is there"

    def reopen(self) -> None:
        """Try to get sound again, at most once a second; raises nothing, `lost` tells what came of it.

        Every third try looks for devices anew, unless that would break into what another stream plays, or a sound
        server tells of them; the others find a server that was restarted, or the system's new choice, and disturb
        nobody.
        """
        with opening:
            starting = self._stream is not None and self._life.over is None
            if starting or time.monotonic() - self._tried < REOPEN_SECONDS or self._unanswered:
                return
            missing = self._missing()
            if missing is not None:
                self._fault = missing
                return
            self._tries += 1
            self._tried = time.monotonic()
            self._abort()
            disturbs = any(stream._busy() for stream in _streams if stream is not self)
            told = self._server_is_there and not isinstance(self._device, int)
            self._try(self._open if disturbs or told or self._tries % 3 != 2 else renew_devices)

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

    def _begin(self, rate: int, blocksize: int, use: Use) -> None:
        """Open and start, with a fresh life."""
        life = Life()
        device, chosen = self._choice()

        def callback(buffer: Any, n: int, _times: Any, flags: Any) -> None:
            at = time.monotonic()
            use(buffer, n, flags, life, at)
            life.called = at

        try:
            os.environ.update(chosen)
            make = sd.RawOutputStream if self._kind is Kind.SINK else sd.RawInputStream
            stream = make(
                samplerate=rate,
                blocksize=blocksize,
                device=device,
                channels=1,
                dtype="int16",
                latency=LATENCY_SECONDS,
                callback=callback,
                finished_callback=life.end,
            )
            life.latency = stream.latency
            self._stream, self._life = stream, life
            stream.start()
            life.started = time.monotonic()
            self._replaced = 0 if self._server is None else self._server.replaced(self._kind)
        except (sd.PortAudioError, ValueError) as fault:
            self._abort()
            named = "the system's" if self._device is None else repr(self._device)
            missing = self._server.place(self._kind).missing if self._server is not None else None
            reason = missing or f"cannot open {self._kind.told} ({named}) at {rate} Hz: {fault}"
            raise SoundError(f"{reason}\nchoose one of these:\n{self._devices()}") from fault
        finally:
            for name in chosen:
                del os.environ[name]

    def _choice(self) -> tuple[Device, Mapping[str, str]]:
        """What to open, and what libpulse is told by the environment; SoundError: it is not there."""
        self._served = self._device is None or str(self._device) in BRIDGES
        if self._server is None or not self._server_is_there:
            return self._device, {}
        place = self._server.place(self._kind)
        if place.name is not None:
            self._served = True
            names = [device["name"] for device in sd.query_devices()]
            bridge = next((name for name in BRIDGES if name in names), None)
            return bridge, {f"PULSE_{self._kind.value.upper()}": place.name}
        if self._served and place.missing is not None:
            raise SoundError(f"{place.missing}\n{self._devices()}")
        return self._device, {}

    def _devices(self) -> str:
        """All that can be chosen, one a line."""
        report = None if self._server is None else self._server.report
        served = [] if report is None else [f"  {one.described}  ({one.name})" for one in report.all(self._kind)]
        return "\n".join([*served, list_devices()])

    def _abort(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()  # without `stop`, PortAudio aborts
            self._life = Life()  # the end of the old one was our doing, not a loss

    def _default_rate(self) -> int:
        try:
            return int(
                sd.query_devices(self._device, "input" if self._kind is Kind.SOURCE else "output")["default_samplerate"]
            )
        except (sd.PortAudioError, ValueError):
            return 0
