"""Standard output and error in every condition: closed, full, or in an encoding that lacks a letter.

Law: text that cannot be printed is a failure only if it is the output of the command; then one line says so.
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
    """Raised for SIGTERM: a service manager, or `kill`, wants the coach to end, as Ctrl-C does."""


@contextlib.contextmanager
def ending_when_terminated() -> Iterator[None]:
    """Inside this context SIGTERM raises `Terminated` in the main thread, so that open resources are closed."""

    def end(_number: int, _frame: FrameType | None) -> None:
        # A second SIGTERM must not interrupt the closing.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise Terminated

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def prepare_streams() -> None:
    """Connects closed streams to the null device; letters that an encoding lacks are written as escapes."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            # Otherwise the next file that is opened takes the stream's number, and gets what C libraries print.
            setattr(sys, name, open(os.devnull, mode))  # noqa: PTH123, SIM115  for the rest of the process
        elif isinstance(stream, io.TextIOWrapper) and name != "stdin":
            stream.reconfigure(errors="backslashreplace")


def print_error(text: str) -> None:
    """Prints a line on standard error, if it can be printed."""
    with contextlib.suppress(OSError):
        print(text, file=sys.stderr, flush=True)


def print_interrupt() -> None:
    """Says that Ctrl-C ended the command; on a terminal, in the line below the ^C."""
    print_error("\ncoach: ended" if sys.stderr.isatty() else "coach: ended")


def flush_output() -> OSError | None:
    """Prints what is buffered; returns why that failed, or None.

    After a failure the buffer is thrown away, so that the interpreter ends without a message.
    """
    try:
        sys.stdout.flush()
    except OSError as error:
        silence_output()
        return error
    return None


def silence_output() -> None:
    """Sends everything that is printed from now on to the null device."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
