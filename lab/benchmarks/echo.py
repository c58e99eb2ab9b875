"""The coach's own voice from an open loudspeaker: which actions it causes, and how well the lifter is heard over it.

Law: while the coach is alone, the lifter's words reach the conversation without a sound, and only in the coach's
pauses, so that the coach goes on talking. Everything that the recogniser hears is then the coach's own voice, and every
action because of it is wrong.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import cycle
from pathlib import Path

import numpy as np

from coach.adapters.synthesis.voice import MixedVoice
from coach.audio.mixer import Mixer
from coach.audio.own_voice import OwnVoice
from coach.commands import Command, DropLines, ListenFor, Say, SetPace, SetVolume, StopSpeaking
from coach.dialogue.conversation import Conversation
from coach.dialogue.states import State, outermost_state
from coach.events import Event, Heard, SessionStarted, TimePassed
from coach.ports import Pcm, WorldError
from coach.rehearsal.performing.worlds import BLOCK_S
from coach.settings import Hearing, Room
from coach.wiring import engines, rehearsing
from lab.benchmarks import interruptions
from lab.rigs.recognizers import usable

HOUR_S = 3600.0
_ECHOES = (-20.0, -10.0, 0.0)
"""Levels of the coach at the microphone, in decibels over the lifter."""
_PAUSE_S = 0.4
"""Seconds of the coach's silence before the lifter's next line; counts are a second apart."""
_REPLIES = ("not_understood", "not_now", "help.")
"""Prompts that say that nothing was understood. A prompt is no action, but shows that the coach talks to itself."""


@dataclass(frozen=True, slots=True)
class Job:
    """One run: its engine, room, profile and length."""

    engine: Hearing
    room: Room
    guarded: bool
    """Whether the profile is `speaker`: the coach's own voice is left out."""
    seconds: float


@dataclass(slots=True)
class Own:
    """What the coach's own voice caused in one run."""

    job: Job
    engine: str = ""
    speaking: float = 0.0
    """Seconds in which the coach's voice sounded."""
    heard: int = 0
    """Number of utterances in which the recogniser heard a phrase."""
    acted: list[tuple[float, str, str]] = field(default_factory=list)
    """Each action: its time, the words that caused it, and what the coach was saying."""
    replies: int = 0
    """How often the coach said to itself that it had not understood."""

    @property
    def per_hour(self) -> float:
        """Actions per hour."""
        return len(self.acted) * HOUR_S / self.job.seconds


class SilentLifter:
    """Says without a sound what makes the coach talk: the set up, every question, and sets that are broken off."""

    def __init__(self, seed: int) -> None:
        pack, grammar, _ = engines.exercise()
        self._chance = np.random.default_rng(seed)
        asked = [grammar.examples(name)[0] for name in (*pack.answers, *pack.corrections)]
        asked += ["ninety kilos", "tempo three one two", "rest sixty seconds", "how many sets left", "what can i say"]
        self._asks, self._asked = cycle(asked), 0
        self._breaks = cycle([None, "stop", "my back lifted", None, "pause", "it hurts", "how many left"])
        self._break: tuple[float, str] | None = None
        self._in_set = False

    def says(self, state: str, now: float) -> str | None:
        """Returns the lifter's next words when the coach is silent; None: the lifter says nothing."""
        parent = outermost_state(state)
        begun, self._in_set = parent == State.SET and not self._in_set, parent == State.SET
        if begun:
            words = next(self._breaks)
            self._break = None if words is None else (now + float(self._chance.uniform(5, 40)), words)
        if parent == State.SET:
            if self._break is None or now < self._break[0]:
                return None
            words, self._break = self._break[1], None
            return words
        if parent in (State.CORRECTING, State.PAUSED, State.STOPPED):
            return str(self._chance.choice(["resume", "start set", "what can i say", "why"]))
        if parent == State.SETUP:
            return str(self._chance.choice(["next", "why"]))
        self._asked += 1
        if self._asked % 5 == 0:
            return "set up" if self._asked % 20 == 0 else "start set"
        return next(self._asks)


