"""A recogniser that fails on purpose, in a module that a child process imports quickly."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence

from coach.adapters.pocketsphinx_recognizer import PocketSphinxRecognizer
from coach.ports import Hypothesis, Pcm

ABORT, RAISE, STALL = -32768, -32767, -32766
"""Samples that have a native abort, an exception and a stall."""


class Brittle(PocketSphinxRecognizer):
    """The real one, but for three samples that no voice gives."""

    def hear(self, pcm: Pcm) -> Sequence[Hypothesis]:
        for sample in set(pcm.tolist()) & {ABORT, RAISE, STALL}:
            if sample == ABORT:
                os.write(1, b"no result was meant by this\n")
                os.abort()
            if sample == STALL:
                os.kill(os.getpid(), signal.SIGSTOP)
            raise RuntimeError("a sample too far")
        return super().hear(pcm)
