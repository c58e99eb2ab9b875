"""Two virtual worlds in which a script is performed: text, and audio with the real recogniser and the real voice.

Law: time jumps (text) or is counted in samples (audio); no clock is read, so the same script gives the same result on
every run and machine.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from coach.adapters.synthesis.voice import MixedVoice
from coach.audio.mixer import Mixer
from coach.audio.onset import audible_end
from coach.audio.own_voice import OwnVoice
from coach.audio.room import SimulatedRoom
from coach.audio.surroundings import Surroundings
from coach.commands import ListenFor, Manner, Say
from coach.events import Event, Heard, SessionStarted, TimePassed, VoiceFailed
from coach.ports import Clip, Hypothesis, Pcm, Recognizer, Synthesizer, Vocabulary, VoiceError
from coach.rehearsal.performing.observations import LifterLine
from coach.rehearsal.performing.stage import Director
from coach.rehearsal.scripts.faults import DeviceFaults, InjectedFault, RehearsalJournal
from coach.rehearsal.scripts.script import Step, StepKind

BLOCK_S = 0.02
"""Length of a block, in seconds: what a sound card delivers at a time."""
PATIENCE_S = 20.0
"""Seconds after the last line until a performance in audio is given up, if no timer runs and no line waits."""


class TextWorld:
    """Inbox, ears and voice where the lifter's lines arrive as recognised text and time jumps to the next event."""

    def __init__(self, director: Director) -> None:
        self._stage = director.stage
        self._director = director
        self.now = 0.0
        self._utterances = 0
        self._events: deque[Event] = deque([SessionStarted(0.0)])
        self._faults = DeviceFaults()
        self._late_utterances: deque[Heard] = deque()
        """Utterances that a stalled recogniser reports when it works again."""
        self.journal = RehearsalJournal(self._faults, self._post)

    def next(self, until: float | None) -> Event:
        """Returns the next event: the lifter's next line or the deadline, whichever comes first.

        Lines of the coach that sound before it are reported to the director.
        """
        while True:
            if self._events:
                return self._events.popleft()
            due = self._director.next_at()
            # Rounded to the millisecond, as in a transcript: so a recording performs the same.
            due = None if due is None else round(due, 3)
            line = self._stage.next_line_at()
            stalled = self._faults.stalled_until if self._late_utterances else None
            moments = [moment for moment in (line, due, until, stalled) if moment is not None]
            if not moments:
                self._director.give_up(f"nothing happened until {self.now:.3f}")
                continue
            self.now = max(self.now, min(moments))
            if until is not None and until <= self.now:
                # The conversation acts first at this moment: a count falls on the move that it announces.
                return TimePassed(until)
            if line is not None and line <= self.now:
                self._director.coach_speaks()
            elif stalled is not None and stalled <= self.now:
                self._hear(self._late_utterances.popleft())
            elif due is None or due > self.now:
                return TimePassed(self.now)
            elif (step := self._director.act()) is not None:
                self._play(step)

    def _play(self, step: Step) -> None:
        """Performs a step of the script: a lifter's line, a fault, or the end of a silence."""
        if step.kind is StepKind.FAULT:
            self._inject(step)
        if step.kind is StepKind.SILENT:
            self._stage.note_silence(self.now)
        if step.kind is not StepKind.LIFTER:
            return
        self._utterances += 1
        text, began = step.text, self.now - self._stage.measure(step.text, Manner.SENTENCE).total
        self._stage.note_utterance(LifterLine(began, self.now, text), self.now, self.now)
        said = Heard(self.now, began, text, 1.0, self._utterances, final=True)
        if self._faults.hearing_lost:
            self._stage.note_unheard(text, self.now)
        elif self.now < self._faults.stalled_until:
            self._late_utterances.append(said)
        else:
            self._hear(said)

    def _hear(self, said: Heard) -> None:
        heard = replace(said, at=self.now)
        self._stage.note_heard(heard)
        self._events.append(heard)

    def _inject(self, step: Step) -> None:
        fault = InjectedFault(step.text)
        self._stage.note_fault(step, self.now)
        event = self._faults.inject(fault, step.seconds, self.now)
        if fault is InjectedFault.CLOCK:
            before, self.now = self.now, self.now + step.seconds
            self._stage.note_clock_jump(before, self.now)
            event = TimePassed(self.now)
        if event is not None:
            self._events.append(event)

    def _post(self, event: Event) -> None:
        """Queues an event of an adapter, with the current time."""
        self._events.append(replace(event, at=self.now))

    def listen_for(self, wanted: ListenFor) -> None:
        """Does nothing: text mode hears everything, and the conversation knows which intents are live."""

    def say(self, line: Say) -> None:
        """Posts `VoiceFailed` if the voice must fail; the stage has observed the line."""
        if self._faults.lines_to_fail:
            self._faults.lines_to_fail -= 1
            self._events.append(VoiceFailed(self.now, line.line_number, "a fault on purpose"))

    def stop(self, at: float) -> None:
        """Does nothing: the stage has observed the command."""

    def drop(self, lines: frozenset[int]) -> None:
        """Does nothing: the stage has observed the command."""

    def set_volume(self, decibels: float) -> None:
        """Does nothing: text has no level."""

    def set_pace(self, percent: int) -> None:
        """Does nothing: the length of a line in text does not depend on the pace."""


