"""Keeps what ALSA, PortAudio and JACK print off the screen: dozens of lines for each underrun or lost device.

Law: every line goes to a file. Only the first line after the start is reported, in the coach's words. What Python
writes to standard error still reaches the screen.
"""

from __future__ import annotations

import contextlib
import faulthandler
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import BinaryIO, Self, TextIO

from coach.adapters.files.folders import data_folder

_MAX_BYTES = 1 << 20
"""Size limit of the log file in bytes. Lines beyond it are dropped."""
_INTERRUPTED = ("underrun", "overrun", "xrun", "underflow", "overflow")
"""Words in lines about interrupted sound."""


def chatter_file() -> Path:
    """The log file, beside the journal. Every session in which a library prints something begins the file again."""
    return data_folder() / "sound.log"


class Chatter:
    """Redirects standard error of the C libraries while entered; Python's standard error stays where it was."""

    def __init__(self, log: Path, report: Callable[[str], None]) -> None:
        """`log`: the log file. `report`: takes one line for people; it is called in the reading thread."""
        self._log = log
        self._report = report
        self._stderr: TextIO | None = None
        """Python's standard error before; None: it was not replaced."""
        self._saved_descriptor = -1
        """Copy of the descriptor of standard error; -1: nothing is redirected."""
        self._thread = Thread(target=self._read, name="chatter", daemon=True)
        self._file: BinaryIO | None = None
        self._pipe: BinaryIO | None = None
        self._started = self._reported = False
        self.lines = self.interruptions = 0
        """Counts so far: all lines, and those lines that are about interrupted sound."""

    def __enter__(self) -> Self:
        try:
            self._saved_descriptor = os.dup(2)
        except OSError:
            # Standard error is closed, so nobody reads it.
            return self
        reading, writing = os.pipe()
        # A library that prints must not wait for this process: the printing thread may be the one that plays.
        os.set_blocking(writing, False)
        os.dup2(writing, 2)
        os.close(writing)
        with contextlib.suppress(io.UnsupportedOperation):
            if sys.stderr.fileno() == 2:
                self._stderr, sys.stderr = sys.stderr, _like(sys.stderr, self._saved_descriptor)
                if faulthandler.is_enabled():
                    # When a watchdog ends the process, the traceback must not go into the pipe that this process itself
                    # reads.
                    faulthandler.enable(sys.stderr)
        self._pipe = os.fdopen(reading, "rb")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._saved_descriptor < 0:
            return
        os.dup2(self._saved_descriptor, 2)
        if self._stderr is not None:
            sys.stderr.flush()
            sys.stderr = self._stderr
            if faulthandler.is_enabled():
                faulthandler.enable(sys.stderr)
        os.close(self._saved_descriptor)
        # A process that the coach started may hold the pipe open a little longer.
        self._thread.join(0.5)

    def start(self) -> None:
        """Report what is printed from now on, because the session runs. Before the session, looking for devices prints
        lines that mean nothing.
        """
        self._started = True

    def _read(self) -> None:
        if self._pipe is None:
            raise AssertionError("read before it was entered")
        with contextlib.suppress(OSError), self._pipe:
            for line in self._pipe:
                self._take(line)
        if self._file is not None:
            self._file.close()

    def _take(self, line: bytes) -> None:
        text = line.decode(errors="replace").strip()
        interrupted = any(word in text.lower() for word in _INTERRUPTED)
        self._write(line)
        if self._started and not self._reported and text:
            self._reported = True
            what = "sound was interrupted for a moment" if interrupted else f"the sound system says {text[:120]!r}"
            self._report(f"{what}; what else it says is in {self._log}, or on the screen with --verbose")
        # Counted last, because a thread that waits for this count may start the session then.
        self.interruptions += interrupted
        self.lines += 1

    def _write(self, line: bytes) -> None:
        """Write the line to the file. A file that cannot be written is not reported: nobody has asked for it."""
        with contextlib.suppress(OSError):
            if self._file is None:
                self._log.parent.mkdir(parents=True, exist_ok=True)
                self._file = self._log.open("wb", buffering=0)
            if self._file.tell() < _MAX_BYTES:
                self._file.write(line)


def _like(stream: TextIO, descriptor: int) -> TextIO:
    """A stream like `stream` that writes to `descriptor`."""
    return open(descriptor, "w", buffering=1, encoding=stream.encoding, errors="backslashreplace", closefd=False)
