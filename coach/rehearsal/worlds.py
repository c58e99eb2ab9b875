"""The two virtual worlds a script is performed in: text, and audio through the real recogniser and the real voice.

Law: time jumps (text) or is counted in samples (audio); no clock is read, so the same script gives the same answer on
every run and machine.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping

import numpy as np

from coach.adapters.voice import MixedVoice
from coach.audio.mixer import Mixer
from coach.audio.own_voice import OwnVoice
from coach.audio.room import SimulatedRoom
from coach.commands import ListenFor, Manner, Record, Say
from coach.events import Event, Heard, SessionStarted, TimePassed
from coach.ports import Pcm, Recognizer, Synthesizer, Vocabulary
from coach.rehearsal.script import Step
from coach.rehearsal.stage import PerformanceOver, Stage

BLOCK_S = 0.02
"""What a sound card delivers at a time."""


class Notebook:
    """A journal that is only witnessed."""

    def record(self, entry: Record) -> None:
        """The stage has seen it."""


class TextWorld:
    """Inbox, ears and voice where the lifter's lines arrive as recognised text and time jumps to the next event."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.now = 0.0
        self._utterances = 0
        self._begun = False

    def next(self, until: float | None) -> Event:
        """The earliest of: the script's next line, the coach's next line (which is checked), the deadline."""
        if not self._begun:
            self._begun = True
            return SessionStarted(0.0)
        while True:
            stage = self._stage
            stage.settle()
            if stage.over:
                raise PerformanceOver
            line, due = stage.next_line_at(), stage.due()
            moments = [moment for moment in (line, due, until) if moment is not None]
            if not moments:
                stage.give_up(self.now)
            self.now = max(self.now, min(moments))
            if until is not None and until <= self.now:
                # First what the conversation does at that moment: a count falls on the move it announces.
                return TimePassed(until)
            if line is not None and line <= self.now:
                stage.coach_speaks()
            elif due is None or due > self.now:
                return TimePassed(self.now)
            elif (step := stage.take_due(self.now)) is not None:
                return self._hear(step)

    def _hear(self, step: Step) -> Event:
        self._utterances += 1
        began = self.now - self._stage.measure(step.text, Manner.SENTENCE).total
        heard = Heard(self.now, began, step.text, 1.0, self._utterances, final=True)
        self._stage.heard(heard)
        return heard

    def listen_for(self, wanted: ListenFor) -> None:
        """Everything is heard; what is live is for the conversation to know."""

    def say(self, line: Say) -> None:
        """The stage has witnessed it."""

    def stop(self, at: float) -> None:
        """The stage has witnessed it."""

    def drop(self, lines: frozenset[int]) -> None:
        """The stage has witnessed it."""

    def set_volume(self, decibels: float) -> None:
        """Text has no level."""

    def set_pace(self, percent: int) -> None:
        """Text takes the time it takes."""


class AudioWorld:
    """Inbox and ears on counted samples: the lifter's clips go through the real recogniser, the voice is mixed."""

    def __init__(
        self,
        stage: Stage,
        recognizer: Recognizer,
        synthesizer: Synthesizer,
        vocabulary_of: Callable[[ListenFor], Vocabulary],
        clips: Mapping[Step, Pcm],
        room: SimulatedRoom | None = None,
        *,
        open_speaker: bool = False,
    ) -> None:
        """`clips`: the samples of every lifter's line at the recogniser's rate. No `room`: only they are heard."""
        self._stage = stage
        self._recognizer = recognizer
        self._vocabulary_of = vocabulary_of
        self._clips = clips
        self._room = room
        self._events: deque[Event] = deque([SessionStarted(0.0)])
        self._mixer = Mixer(synthesizer.rate)
        self.voice = MixedVoice(synthesizer, self._mixer, self._events.append)
        self._own = OwnVoice(self._mixer, recognizer.rate) if open_speaker and room is not None else None
        self._blocks = 0
        self._speaking: Pcm = np.zeros(0, np.int16)
        """What is left of the lifter's line."""
        self._partial = Heard(0.0, 0.0, "", 0.0, 0, final=True)
        """The first that was made of the words heard last."""
        self.lifter: list[Pcm] = []
        """What the microphone heard, at the recogniser's rate."""
        self.coach: list[Pcm] = []
        """The coach's channel, at the voice's rate."""

    @property
    def now(self) -> float:
        """Session seconds performed."""
        return self._blocks * BLOCK_S

    def listen_for(self, wanted: ListenFor) -> None:
        """The recogniser hears these from the next block on."""
        self._recognizer.listen_for(self._vocabulary_of(wanted))

    def next(self, until: float | None) -> Event:
        """Play and hear block after block until something happens."""
        while True:
            if self._events:
                return self._events.popleft()
            if until is not None and until <= self.now:
                return TimePassed(until)
            self._stage.settle()
            if self._stage.over:
                raise PerformanceOver
            coming = (until, self._stage.next_line_at(), self._stage.due())
            if coming == (None, None, None) and not len(self._speaking) and self.now > self._stage.patience():
                self._stage.give_up(self.now)
            self._block()

    def _block(self) -> None:
        """20 ms: the lifter's samples to the recogniser, the coach's to the mix."""
        end = (self._blocks + 1) * BLOCK_S
        due = self._stage.due()
        if not len(self._speaking) and due is not None and due <= self.now:
            step = self._stage.take_due(self.now)
            if step is not None:
                self._speaking = self._clips[step]
                self._stage.lifter_speaks_until(self.now + len(self._speaking) / self._recognizer.rate)
        self._blocks += 1
        samples = round(self._recognizer.rate * BLOCK_S)
        block = np.zeros(samples, np.int16)
        block[: len(self._speaking)] = self._speaking[:samples]
        self._speaking = self._speaking[samples:]
        self.coach.append(self._mixer.mix(round(end * self._mixer.rate) - self._mixer.position))
        if self._room is not None:
            block = self._room.capture(block, self.coach[-1])
        self.lifter.append(block)
        self.voice.report()
        while (line := self._stage.next_line_at()) is not None and line <= end:
            self._stage.coach_speaks()
        if self._own is not None:
            block = self._own.hear(block, end)
        for guess in self._recognizer.hear(block):
            heard = Heard(
                at=end,
                began=guess.began,
                text=guess.text,
                confidence=guess.confidence,
                utterance=guess.utterance,
                final=guess.final,
                others=self._own is None or self._own.others(guess.began, guess.at),
                guess=guess.guess,
                reason=guess.reason,
            )
            if heard.others:
                self._note(heard)
            self._events.append(heard)

    def _note(self, heard: Heard) -> None:
        """The transcript has a lifter's line where its words were first made out."""
        if heard.text != self._partial.text or heard.utterance != self._partial.utterance:
            self._partial = heard
        if heard.final:
            self._stage.heard(self._partial)
