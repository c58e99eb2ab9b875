"""A Wyoming server as a second ear: it transcribes one utterance after the other.

Law: sound is sent only to the named address, and one utterance at a time. Asking does not wait for the answer.
"""

from __future__ import annotations

from threading import Event as Flag
from threading import Thread

import numpy as np
from wyoming.asr import Transcribe
from wyoming.audio import AudioChunk, AudioStart, AudioStop

from coach.adapters.recognition.helped_recognizer import PATIENCE_SECONDS, Question
from coach.adapters.wyoming.address import Address
from coach.adapters.wyoming.client import Connection, LateError, ServerError
from coach.adapters.wyoming.server import Server
from coach.ports import Pcm

RATE = 16_000
_CHUNK = RATE // 4
"""Samples that are sent at once."""
_MAX_CHARACTERS = 500
"""Most characters of a transcript: eight seconds of fast speech have 200."""
_MAX_LATE = 2
"""After this many late answers in a row the server counts as gone, so that nobody waits for it."""
_TRIED_S = 0.5
"""Seconds of silence that a server that was gone must transcribe before it counts as back."""


class WyomingSecondEar:
    """A `SecondEar` that asks a server. One thread asks; each answer comes on a thread of its own."""

    def __init__(self, address: Address, seconds: float = PATIENCE_SECONDS) -> None:
        """`seconds`: how long an answer may take. Nothing is sent yet."""
        self.server = Server(address, "asr", _try, seconds)
        self._seconds = seconds
        self._question: Question | None = None
        self._late = 0

    def ask(self, pcm: Pcm) -> Question | None:
        """Send mono samples at `RATE`. None: the server cannot be asked now."""
        if self.server.gone is not None or (self._question is not None and not self._question.answered.is_set()):
            return None
        self._question = question = Question(Flag())
        Thread(target=self._answer, args=(question, pcm), name="second ear", daemon=True).start()
        return question

    def close(self) -> None:
        """Take no more questions."""
        self.server.close()

    def _answer(self, question: Question, pcm: Pcm) -> None:
        try:
            with self.server.open(self._seconds) as connection:
                question.words = transcribe(connection, pcm)
            self._late = 0
        except LateError as error:
            self._late += 1
            if self._late >= _MAX_LATE:
                self._late = 0
                self.server.lose(str(error))
        except ServerError as error:
            self.server.lose(str(error))
        finally:
            question.answered.set()


def transcribe(connection: Connection, pcm: Pcm) -> str:
    """The words in mono samples at `RATE`; empty: no words. ServerError: the server fails."""
    form = {"rate": RATE, "width": 2, "channels": 1}
    sound = pcm.astype("<i2")
    pieces = [sound[first : first + _CHUNK].tobytes() for first in range(0, len(sound), _CHUNK)]
    chunks = [AudioChunk(audio=piece, **form) for piece in pieces]
    connection.send(Transcribe(language="en"), AudioStart(**form), *chunks, AudioStop())
    while True:
        event = connection.receive()
        if event.type == "error":
            raise ServerError("it cannot transcribe")
        if event.type == "transcript":
            text = event.data.get("text")
            if not isinstance(text, str) or len(text) > _MAX_CHARACTERS:
                raise ServerError("its transcript is not a text of a few words")
            return text


def _try(connection: Connection) -> None:
    transcribe(connection, np.zeros(round(_TRIED_S * RATE), np.int16))
