"""An engine of the voice in a child process, which exists only while something must be rendered.

Law: the engine uses the memory and the interpreter lock (GIL) of the child process, not of this one. The child ends
after `IDLE_SECONDS` without a request.
"""

from __future__ import annotations

import os
import time
from functools import partial
from threading import Lock, Timer

from coach.adapters.processes.child import Child
from coach.adapters.synthesis.clip_store import Engine
from coach.commands import Manner
from coach.ports import Clip, VoiceError

IDLE_SECONDS = 3.0
"""How long a process without work is kept. Two lines that are rendered ahead are some ms apart; a new start costs 1 s
of processor time."""
PATIENCE_SECONDS = 60.0
"""How long to wait for an answer. The longest part takes 1 s, loading 1 s; on a small computer both take five times
as long."""
_TRIES = 2
"""How many processes try to render a text: a process that was killed is replaced."""
_NICENESS = 10
"""Added to the niceness of the process by `lower_priority`, for good."""
_FIRST_WORD = "Ready"
"""Rendered before the first request: it loads the engine and proves that it can speak."""


class VoiceProcess:
    """An `Engine` that renders in the child. Any thread may ask; one thread is served at a time."""

    def __init__(self, engine: Engine, idle_seconds: float = IDLE_SECONDS) -> None:
        """`engine` is sent to the process: it must be picklable, and must not have been used."""
        self.rate = engine.rate
        self._engine = engine
        self._idle_seconds = idle_seconds
        self._lock = Lock()
        self._child: Child | None = None
        self._idle_timer: Timer | None = None
        self._unanswered = 0
        """Number of requests without an answer; making the engine is a request, too."""
        self._last_request = 0.0
        self._low_priority = False

    @property
    def pid(self) -> int | None:
        """The child's process id; None: no child exists."""
        return self._child.pid if self._child is not None else None

    def fingerprint(self, manner: Manner) -> str:
        """The engine's fingerprint; needs no process."""
        return self._engine.fingerprint(manner)

    def begin(self) -> None:
        """Let the process load the engine while the caller continues."""
        with self._lock:
            self._running_child()
            self._restart_idle_timer()

    def lower_priority(self) -> None:
        """Let every other program on this machine go first from now on."""
        with self._lock:
            self._low_priority = True
            if self._child is not None:
                self._child.send(("lower_priority", ()))
                self._wait_for_answer(self._child)

    def render(self, text: str, manner: Manner) -> Clip:
        """The clip of the whole text; raises `VoiceError`."""
        with self._lock:
            for _ in range(_TRIES):
                child = self._running_child()
                child.send(("render", (text, manner)))
                clip = self._wait_for_answer(child)
                if isinstance(clip, Clip):
                    self._restart_idle_timer()
                    return clip
                reason = child.end_and_explain()
                self._end_child()
            raise VoiceError(f"the voice's process does not render {text!r}: {reason}; run coach doctor")

    def close(self) -> None:
        """End the process; may be called again. A later request starts a new process."""
        with self._lock:
            self._end_child()

    def _running_child(self) -> Child:
        """The child, started if there is none."""
        if self._child is None:
            self._child = Child("voice", VoiceError)
            self._child.send(partial(_Worker, self._engine, self._low_priority))
            self._unanswered = 1
        return self._child

    def _wait_for_answer(self, child: Child) -> object:
        """The answer to the last request; None when the process has ended, or gives no answer."""
        self._unanswered += 1
        until = time.monotonic() + PATIENCE_SECONDS
        while not child.has_ended and time.monotonic() < until:
            for answer in child.exchange(1.0):
                if isinstance(answer, VoiceError):
                    self._end_child()
                    raise answer
                self._unanswered -= 1
                if not self._unanswered:
                    return answer
        return None

    def _restart_idle_timer(self) -> None:
        self._last_request = time.monotonic()
        if self._idle_timer is not None:
            self._idle_timer.cancel()
        self._idle_timer = Timer(self._idle_seconds, self._end_if_idle)
        self._idle_timer.daemon = True
        self._idle_timer.start()

    def _end_if_idle(self) -> None:
        with self._lock:
            # A request may have come while this thread waited for the lock.
            if time.monotonic() >= self._last_request + self._idle_seconds:
                self._end_child()

    def _end_child(self) -> None:
        if self._idle_timer is not None:
            self._idle_timer.cancel()
        if self._child is not None:
            self._child.end()
        self._child = self._idle_timer = None


class _Worker:
    """The object that serves the calls in the child process."""

    def __init__(self, engine: Engine, low_priority: bool) -> None:
        self._engine = engine
        if low_priority:
            self.lower_priority()
        engine.render(_FIRST_WORD, Manner.COUNT)

    def render(self, text: str, manner: Manner) -> Clip:
        return self._engine.render(text, manner)

    def lower_priority(self) -> None:
        os.nice(_NICENESS)