class Hour:
    """Conversation, voice, loudspeaker, room and recogniser as in an audio rehearsal, but without a lifter's voice."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._pack, self._grammar, self._plan = engines.exercise()
        self._clips = engines.voice(print)
        self._hears = engines.recognizer(job.engine, self._pack, self._grammar, print)
        self._mixer = Mixer(self._clips.rate)
        self._voice = MixedVoice(self._clips, self._mixer, lambda _: None)
        self._own_voice = OwnVoice(self._mixer, self._hears.rate)
        self._room = rehearsing.simulated(job.room, self._hears.rate, self._clips.rate)
        self._lifter = SilentLifter(job.room.seed)
        self._said: deque[Say] = deque(maxlen=30)
        self.now = 0.0
        self.own = Own(job, self._hears.name)

    def run(self) -> Own:
        """Performs the whole run."""
        self._begin()
        blocks = quiet = 0
        while self.now < self._job.seconds:
            blocks += 1
            self.now = blocks * BLOCK_S
            while (due := self._conversation.next_deadline()) is not None and due <= self.now:
                self._receive(TimePassed(due))
            played = self._mixer.mix(round(self.now * self._mixer.rate) - self._mixer.position)
            self._voice.report_finished()
            loud = bool(played.any())
            self.own.speaking += loud * BLOCK_S
            quiet = 0 if loud else quiet + 1
            self._listen(self._room.capture(np.zeros(round(self._hears.rate * BLOCK_S), np.int16), played))
            if quiet * BLOCK_S >= _PAUSE_S and not self._about_to_speak():
                words = self._lifter.says(self._conversation.state, self.now)
                if words is not None:
                    self._receive(Heard(self.now, self.now, words, 1.0, -blocks, final=True))
                    quiet = 0
            if self._conversation.ended:
                self._begin()
        self._hears.close()
        return self.own

    def _begin(self) -> None:
        self._clips.set_pace(100)
        self._conversation = Conversation(self._pack, self._grammar, self._plan, self._voice.measure, self._job.guarded)
        self._receive(SessionStarted(self.now))

    def _about_to_speak(self) -> bool:
        """Whether, outside a set, the coach speaks or is about to: there the lifter must not cut its lines off."""
        return outermost_state(self._conversation.state) != State.SET and not self._mixer.is_idle

    def _listen(self, sound: Pcm) -> None:
        if self._job.guarded:
            sound = self._own_voice.hear(sound, self.now)
        for hypothesis in self._hears.hear(sound):
            others = not self._job.guarded or self._own_voice.heard_others(hypothesis.began, hypothesis.at)
            heard = hypothesis.heard(self.now, hypothesis.began, others)
            self.own.heard += bool(hypothesis.final and hypothesis.text)
            state = self._conversation.state
            commands = self._receive(heard)
            says = [command.source for command in commands if isinstance(command, Say)]
            if not hypothesis.text and any(source.startswith(_REPLIES) for source in says):
                self.own.replies += 1
            elif any(not isinstance(command, ListenFor) for command in commands):
                words = " / ".join(say.text for say in self._said if hypothesis.began - 1 < say.at < self.now)
                self.own.acted.append((self.now, f"{hypothesis.text} [{state}]", words))

    def _receive(self, event: Event) -> tuple[Command, ...]:
        commands = self._conversation.receive(event)
        for command in commands:
            match command:
                case Say():
                    self._said.append(command)
                    self._voice.say(command)
                case StopSpeaking(at):
                    self._voice.stop(at)
                case DropLines(lines):
                    self._voice.drop(lines)
                case ListenFor(intents):
                    self._hears.listen_for(self._grammar.vocabulary(intents))
                case SetVolume() | SetPace() | _:
                    # Changes of volume and pace are ignored: they must not change what is measured.
                    pass
        return commands


def perform(job: Job) -> Own:
    """Performs one run in this process."""
    return Hour(job).run()


def main(quick: bool = False) -> None:
    """Measures commands over the coach's voice, then the coach's voice alone, and prints both tables."""
    began = time.monotonic()
    room = Room(echo=-10, delay=150, reverb=0.4)
    seconds = 300.0 if quick else HOUR_S
    data = os.environ.get("COACH_SPEECH_DATA")
    found = usable()
    jobs = [Job(engine, room, guarded, seconds) for guarded in (True, False) for engine in found]
    talks = [
        interruptions.Job(engine, replace(room, echo=echo), 12 if quick else 2, Path(data) if data else None)
        for echo in _ECHOES
        for engine in found
    ]
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        try:
            over = list(pool.map(interruptions.perform, talks))
            hours = list(pool.map(perform, jobs))
        except WorldError as error:
            pool.shutdown(cancel_futures=True)
            raise SystemExit(str(error)) from error
    print("Commands said while the coach speaks without a pause; echo: decibels over the lifter; 150 ms, RT60 0.4 s.")
    print("Bars at -10 dB: 80 % of commands, 95 % of stop.")
    print(interruptions.HEAD)
    for talk, heard in zip(talks, over, strict=True):
        print(interruptions.row(talk, heard))
    print("The coach's own voice from a loudspeaker 10 dB below a lifter's, who keeps silent; 150 ms, RT60 0.4 s.")
    print(f"{'engine':12} {'profile':11} {'minutes':>7} {'speaking':>8} {'heard':>6} {'actions an hour':>15}  bar")
    for own in hours:
        profile = "speaker" if own.job.guarded else "headphones"
        verdict = f"0  {'kept' if not own.acted else 'MISSED'}" if own.job.guarded else "-"
        print(
            f"{own.engine:12} {profile:11} {own.job.seconds / 60:7.0f} {own.speaking / own.job.seconds:8.0%} "
            f"{own.heard:6} {own.per_hour:15.0f}  {verdict}"
        )
        for at, words, said in own.acted if own.job.guarded else ():
            print(f"    {at:8.2f} {words!r} while it said {said!r}")
        if own.replies:
            print(f"    and answered itself {own.replies} times that it had not understood")
    print(f"Measured in {time.monotonic() - began:.0f} s.")
