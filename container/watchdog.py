"""Does for a container what systemd does for a service: starts the coach, and ends it when it gives no sign of life.

Usage: watchdog.py --alive FILE [--patience SECONDS] COMMAND...      (exits with the command's exit code)
Law: the program only reads the coach's sd_notify messages (`coach/adapters/service/manager.py`), and needs no package.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType

PATIENCE_S = 20.0
"""Longest time without a sign of life, as in `gym-corner.service`."""
START_S = 60.0
"""Longest time until the first sign of life."""
ABORT_S = 2.0
"""Seconds that the coach gets to print where it hangs, and to end."""


class Watch:
    """Watches one run of the command."""

    def __init__(self, alive: Path, patience: float, start: float = START_S) -> None:
        """`alive`: a file that is touched at every sign of life, and is absent until the first. `patience`, `start`:
        longest seconds without a sign of life, later and at the start.
        """
        self._alive = alive
        self._patience = patience
        self._start = start
        alive.parent.mkdir(parents=True, exist_ok=True)
        alive.unlink(missing_ok=True)
        self._address = alive.with_name("notify")
        self._address.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(self._address))
        self._socket.settimeout(0.2)
        self._until = 0.0

    def run(self, command: list[str]) -> int:
        """Run the command until it ends, or is ended because it gives no sign of life. Returns its exit code."""
        variables = {"NOTIFY_SOCKET": str(self._address), "WATCHDOG_USEC": str(round(self._patience * 1e6))}
        with self._socket, subprocess.Popen(command, env={**os.environ, **variables}) as process:

            def end(_number: int, _frame: FrameType | None) -> None:
                process.terminate()

            signal.signal(signal.SIGTERM, end)
            signal.signal(signal.SIGINT, end)
            self._until = time.monotonic() + self._start
            while process.poll() is None:
                self._take()
                if time.monotonic() > self._until:
                    message = f"watchdog: no sign of life for {self._patience:g} s: ending the coach"
                    print(message, file=sys.stderr, flush=True)
                    _end(process)
            return process.returncode if process.returncode >= 0 else 128 - process.returncode

    def _take(self) -> None:
        try:
            message = self._socket.recv(4096).decode(errors="replace")
        except TimeoutError:
            return
        for line in message.splitlines():
            match line.split("=", 1):
                case ["WATCHDOG", "1"]:
                    self._until = time.monotonic() + self._patience
                    self._alive.touch()
                case ["EXTEND_TIMEOUT_USEC", microseconds] if microseconds.isdecimal():
                    self._until = max(self._until, time.monotonic() + int(microseconds) / 1e6)
                case ["STATUS", text]:
                    print(f"status: {text}", flush=True)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGABRT)
    with suppress(subprocess.TimeoutExpired):
        process.wait(ABORT_S)
        return
    process.kill()
    process.wait()


def main() -> int:
    parser = argparse.ArgumentParser(prog="watchdog.py", description="Start a command; end it when it hangs.")
    parser.add_argument("--alive", type=Path, required=True, metavar="FILE", help="touched while it is alive")
    parser.add_argument("--patience", type=float, default=PATIENCE_S, metavar="SECONDS")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    return Watch(options.alive, options.patience).run(options.command)


if __name__ == "__main__":
    sys.exit(main())
