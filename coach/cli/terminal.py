"""Standard output and error as they may be: closed, full, or in an encoding that lacks a letter.

Law: what cannot be printed is no reason to fail but for the command whose output it is, and then it is one line.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
from collections.abc import Iterator
from types import FrameType


class Terminated(KeyboardInterrupt):
    """SIGTERM: a service manager, or `kill`, wants the coach to end as Ctrl-C does."""


@contextlib.contextmanager
def ending_when_terminated() -> Iterator[None]:
    """Inside, SIGTERM raises `Terminated` in this thread, the main one: what is open is closed."""

    def end(_number: int, _frame: FrameType | None) -> None:
        # A second one must not break into the closing.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise Terminated

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def prepare() -> None:
    """Streams that are closed lead to nowhere; letters that a stream's encoding lacks are written as escapes."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            # Else the next file that is opened takes the number, and what C libraries print.
            setattr(sys, name, open(os.devnull, mode))  # noqa: PTH123, SIM115  for the rest of the process
        elif isinstance(stream, io.TextIOWrapper) and name != "stdin":
            stream.reconfigure(errors="backslashreplace")


def tell(text: str) -> None:
    """A line on standard error, or nowhere."""
    with contextlib.suppress(OSError):
        print(text, file=sys.stderr, flush=True)


def tell_interrupt() -> None:
    """That Ctrl-C ended it; on a terminal below the ^C."""
    tell("\ncoach: ended" if sys.stderr.isatty() else "coach: ended")


def finish() -> OSError | None:
    """Print what waits. Why it cannot be printed: then it is thrown away, so that the interpreter's end is quiet."""
    try:
        sys.stdout.flush()
    except OSError as fault:
        silence_output()
        return fault
    return None


def silence_output() -> None:
    """Whatever is printed from now on goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
