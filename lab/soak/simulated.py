"""Simulated hours with one lifter and one conversation: in text, and block by block through the real engines."""

from __future__ import annotations

import gc
import tracemalloc
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, is_dataclass
from random import Random
from typing import Any

import numpy as np

from coach.adapters.files.sound import read_speech
from coach.adapters.synthesis.joined_lines import JoinedLines
from coach.adapters.synthesis.voice import MixedVoice
from coach.audio.mixer import Mixer
from coach.commands import DropLines, ListenFor, Manner, Say, StopSpeaking
from coach.dialogue.conversation import Conversation
from coach.events import Event, Heard, SessionStarted, SpeechFinished, TimePassed
from coach.language.speaking_time import speaking_time
from coach.ports import Clip, Observed, Observer, Pcm, Recognizer
from coach.rehearsal.performing.worlds import BLOCK_S
from coach.rehearsal.scripts.faults import DeviceFaults, RehearsalJournal
from coach.rehearsal.scripts.script import VOICES
from coach.session import Ports, run
from coach.settings import Hearing
from coach.wiring import engines, rehearsing
from coach.wiring.recognizers import EMBEDDED
from lab.proof.rehearsing import WatchObserver
from lab.proof.watch import Watch
from lab.soak.lifter import Lifter
from lab.soak.memory import resident_mb, slope

HOUR_S = 3600.0
_SAMPLES = 24
"""Number of samples of the memory, evenly spread."""
_GROWS = 2.0
"""A collection is reported if it is this many times larger at the end than after a quarter of the time."""
_MIN_REPORTED = 64
"""Collections with at most this many entries are not reported."""
_LOG = ".progress.done"
"""End of the name of the collection of sets. It may grow: the summary needs an entry for each set."""

_FADED_S = 0.05
"""Seconds around a cut that have the fade, and the block that the fade waits for."""

Tell = Callable[[float], None]