class _FailingSynthesizer:
    """A synthesiser that cannot render while `fails` is true; else it renders as the wrapped synthesiser."""

    def __init__(self, synthesizer: Synthesizer) -> None:
        self._synthesizer = synthesizer
        self.rate = synthesizer.rate
        self.fails = False

    def render(self, text: str, manner: Manner) -> Clip:
        """Renders the whole line; VoiceError while `fails` is true."""
        if self.fails:
            raise VoiceError("a fault on purpose")
        return self._synthesizer.render(text, manner)

    def set_pace(self, percent: int) -> None:
        """Sets the pace of what is rendered from now on."""
        self._synthesizer.set_pace(percent)


class AudioWorld:
    """Inbox, ears and voice on counted samples: the lifter's clips go through the real recogniser into a real mix."""

    def __init__(
        self,
        director: Director,
        recognizer: Recognizer,
        synthesizer: Synthesizer,
        vocabulary_of: Callable[[ListenFor], Vocabulary],
        clips: Mapping[Step, Pcm],
        room: SimulatedRoom | None = None,
        *,
        open_speaker: bool = False,
    ) -> None:
        """`clips`: the samples of every lifter's line at the recogniser's rate. `room` None: only clips are heard."""
        self._stage = director.stage
        self._director = director
        self._recognizer = recognizer
        self._vocabulary_of = vocabulary_of
        self._clips = clips
        self._room = room
        self._events: deque[Event] = deque([SessionStarted(0.0)])
        self._faults = DeviceFaults()
        self._mixer = Mixer(synthesizer.rate)
        self._synthesizer = _FailingSynthesizer(synthesizer)
        self._surroundings = Surroundings(recognizer.rate) if room is not None else None
        self._voice = MixedVoice(self._synthesizer, self._mixer, self._events.append, self._surroundings)
        self._own_voice = OwnVoice(self._mixer, recognizer.rate) if open_speaker and room is not None else None
        self.journal = RehearsalJournal(self._faults, lambda event: self._events.append(replace(event, at=self.now)))
        self._blocks = 0
        self._held_blocks: list[Pcm] = []
        """Blocks that wait while the recogniser stalls."""
        self._skipped_s = 0.0
        """Seconds of sound that the recogniser never received."""
        self._lifter_samples: Pcm = np.zeros(0, np.int16)
        """Samples of the lifter's line that are still to come."""
        self._partial = Heard(0.0, 0.0, "", 0.0, 0, final=True)
        """First hypothesis that had the latest words of the current utterance."""
        self.microphone_blocks: list[Pcm] = []
        """What the microphone heard, at the recogniser's rate."""
        self.coach_blocks: list[Pcm] = []
        """The coach's channel, at the voice's rate."""

    @property
    def now(self) -> float:
        """Session seconds performed."""
        return self._blocks * BLOCK_S

    def listen_for(self, wanted: ListenFor) -> None:
        """Sets the recogniser's vocabulary from the next block on."""
        self._recognizer.listen_for(self._vocabulary_of(wanted))

    def say(self, line: Say) -> None:
        """Lays the line; the voice fails with it if a fault was injected."""
        self._synthesizer.fails = self._faults.lines_to_fail > 0
        self._faults.lines_to_fail -= self._synthesizer.fails
        self._voice.say(line)
        self._synthesizer.fails = False

    def stop(self, at: float) -> None:
        """Makes the coach silent from the next block on."""
        self._voice.stop(at)

    def drop(self, lines: frozenset[int]) -> None:
        """Takes back lines that have not begun."""
        self._voice.drop(lines)

    def set_volume(self, decibels: float) -> None:
        """Sets the volume; 0 is full."""
        self._voice.set_volume(decibels)

    def set_pace(self, percent: int) -> None:
        """Sets the pace of sentences that are said from now on."""
        self._voice.set_pace(percent)

    def next(self, until: float | None) -> Event:
        """Plays and hears block after block until something happens; returns that event."""
        while True:
            if self._events:
                return self._events.popleft()
            if until is not None and until <= self.now:
                return TimePassed(until)
            due = self._director.next_at()
            if not len(self._lifter_samples):
                idle = (until, self._stage.next_line_at(), due) == (None, None, None)
                if idle and self.now > self._stage.last_end + PATIENCE_S:
                    self._director.give_up(f"nothing happened until {self.now:.3f}")
                    continue
                if due is not None and due <= self.now and (step := self._director.act()) is not None:
                    self._play(step)
            self._perform_block()

    def _play(self, step: Step) -> None:
        """Performs a step of the script: a lifter's line, a fault, or the end of a silence."""
        if step.kind is StepKind.FAULT:
            self._inject(step)
        if step.kind is StepKind.SILENT:
            self._stage.note_silence(self.now)
        if step.kind is not StepKind.LIFTER:
            return
        self._lifter_samples = self._clips[step]
        rate = self._recognizer.rate
        last_word = self.now + audible_end(self._lifter_samples) / rate
        ends = self.now + len(self._lifter_samples) / rate
        self._stage.note_utterance(LifterLine(self.now, last_word, step.text), self.now, ends)
        if self._faults.hearing_lost:
            self._stage.note_unheard(step.text, self.now)

    def _inject(self, step: Step) -> None:
        fault = InjectedFault(step.text)
        self._stage.note_fault(step, self.now)
        event = self._faults.inject(fault, step.seconds, self.now)
        match fault:
            case InjectedFault.SPEAKER_LOST:
                self._mixer.cut(0)
            case InjectedFault.CLOCK:
                event = self._jump(round(step.seconds / BLOCK_S))
        if event is not None:
            self._events.append(event)

    def _jump(self, blocks: int) -> Event:
        """Skips blocks that nobody plays or hears; the mixer goes on with the clock, as without a loudspeaker."""
        before = self.now
        self._blocks += blocks
        self._skipped_s += self.now - before
        self.microphone_blocks.append(np.zeros(round(blocks * BLOCK_S * self._recognizer.rate), np.int16))
        self.coach_blocks.append(np.zeros_like(self._mix()))
        self._stage.note_clock_jump(before, self.now)
        return TimePassed(self.now)

    def _mix(self) -> Pcm:
        """Mixes the coach's samples up to now; returns silence if the loudspeaker is gone."""
        mixed = self._mixer.mix(round(self.now * self._mixer.rate) - self._mixer.position)
        return np.zeros_like(mixed) if self._faults.speaker_lost else mixed

    def _perform_block(self) -> None:
        """Performs 20 ms: the recogniser hears the lifter's samples, and the coach's samples are mixed."""
        self._blocks += 1
        samples = round(self._recognizer.rate * BLOCK_S)
        block = np.zeros(samples, np.int16)
        block[: len(self._lifter_samples)] = self._lifter_samples[:samples]
        self._lifter_samples = self._lifter_samples[samples:]
        self.coach_blocks.append(self._mix())
        if self._room is not None:
            block = self._room.capture(block, self.coach_blocks[-1])
        self.microphone_blocks.append(block)
        self._voice.report_finished()
        while (line := self._stage.next_line_at()) is not None and line <= self.now:
            self._director.coach_speaks()
        if self._own_voice is not None:
            block = self._own_voice.hear(block, self.now)
        self._hear(block)

    def _hear(self, block: Pcm) -> None:
        """Gives the block to the recogniser, and before it the blocks that waited."""
        if self._faults.hearing_lost:
            self._skipped_s += BLOCK_S
            return
        self._held_blocks.append(block)
        if self.now <= self._faults.stalled_until:
            return
        blocks, self._held_blocks = self._held_blocks, []
        for guess in (guess for held in blocks for guess in self._guesses(held)):
            others = self._own_voice is None or self._own_voice.heard_others(guess.began, guess.at)
            heard = guess.heard(self.now, guess.began + self._skipped_s, others)
            if heard.others_heard:
                self._note(heard)
                if self._surroundings is not None and heard.final and heard.text:
                    self._surroundings.lifter_spoke(guess.began, guess.ended)
            self._events.append(heard)

    def _guesses(self, block: Pcm) -> Sequence[Hypothesis]:
        if self._surroundings is not None:
            self._surroundings.take(block)
        return self._recognizer.hear(block)

    def _note(self, heard: Heard) -> None:
        """Notes a lifter's line in the transcript, at the moment when its words were first recognised."""
        if heard.text != self._partial.text or heard.utterance != self._partial.utterance:
            self._partial = heard
        if heard.final:
            self._stage.note_heard(self._partial)
