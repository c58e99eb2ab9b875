"""A recogniser that fails on purpose, in a module that a child process imports quickly."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence

from coach.adapters.recognition.moonshine.recognizer import MoonshineRecognizer
from coach.ports import HearingError, Hypothesis, Pcm, Vocabulary

ABORT, RAISE, STALL = -32768, -32767, -32766
"""Samples that cause a native abort, an exception and a stall."""


class Brittle(MoonshineRecognizer):
    """The real recogniser, which fails at three sample values that no voice gives, and at one word."""

    def listen_for(self, vocabulary: Vocabulary) -> None:
        if "thwomp" in vocabulary.phrases:
            raise HearingError("no ear for 'thwomp': say it otherwise")
        super().listen_for(vocabulary)

    def hear(self, pcm: Pcm) -> Sequence[Hypothesis]:
        for sample in set(pcm.tolist()) & {ABORT, RAISE, STALL}:
            if sample == ABORT:
                os.write(1, b"no result was meant by this\n")
                os.abort()
            if sample == STALL:
                os.kill(os.getpid(), signal.SIGSTOP)
            raise RuntimeError("a sample too far")
        return super().hear(pcm)
