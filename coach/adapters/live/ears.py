"""The listening thread: passes the microphone's sound to the recogniser, and posts `Heard` events.

Law: the coach never becomes deaf unnoticed. Missing sound and a recogniser that fails are events.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event as Flag
from threading import Thread

from coach.adapters.sound.block import Block
from coach.adapters.sound.devices import Microphone
from coach.audio.clock_map import ClockMap
from coach.audio.microphone_check import MicrophoneCheck, MicrophoneState
from coach.audio.own_voice import OwnVoice
from coach.audio.surroundings import Surroundings
from coach.commands import ListenFor
from coach.events import Event, Heard, HearingFailed, MicrophoneFound, MicrophoneLost, MicrophoneSilent
from coach.ports import Hypothesis, Pcm, Recognizer, Vocabulary

CLOSE_SECONDS = 5.0
"""Longest wait for the thread at the end."""
_DEAD_MICROPHONE = "the microphone gives nothing any more: is it muted, or its plug loose?"
_NOTHING_HEARD = "nothing is heard from the microphone: unmute it, turn it up, or choose another (coach doctor)"
TAKE_SECONDS = 0.1
"""Longest wait for a block before the microphone is checked."""


class ThreadedEars:
    """Owns the recogniser; uses and closes it on this thread only. The caller starts and closes the microphone."""

    def __init__(
        self,
        microphone: Microphone,
        recognizer: Recognizer,
        vocabulary_of: Callable[[ListenFor], Vocabulary],
        put: Callable[[Event], None],
        now: Callable[[], float],
        own_voice: OwnVoice | None = None,
        surroundings: Surroundings | None = None,
        keep: Callable[[Pcm], None] | None = None,
        alive: Callable[[], None] = lambda: None,
    ) -> None:
        """`put`: posts events. `now`: session seconds. `own_voice`: removes the coach's voice, for an open loudspeaker.
        `surroundings`: measures how well the lifter can hear. `keep`: gets all samples as the microphone gave them.
        `alive`: called after each block, and after each attempt to open a lost microphone; not while the thread hangs.
        """
        if microphone.rate != recognizer.rate:
            raise ValueError(f"microphone gives {microphone.rate!r} Hz, {recognizer.name} takes {recognizer.rate!r}")
        self._microphone = microphone
        self._recognizer = recognizer
        self._vocabulary_of = vocabulary_of
        self._put = put
        self._now = now
        self._own_voice = own_voice
        self._surroundings = surroundings
        self._keep = keep
        self._alive = alive
        self._next: ListenFor | None = None
        self._closing = Flag()
        self._thread = Thread(target=self._run, name="ears", daemon=True)
        # Used only by the thread.
        self._current: ListenFor | None = None
        self._map = ClockMap(microphone.rate)
        self._skipped = 0
        """Samples that the microphone counted and that were lost before the recogniser."""
        self._fed = 0
        """Samples that the recogniser was given."""
        self._deaf = False
        """The microphone is lost."""
        self._microphone_check = MicrophoneCheck(microphone.rate)
        self._silence_reported = False
        """The event that nothing is heard was posted."""

    def start(self, deaf: bool = False) -> None:
        """Start the thread. `deaf`: the microphone is lost, and the session knows it."""
        self._deaf = deaf
        self._thread.start()

    def close(self) -> None:
        """Stop listening and free the recogniser."""
        self._closing.set()
        if self._thread.ident is not None:
            # A server that hangs just now may hold it.
            self._thread.join(CLOSE_SECONDS)

    def listen_for(self, intents: ListenFor) -> None:
        """Listen for these intents from the next block on. Any thread may call this; the last call counts."""
        self._next = intents

    def _run(self) -> None:
        try:
            while not self._closing.is_set():
                self._switch()
                block = self._microphone.take(TAKE_SECONDS)
                # Sound may come from a wrong device: the server may have moved the stream.
                reason = self._microphone.lost()
                if reason is not None:
                    self._look_after_microphone(reason)
                elif block is not None and len(block.pcm):
                    self._hear(block)
                    self._alive()
        except Exception as error:  # noqa: BLE001 - the thread's entry point: after any error the coach is deaf
            self._put(HearingFailed(self._now(), f"{type(error).__name__}: {error}"))
        finally:
            self._recognizer.close()

    def _switch(self) -> None:
        wanted = self._next
        if wanted is not None and wanted != self._current:
            self._recognizer.listen_for(self._vocabulary_of(wanted))
            self._current = wanted

    def _hear(self, block: Block) -> None:
        pcm = block.pcm
        self._check_level(pcm)
        if self._keep is not None:
            self._keep(pcm)
        self._skipped = block.first - self._fed
        self._fed += len(block.pcm)
        self._map.observe(block.first + len(block.pcm), self._now() - (time.monotonic() - block.arrived))
        if self._own_voice is not None:
            pcm = self._own_voice.hear(pcm, self._map.seconds(block.first + len(block.pcm)))
        if self._surroundings is not None:
            self._surroundings.take(pcm)
        for hypothesis in self._recognizer.hear(pcm):
            heard = self._heard(hypothesis)
            if self._surroundings is not None and heard.final and heard.text and heard.others_heard:
                self._surroundings.lifter_spoke(hypothesis.began, hypothesis.ended)
            self._put(heard)

    def _heard(self, hypothesis: Hypothesis) -> Heard:
        # If the clock map is a little ahead, the inbox must not hold back a "stop".
        at = min(self._seconds(hypothesis.at), self._now())
        others = self._own_voice is None or self._own_voice.heard_others(hypothesis.began, hypothesis.at)
        return hypothesis.heard(at, min(self._seconds(hypothesis.began), at), others)

    def _seconds(self, of_audio: float) -> float:
        return self._map.seconds(round(of_audio * self._microphone.rate) + self._skipped)

    def _check_level(self, pcm: Pcm) -> None:
        """Check from the sound itself whether the microphone hears anything."""
        match self._microphone_check.take(pcm, self._own_voice is not None and self._own_voice.is_audible):
            case MicrophoneState.DEAD:
                self._lose(_DEAD_MICROPHONE)
                return
            case MicrophoneState.HEARS_NOTHING if not self._silence_reported:
                self._silence_reported = True
                self._put(MicrophoneSilent(self._now(), _NOTHING_HEARD))
        if self._deaf:
            self._deaf = False
            self._put(MicrophoneFound(self._now()))

    def _lose(self, reason: str) -> None:
        if not self._deaf:
            self._deaf = True
            self._put(MicrophoneLost(self._now(), reason))

    def _look_after_microphone(self, reason: str) -> None:
        self._lose(reason)
        self._microphone_check = MicrophoneCheck(self._microphone.rate)
        self._microphone.reopen()
        self._alive()
