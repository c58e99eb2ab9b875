"""The sound server (PulseAudio, PipeWire) as the coach sees it: whether it answers, its devices, where our streams are.

PortAudio knows one device behind a sound server, and not to which device the server has connected it. When a USB
microphone is pulled out, the server moves our stream to another source, often to the monitor of the loudspeaker, which
is silent or has the coach's own voice.

Law: nothing here waits for the server. The guard (`guard.py`), a process of its own, reports what is known. If the
settings name a device, only this device is used. Otherwise any device that the server chooses is used, except a monitor
of what the coach plays.
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
"""Names of ALSA's devices that lead to a sound server."""
ANSWER_S = 3.0
"""Longest wait for the first report. A server answers in milliseconds, but the guard's process may need a second to
start on a busy Raspberry Pi."""
_HANGS_AFTER_S = 2.0
"""A server that has not answered for this time hangs."""
FRESH_S = 0.7
"""An answer is recent for this time. The guard asks four times a second. The time is less than the second after which a
stream without sound counts as lost."""
_RESTART_S = 2.0
"""Seconds before a guard that ended is started again."""
_REPLACED_WITHIN_S = 2.0
"""The server first moves a stream and then removes the device, and a report may come between the two. A device
that goes within this time after the move was the reason for the move."""
_END_S = 2.0
"""Longest wait for the guard at the end."""


class SoundServer:
    """Runs the guard and has its last report. Any thread may use it, except `start` and `close`."""

    def __init__(self, devices: Devices, environ: Mapping[str, str] = os.environ) -> None:
        self._named = {
            kind: device if isinstance(device, str) and device not in BRIDGES else None
            for kind, device in ((DeviceKind.SINK, devices.output), (DeviceKind.SOURCE, devices.input))
        }
        self._environ = environ
        self._process: subprocess.Popen[str] | None = None
        self._closing = False
        self._changed = Condition()
        self._report: ServerReport | None = None
        self.answered_at = math.inf
        """When the server answered last, or the guard reported that none is reachable, on the monotonic clock;
        infinite: no guard runs."""
        self._moved: set[tuple[DeviceKind, int, int]] = set()
        """Moves that were asked for: kind, stream, device."""
        self.times_replaced = dict.fromkeys(DeviceKind, 0)
        """How often our stream's device went away and the server moved the stream to another one."""
        self._left_device: dict[DeviceKind, tuple[int, float]] = {}
        """For each kind, number of the device from which the server moved our stream last, and when."""
        self.placements = dict.fromkeys(DeviceKind, Placement())
        """The judgements about the coach's streams."""
        self._thread = Thread(target=self._run, name="sound server", daemon=True)

    def start(self) -> None:
        """Start the guard."""
        self.answered_at = time.monotonic()
        self._begin()
        self._thread.start()

    def close(self) -> None:
        """End the guard, which first restores the volume of other players."""
        self._closing = True
        process = self._process
        if process is None or process.stdin is None:
            return
        with contextlib.suppress(OSError):
            process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            # A guard that hangs ends by itself, after it has restored the volumes.
            process.wait(_END_S)
            self._thread.join(_END_S)

    def answers(self, seconds: float = ANSWER_S) -> bool:
        """Wait until it is known whether the server answers. True also where no server runs."""
        with self._changed:
            self._changed.wait_for(lambda: self._report is not None, seconds)
            return self._report is not None and not self.hangs

    @property
    def is_fresh(self) -> bool:
        """Whether the server answered just now."""
        return time.monotonic() - self.answered_at < FRESH_S

    def wait_until_fresh(self, seconds: float) -> bool:
        """Wait until the server answers; False: it has not answered within this time."""
        end = time.monotonic() + seconds
        while not self.is_fresh and not self.hangs and time.monotonic() < end:
            time.sleep(0.05)
        return self.is_fresh

    @property
    def hangs(self) -> bool:
        """The server accepts calls and does not answer. Opening or closing a device would never return."""
        return time.monotonic() - self.answered_at > _HANGS_AFTER_S

    @property
    def report(self) -> ServerReport:
        """The last report; empty: none has come yet."""
        return self._report or ServerReport()

    def duck(self, decibels: float) -> None:
        """Set the level of other players: below 0 turns them down, 0 restores their volume."""
        self._send({"duck": decibels})

    def _send(self, command: object) -> None:
        process = self._process
        if process is not None and process.stdin is not None and not self._closing:
            # The pipe to a guard that hangs holds some thousands of lines. A guard that ended has restored all volumes.
            with contextlib.suppress(OSError, ValueError):
                process.stdin.write(json.dumps(command) + "\n")
                process.stdin.flush()

    def _begin(self) -> None:
        path = os.pathsep.join(folder or str(os.curdir) for folder in sys.path)
        # The runtime folder is emptied when the machine starts, but a service may not be allowed to write there.
        runtime = self._environ.get("XDG_RUNTIME_DIR", "")
        places = (runtime, str(data_folder()))
        folder = next((place for place in places if os.access(place, os.W_OK)), None)
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
                raise AssertionError("run before it was started")
            with contextlib.suppress(ValueError, OSError):
                for line in self._process.stdout or ():
                    self._take(json.loads(line))
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()
            if not self._closing:
                # Nothing is known, so no device is refused.
                self._report, self.answered_at = ServerReport(), math.inf
                self.placements = dict.fromkeys(DeviceKind, Placement())
                time.sleep(_RESTART_S)
                self._begin()

    def _take(self, message: dict[str, Any]) -> None:
        """Take one line of the guard."""
        with self._changed:
            self.answered_at = message["at"]
            if "server" in message:
                before, self._report = self._report, ServerReport.from_message(message)
                for kind in DeviceKind:
                    self._count_replaced(kind, before, message["at"])
                    self.placements[kind] = judge(self._report, kind, self._named[kind])
            self._changed.notify_all()
        self._move()

    def _count_replaced(self, kind: DeviceKind, before: ServerReport | None, at: float) -> None:
        """Count when the device of our stream went away. If somebody chose another device, the old one still exists."""
        report = self.report
        if (moved_from := report.moved_from(kind, before)) is not None:
            self._left_device[kind] = (moved_from, at)
        left = self._left_device.get(kind)
        if left is not None and report.device_with(kind, left[0]) is None:
            del self._left_device[kind]
            self.times_replaced[kind] += at - left[1] < _REPLACED_WITHIN_S

    def _move(self) -> None:
        """Move streams to the devices that the settings name, if they exist. Each move is asked for once, because the
        server may refuse it.
        """
        for kind in DeviceKind:
            placement = self.placements[kind]
            if placement.stream is None or placement.device is None or placement.wrong is None:
                continue
            order = (kind, placement.stream, placement.device)
            if order not in self._moved:
                self._moved.add(order)
                self._send({"move": [kind.value, placement.stream, placement.device]})
