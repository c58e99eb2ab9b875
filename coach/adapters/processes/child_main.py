"""The child's side of an engine's process: takes calls from a pipe and answers them in order.

Law: the process imports only what the engine needs, and ends with its parent, even while the engine works.
"""

from __future__ import annotations

import ctypes
import os
import pickle
import signal
import struct
import sys
from collections.abc import Callable
from typing import Any

from coach.ports import WorldError

ANSWER_LENGTH = struct.Struct("!I")
"""Precedes each answer: the answer's length in bytes."""

Call = tuple[str, tuple[Any, ...]]
"""What the parent sends after the engine's maker: a method's name and its arguments."""

_DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of prctl."""


def main() -> None:
    """Make the engine (answer: None), then carry out calls. A `WorldError` is the last answer.

    Before the engine's maker the parent may send functions that only load what the engine will need, and return None.
    """
    if sys.platform == "linux":
        # A stalled engine would not notice that the pipe is closed. "Parent" is the thread that started this process.
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    answers = os.fdopen(os.dup(1), "wb")
    # What an engine prints must not get into the answers.
    os.dup2(2, 1)

    def answer(value: object) -> None:
        data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        answers.write(ANSWER_LENGTH.pack(len(data)) + data)
        answers.flush()

    try:
        engine: object = None
        while engine is None:
            make: Callable[[], object] = pickle.load(sys.stdin.buffer)
            engine = make()
        answer(None)
        while True:
            call: Call = pickle.load(sys.stdin.buffer)
            method, arguments = call
            answer(getattr(engine, method)(*arguments))
    except WorldError as error:
        answer(error)
    except (EOFError, BrokenPipeError):
        pass
    # Nothing needs cleaning up, and an engine may hang while it is destroyed.
    os._exit(0)


if __name__ == "__main__":
    main()