@dataclass(slots=True)
class SoakResult:
    """The results of simulated hours."""

    seconds: float = 0.0
    said: int = 0
    counts: int = 0
    traced: list[tuple[float, float]] = field(default_factory=list)
    """(hours, megabytes held by Python objects)"""
    resident: list[tuple[float, float]] = field(default_factory=list)
    """(hours, megabytes)"""
    early: dict[str, int] = field(default_factory=dict)
    """Number of entries of each collection, after a quarter of the time."""
    late: dict[str, int] = field(default_factory=dict)
    """Number of entries of each collection at the end."""
    drift_s: float = 0.0
    """Largest error of a count: its distance to one second after the previous count, in session seconds."""
    placed: int = 0
    """Number of counts whose samples were compared with the mix."""
    misplaced: list[str] = field(default_factory=list)
    """Compared counts that were not found exactly at their place."""

    def growth(self, samples: list[tuple[float, float]]) -> float:
        """Returns megabytes per hour over the second half: caches are full by then."""
        half = samples[len(samples) // 2 :]
        return slope([at for at, _ in half], [size for _, size in half])

    @property
    def grown(self) -> dict[str, tuple[int, int]]:
        """Collections that did not stop growing."""
        return {
            name: (self.early.get(name, 0), size)
            for name, size in self.late.items()
            if size > _MIN_REPORTED and size > _GROWS * self.early.get(name, 0) and not name.endswith(_LOG)
        }


class SessionOver(Exception):  # noqa: N818  the ordinary end
    pass


class _Sampler:
    """Samples memory and collections from time to time."""

    def __init__(self, soaked: SoakResult, hours: float, roots: dict[str, Any], tell: Tell) -> None:
        self._soaked = soaked
        self._end = hours * HOUR_S
        self._roots = roots
        self._tell = tell
        self._next = 0.0

    def __call__(self, now: float) -> None:
        """Takes a sample if one is due at `now`; raises `SessionOver` at the end."""
        over = now >= self._end
        if now < self._next and not over:
            return
        self._next = now + self._end / _SAMPLES
        gc.collect()
        soaked, hours = self._soaked, now / HOUR_S
        soaked.seconds = now
        if tracemalloc.is_tracing():
            soaked.traced.append((hours, tracemalloc.get_traced_memory()[0] / 1e6))
        soaked.resident.append((hours, resident_mb()))
        if now <= self._end / 4 or not soaked.early:
            soaked.early = census(self._roots)
        soaked.late = census(self._roots)
        self._tell(hours)
        if over:
            raise SessionOver


def soak_text(hours: float, seed: int, tell: Tell) -> SoakResult:
    """Performs a conversation of `hours` hours in text, watched; raises `LawBroken` if a law does not hold."""
    pack, grammar, plan = engines.exercise()
    conversation = Conversation(pack, grammar, plan, speaking_time)
    watch = Watch(pack, grammar, plan, speaking_time)
    lifter, soaked, chance = Lifter(seed, grammar), SoakResult(), Random(seed)
    # The watch is not sampled: it keeps the workout's log, which grows with the workout; its other values are bounded.
    sample = _Sampler(soaked, hours, {"conversation": conversation}, tell)
    drift = _Drift(soaked)
    tracemalloc.start()

    def receive(event: Event) -> None:
        due = conversation.next_deadline()
        stalled = due is not None and due <= event.at and not isinstance(event, TimePassed)
        commands = conversation.receive(event)
        watch.received(event, commands, conversation.state, conversation.next_deadline(), stalled)
        for command in commands:
            drift(command)

    try:
        receive(SessionStarted(0.0))
        now, utterance = 0.0, 0
        while True:
            speaks_at = now + lifter.pause(conversation.state.startswith("set."))
            while (due := conversation.next_deadline()) is not None and due <= speaks_at:
                receive(TimePassed(due))
            now, utterance = speaks_at, utterance + 1
            words = lifter.words(watch.live)
            if chance.random() < 0.3:
                receive(Heard(now, now - 0.5, words, 1.0, utterance, final=False))
            # Sometimes the final never comes: the recogniser was restarted.
            if chance.random() < 0.95:
                receive(Heard(now, now - 0.5, words, 1.0, utterance, final=True))
            soaked.said, soaked.counts = utterance, watch.counts
            sample(now)
    except SessionOver:
        return soaked
    finally:
        tracemalloc.stop()


class _Drift:
    """Checks the distance of the counts when the conversation asks for them."""

    def __init__(self, soaked: SoakResult) -> None:
        self._soaked = soaked
        self._last: float | None = None

    def __call__(self, command: Observed) -> None:
        if isinstance(command, StopSpeaking | DropLines):
            self._last = None
        if not (isinstance(command, Say) and command.manner is Manner.COUNT):
            return
        if self._last is not None and not command.source.startswith("countdown."):
            off = abs(command.at - self._last - 1.0)
            self._soaked.drift_s = max(self._soaked.drift_s, off)
        self._last = command.at


class _Room:
    """Inbox and ears on counted samples; what has been played is forgotten."""

    def __init__(
        self, recognizer: Recognizer, clips: JoinedLines, lifter: Lifter, sample: _Sampler, soaked: SoakResult
    ) -> None:
        self._recognizer = recognizer
        self._clips = clips
        self._lifter = lifter
        self._sample = sample
        self._soaked = soaked
        self._grammar = engines.exercise()[1]
        self._mixer = Mixer(clips.rate)
        self._events: deque[Event] = deque([SessionStarted(0.0)])
        self.voice = MixedVoice(clips, self._mixer, self._events.append)
        self.live: frozenset[str] = frozenset()
        self._blocks = 0
        self._speaking: Pcm = np.zeros(0, np.int16)
        self._speaks_at = 6.0
        self._stopped_at = -1.0
        self._tape: deque[Pcm] = deque(maxlen=round(4.0 / BLOCK_S))
        """The last seconds of the mix."""
        self._counts: dict[int, tuple[int, Clip]] = {}
        """Position of the first sample of each count, and its clip, by the number of its line."""

    def listen_for(self, wanted: ListenFor) -> None:
        self.live = wanted.intents
        self._recognizer.listen_for(self._grammar.vocabulary(wanted.intents))

    def next(self, until: float | None) -> Event:
        while True:
            if self._events:
                event = self._events.popleft()
                if isinstance(event, SpeechFinished):
                    self._compare(event)
                return event
            now = self._blocks * BLOCK_S
            if until is not None and until <= now:
                return TimePassed(until)
            self._sample(now)
            self._block(now)

    def observe(self, happened: Observed) -> None:
        """Notes the position that each count must have."""
        if isinstance(happened, StopSpeaking):
            self._stopped_at = happened.at
        if isinstance(happened, Say) and happened.manner is Manner.COUNT:
            clip = self._clips.render(happened.text, happened.manner)
            self._counts[happened.line_number] = (round(happened.at * self._mixer.rate) - clip.onset, clip)
            self._soaked.counts += 1

    def _compare(self, over: SpeechFinished) -> None:
        """Checks that a count that was played whole is in the mix, exactly at its position."""
        start, clip = self._counts.pop(over.line_number, (0, None))
        if clip is None or over.played < over.length:
            return
        if start / self._mixer.rate < self._stopped_at + _FADED_S and self._stopped_at < over.at + _FADED_S:
            # The count was cut in its last samples: it was heard to its end, but with a fade.
            return
        tape = np.concatenate(self._tape)
        first = start - (self._mixer.position - len(tape))
        if first < 0:
            return
        self._soaked.placed += 1
        if not np.array_equal(tape[first : first + len(clip.pcm)], clip.pcm):
            rate = self._mixer.rate
            self._soaked.misplaced.append(f"line {over.line_number} due at {start / rate:.4f}, over at {over.at:.4f}")

    def _block(self, now: float) -> None:
        if not len(self._speaking) and now >= self._speaks_at:
            words = self._lifter.words(self.live)
            voice = VOICES[self._soaked.said % len(VOICES)]
            self._speaking = read_speech(
                rehearsing.VOICES / f"{voice}-{rehearsing.slug(words)}.flac", self._recognizer.rate
            )
            self._soaked.said += 1
            length = len(self._speaking) / self._recognizer.rate
            self._speaks_at = now + length + self._lifter.pause("SetUp" not in self.live)
        self._blocks += 1
        end = self._blocks * BLOCK_S
        samples = round(self._recognizer.rate * BLOCK_S)
        block = np.zeros(samples, np.int16)
        block[: len(self._speaking)] = self._speaking[:samples]
        self._speaking = self._speaking[samples:]
        self._tape.append(self._mixer.mix(round(end * self._mixer.rate) - self._mixer.position))
        self.voice.report_finished()
        for guess in self._recognizer.hear(block):
            self._events.append(Heard(end, guess.began, guess.text, guess.confidence, guess.utterance, guess.final))


def soak_audio(hours: float, seed: int, tell: Tell) -> SoakResult:
    """Performs `hours` hours through the real recogniser, the real voice and the mixer, watched."""
    pack, grammar, plan = engines.exercise()
    clips = engines.voice(print)
    recognizer = engines.recognizer(Hearing(EMBEDDED), pack, grammar, print)
    soaked, lifter = SoakResult(), Lifter(seed, grammar)
    roots: dict[str, Any] = {"clips": clips}
    room = _Room(recognizer, clips, lifter, _Sampler(soaked, hours, roots, tell), soaked)
    conversation = Conversation(pack, grammar, plan, room.voice.measure)
    roots |= {"conversation": conversation, "room": room}
    watch = Watch(pack, grammar, plan, room.voice.measure)
    observers: list[Observer] = [WatchObserver(conversation, watch), room.observe, _Drift(soaked)]
    try:
        run(conversation, Ports(room, room, room.voice, RehearsalJournal(DeviceFaults(), lambda _: None)), observers)
    except SessionOver:
        pass
    finally:
        recognizer.close()
    return soaked


def census(roots: dict[str, Any]) -> dict[str, int]:
    """Returns the number of entries of every collection that can be reached from these objects of the coach."""
    sizes: dict[str, int] = {}
    seen: set[int] = set()
    coming = list(roots.items())
    while coming:
        name, thing = coming.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if isinstance(thing, list | dict | set | frozenset | tuple | deque):
            sizes[name] = len(thing)
        elif hasattr(thing, "cache_info"):
            # A cache with a limit is left out: it may fill up to the limit.
            if thing.cache_info().maxsize is None:
                sizes[name] = thing.cache_info().currsize
        elif type(thing).__module__.startswith(("coach", "lab")) or is_dataclass(thing):
            coming += [(f"{name}.{attribute}", value) for attribute, value in _attributes(thing)]
    return sizes


def _attributes(thing: Any) -> Iterator[tuple[str, Any]]:
    names = [
        *getattr(thing, "__dict__", {}),
        *(name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())),
    ]
    for name in names:
        if hasattr(thing, name):
            yield name, getattr(thing, name)
