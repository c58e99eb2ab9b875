"""The sound server (PulseAudio, PipeWire) as the coach sees it: whether it answers, its devices, where our sound is.

PortAudio knows one device behind a sound server, and not where the server takes it. A USB microphone that is pulled
lets the server move our stream to another source, often the monitor of the loudspeaker: silence, or the coach itself.

Law: nothing here waits for the server. What is known comes from the guard (`pulse_guard.py`), a process of its own.
A device that was named is that one or none. Where none is named, it is any that the server gives, but no monitor of
what the coach plays.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from threading import Condition, Thread
from typing import Any

from coach.adapters.files.folders import data_folder
from coach.adapters.sound.placement import DeviceKind, Placement, ServerReport, judge
from coach.settings import Devices

RESTART = "restart it: systemctl --user restart pipewire pipewire-pulse wireplumber, or pulseaudio -k"
HANGS = f"the sound server does not answer: {RESTART}"

BRIDGES = ("pulse", "pipewire", "default")
"""ALSA's devices that lead to a sound server."""
ANSWER_S = 3.0
"""A server that answers takes milliseconds; a process that starts on a busy Raspberry Pi a second."""
_HANGS_AFTER_S = 2.0
FRESH_S = 0.7
"""The guard asks four times a second. Less than the second after which a stream without sound is taken for lost."""
_RESTART_S = 2.0
_REPLACED_WITHIN_S = 2.0
"""The server moves a stream first and takes the device away then; a report may come between the two."""
_END_S = 2.0


class SoundServer:
    """The guard and what it told last. From any thread, but for `start` and `close`."""

    def __init__(self, devices: Devices, environ: Mapping[str, str] = os.environ) -> None:
        self._wanted = {
            kind: device if isinstance(device, str) and device not in BRIDGES else None
            for kind, device in ((DeviceKind.SINK, devices.output), (DeviceKind.SOURCE, devices.input))
        }
        self._environ = environ
        self._process: subprocess.Popen[str] | None = None
        self._closing = False
        self._changed = Condition()
        self._report: ServerReport | None = None
        self.answered_at = time.monotonic()
        """When the server answered last, or was known not to be there."""
        self._moved: set[tuple[DeviceKind, int, int]] = set()
        self._replaced = dict.fromkeys(DeviceKind, 0)
        self._left_device: dict[DeviceKind, tuple[int, float]] = {}
        """The device that the server moved our stream away from last, and when."""
        self._placements = dict.fromkeys(DeviceKind, Placement())
        self._thread = Thread(target=self._run, name="sound server", daemon=True)

    def start(self) -> None:
        """Begin to ask."""
        self._begin()
        self._thread.start()

    def close(self) -> None:
        """Other players get their volume back."""
        self._closing = True
        process = self._process
        if process is None or process.stdin is None:
            return
        with contextlib.suppress(OSError):
            process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            # One that hangs ends by itself, once it has given back what it took.
            process.wait(_END_S)
            self._thread.join(_END_S)

    def answers(self, seconds: float = ANSWER_S) -> bool:
        """Wait until it is known whether the server answers; true also where there is none."""
        with self._changed:
            self._changed.wait_for(lambda: self._report is not None, seconds)
            return self._report is not None and not self.hangs

    @property
    def is_fresh(self) -> bool:
        """It answered just now."""
        return time.monotonic() - self.answered_at < FRESH_S

    def wait_until_fresh(self, seconds: float) -> bool:
        """Wait until it answers."""
        end = time.monotonic() + seconds
        while not self.is_fresh and not self.hangs and time.monotonic() < end:
            time.sleep(0.05)
        return self.is_fresh

    @property
    def hangs(self) -> bool:
        """It takes calls and does not answer: whoever opens or closes a device waits for ever."""
        return time.monotonic() - self.answered_at > _HANGS_AFTER_S

    @property
    def report(self) -> ServerReport | None:
        """What was told last; None: nothing yet."""
        return self._report

    def placement(self, kind: DeviceKind) -> Placement:
        """Where the coach's stream is and whether it may stay there."""
        return self._placements[kind]

    def times_replaced(self, kind: DeviceKind) -> int:
        """How often the device under our stream was taken away and another put there."""
        return self._replaced[kind]

    def duck(self, decibels: float) -> None:
        """Turn other players down by so much (below 0), or up again (0)."""
        self._send({"duck": decibels})

    def _send(self, command: object) -> None:
        process = self._process
        if process is not None and process.stdin is not None and not self._closing:
            # A guard that hangs takes some thousands of lines; one that ended gives everything back.
            with contextlib.suppress(OSError, ValueError):
                process.stdin.write(json.dumps(command) + "\n")
                process.stdin.flush()

    def _begin(self) -> None:
        path = os.pathsep.join(folder or str(os.curdir) for folder in sys.path)
        # The first is emptied when the machine starts, but a service may be kept from writing there.
        runtime = self._environ.get("XDG_RUNTIME_DIR", "")
        places = (runtime, str(data_folder()))
        folder = next((one for one in places if os.access(one, os.W_OK)), None)
        arguments = [str(os.getpid()), *([folder] if folder else [])]
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "coach.adapters.sound.guard", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**self._environ, "PYTHONPATH": path},
            process_group=0,
        )

    def _run(self) -> None:
        while not self._closing:
            if self._process is None:
                raise AssertionError("started before it runs")
            with contextlib.suppress(ValueError, OSError):
                for line in self._process.stdout or ():
                    self._take(json.loads(line))
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()
            if not self._closing:
                # Nothing is known, so nothing is held back.
                self._report, self.answered_at = ServerReport(), math.inf
                self._placements = dict.fromkeys(DeviceKind, Placement())
                time.sleep(_RESTART_S)
                self._begin()

    def _take(self, message: dict[str, Any]) -> None:
        with self._changed:
            self.answered_at = message["at"]
            if "server" in message:
                before, self._report = self._report, ServerReport.from_message(message)
                for kind in DeviceKind:
                    self._count_replaced(kind, before, message["at"])
                    self._placements[kind] = judge(self._report, kind, self._wanted[kind])
            self._changed.notify_all()
        self._move()

    def _count_replaced(self, kind: DeviceKind, before: ServerReport | None, at: float) -> None:
        """The device under our stream went away. Or somebody has chosen another one, and it is still there."""
        report = self._report or ServerReport()
        if (moved_from := report.moved_from(kind, before)) is not None:
            self._left_device[kind] = (moved_from, at)
        left = self._left_device.get(kind)
        if left is not None and report.device_with(kind, left[0]) is None:
            del self._left_device[kind]
            self._replaced[kind] += at - left[1] < _REPLACED_WITHIN_S

    def _move(self) -> None:
        """To the device that was named, if it is there: once, for a server that will not is not argued with."""
        for kind in DeviceKind:
            place = self.placement(kind)
            if place.stream is None or place.device is None or place.wrong is None:
                continue
            order = (kind, place.stream, place.device)
            if order not in self._moved:
                self._moved.add(order)
                self._send({"move": [kind.value, place.stream, place.device]})
