"""The parent's side of an engine's process: what is sent, what came back, and how the process ended.

Law: only `exchange` waits, and no longer than its argument says.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import subprocess
import sys

from coach.adapters.processes.child_main import ANSWER_LENGTH
from coach.ports import WorldError

_MODULE = "coach.adapters.processes.child_main"
_PIECE_BYTES = 1 << 16
_KEPT_ERROR_BYTES = 2000
"""Most bytes of the child's standard error that are kept."""


class Child:
    """A child process in a fresh interpreter. It is not a fork, because this process has threads. It has a process
    group of its own, so that Ctrl-C and Ctrl-Z in the terminal do not reach it.
    """

    def __init__(self, name: str, error_type: type[WorldError]) -> None:
        """`name`: what the child runs, for people. `error_type`: raised when the child cannot be started."""
        # The child finds the modules that this process finds, but nothing in the working folder (-P).
        path = os.pathsep.join(folder or str(os.curdir) for folder in sys.path)
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", _MODULE, name],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                env={**os.environ, "PYTHONPATH": path},
                process_group=0,
            )
        except OSError as error:
            raise error_type(f"cannot start a process for the {name} ({error}): close other programs") from error
        pipes = self._process.stdin, self._process.stdout, self._process.stderr
        self._pipes = [pipe for pipe in pipes if pipe is not None]
        self._requests, self._answers, self._errors = (pipe.fileno() for pipe in self._pipes)
        for pipe in self._pipes:
            os.set_blocking(pipe.fileno(), False)
        self._to_send = bytearray()
        self._received = bytearray()
        self._printed = b""
        self._is_killed = False
        self.has_ended = False
        """Whether no more messages will come from the child."""

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    def send(self, message: object) -> None:
        """Send a message. What the pipe cannot take now waits in a buffer."""
        self._to_send += pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        self._write()

    def exchange(self, seconds: float) -> list[object]:
        """Return the whole answers that came; wait at most this many seconds for something to come."""
        ready = select.poll()
        ready.register(self._answers, select.POLLIN)
        ready.register(self._errors, select.POLLIN)
        if self._to_send:
            ready.register(self._requests, select.POLLOUT)
        for pipe, _ in [] if self.has_ended else ready.poll(seconds * 1000):
            if pipe == self._requests:
                self._write()
            elif pipe == self._answers:
                self._received += self._read(pipe)
            else:
                self._printed = (self._printed + self._read(pipe))[-_KEPT_ERROR_BYTES:]
        return self._take_answers()

    def end_and_explain(self) -> str:
        """End the child; return how it ended and the last line that it printed."""
        # The pipes close a little before the process ends. Without this wait, the answer would name the signal of
        # `end`.
        try:
            code = self._process.wait(0.1)
        except subprocess.TimeoutExpired:
            code = None
        printed = self._printed + (b"" if self._is_killed else self._read(self._errors))
        lines = [line.strip() for line in printed.decode(errors="replace").split("\n") if line.strip()]
        self.end()
        if code is None:
            how = "it closed its pipes"
        elif code < 0:
            how = f"it was ended by {signal.Signals(-code).name}"
        else:
            how = f"it ended with code {code}"
        return f"{how} ({lines[-1]})" if lines else how

    def end(self) -> None:
        """Kill the child at once; may be called again."""
        if self._is_killed:
            return
        self._is_killed = self.has_ended = True
        self._process.kill()
        self._process.wait()
        for pipe in self._pipes:
            pipe.close()

    def _write(self) -> None:
        try:
            del self._to_send[: os.write(self._requests, self._to_send)]
        except BlockingIOError:
            pass
        except BrokenPipeError:
            # The child has ended; its last answer can still be read.
            self._to_send.clear()

    def _read(self, pipe: int) -> bytes:
        try:
            piece = os.read(pipe, _PIECE_BYTES)
        except BlockingIOError:
            return b""
        self.has_ended = self.has_ended or (pipe == self._answers and not piece)
        return piece

    def _take_answers(self) -> list[object]:
        answers = []
        while len(self._received) >= ANSWER_LENGTH.size:
            (size,) = ANSWER_LENGTH.unpack_from(self._received)
            end = ANSWER_LENGTH.size + size
            if len(self._received) < end:
                break
            answers.append(pickle.loads(bytes(self._received[ANSWER_LENGTH.size : end])))
            del self._received[:end]
        return answers
