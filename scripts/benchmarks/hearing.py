"""How many commands are heard rightly, and how much of other people's talk is taken for one, engine by engine.

Law: what counts is what the conversation would act on (`coach/dialogue/utterances.py`) with the phrases of the state
live. Every session has its own recogniser and its own seeds.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coach.adapters.sound_files import read_speech
from coach.commands import ListenFor
from coach.content.model import Pack
from coach.content.schema import Group
from coach.dialogue import policy
from coach.dialogue.states import State
from coach.dialogue.utterances import Meaning, Utterances
from coach.language.grammar import Grammar, Intent
from coach.ports import Hypothesis, Pcm, Recognizer, WorldError
from coach.rehearsal.script import VOICES
from coach.settings import Hearing
from coach.wiring import engines, recognizers, rehearsing
from scripts.benchmarks import hearing_report as report
from scripts.benchmarks.hearing_report import ROOMS, Heard, Room

STATES = (State.IDLE, State.SET)
RATE = 16_000
_BLOCK = RATE // 50
_LEVEL = 0.06 * 32768
"""Root mean square of every flite clip: the noise is that far below each word, not below their average."""
_ROOM = 16.0
"""The same of a quiet room, -66 dB: white, under everything."""
_END = 10 ** (-40 / 20)
"""Of the clip's peak: quieter is silence, and does not count for the level."""
_GAP_S = 1.0
"""After each clip: a final comes within 0.6 s of the word's end, in noise a little later."""
_LOOP_S = 10.0
"""After it the noise begins anew."""


@dataclass(frozen=True, slots=True)
class Clip:
    """Something said."""

    pcm: Pcm
    meant: Intent | None
    """None: nothing is to be done about it."""


@dataclass(frozen=True, slots=True)
class Job:
    """What one process does: one voice, or real people, in one state."""

    engine: Hearing
    state: State
    speaker: str
    """Or what the people's folder holds."""
    rooms: tuple[Room, ...]
    people: Path | None = None


def main(quick: bool = False) -> None:
    """Measure and print."""
    began = time.monotonic()
    jobs = [job for engine in recognizers.found() for job in _jobs(engine, quick)]
    # Fresh processes: the peak memory of one job is not another's.
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn"), max_tasks_per_child=1) as pool:
        try:
            heard = [one for each in pool.map(_perform, jobs) for one in each]
        except WorldError as fault:
            pool.shutdown(cancel_futures=True)
            raise SystemExit(str(fault)) from fault
    for engine in dict.fromkeys(one.engine for one in heard):
        print(report.table([one for one in heard if one.engine == engine]))
        print()
    print("\n".join(_notes()))
    if not quick:
        print(f"Curves: {report.draw(Path('out') / 'hearing.svg', heard)}")
    print(f"Measured in {time.monotonic() - began:.0f} s.")


def _jobs(engine: Hearing, quick: bool) -> list[Job]:
    rooms = tuple(room for room in ROOMS if not quick or room.snr in (None, 10))
    jobs = [Job(engine, state, voice, rooms) for state in STATES for voice in VOICES[: 1 if quick else None]]
    data = os.environ.get("COACH_SPEECH_DATA")
    if data is not None:
        negatives = [Job(engine, state, "negatives", ROOMS[:1], Path(data)) for state in STATES]
        # Longest first: neither core waits for the other at the end.
        jobs = [*negatives, Job(engine, State.IDLE, "positives", ROOMS[:1], Path(data)), *jobs]
    return jobs


def _perform(job: Job) -> list[Heard]:
    pack, grammar, _ = engines.exercise()
    # Yes and no are live only after a question.
    live = policy.live(pack, job.state, set_is_open=False, asked=job.speaker == "positives")
    clips = _spoken(job, grammar, live) if job.people is None else recorded(job.people / job.speaker, grammar, live)
    return [_session(job, room, pack, grammar, live, clips) for room in job.rooms]


def _spoken(job: Job, grammar: Grammar, live: frozenset[str]) -> list[Clip]:
    """Commands that are live in the state, and talk in between: a recogniser adapts to what it hears."""
    commands = lines("commands.txt")
    phrases = [phrase for phrase in commands if grammar.understand(phrase, live) is not None]
    others = lines("others.txt")
    step = len(phrases) // len(others)
    for number, other in enumerate(others):
        phrases.insert(number * (step + 1) + step, other)
    return [
        Clip(levelled(read_speech(rehearsing.VOICES / f"{job.speaker}-{rehearsing.slug(phrase)}.flac", RATE)), meant)
        for phrase in phrases
        for meant in (grammar.understand(phrase, live),)
    ]


def recorded(folder: Path, grammar: Grammar, live: frozenset[str]) -> list[Clip]:
    """As loud as they are; the file's name begins with the word."""
    files = sorted(folder.glob("*.flac"))
    if not files:
        raise SystemExit(f"no recordings in {str(folder)!r}: COACH_SPEECH_DATA names a folder with it")
    return [Clip(read_speech(file, RATE), grammar.understand(file.stem.partition("-")[0], live)) for file in files]


def lines(name: str) -> list[str]:
    return (rehearsing.VOICES / name).read_text("utf-8").splitlines()


def levelled(pcm: Pcm) -> Pcm:
    loud = np.flatnonzero(np.abs(pcm.astype(np.int32)) > _END * np.abs(pcm.astype(np.int32)).max())
    word = pcm[loud[0] : loud[-1] + 1].astype(np.float64)
    gain = _LEVEL / np.sqrt(np.mean(word**2))
    levelled: Pcm = np.clip(np.rint(pcm * gain), -32768, 32767).astype(np.int16)
    return levelled


def noise(room: Room) -> Pcm:
    samples = round(_LOOP_S * RATE)
    chance = np.random.default_rng([*room.kind.encode(), room.snr or 0])
    sound = chance.standard_normal(samples) * _ROOM
    if room.snr is not None:
        spectrum = np.fft.rfft(chance.standard_normal(samples))
        if room.kind == "pink":
            spectrum /= np.sqrt(np.maximum(np.fft.rfftfreq(samples, 1 / RATE), 20.0))
        more = np.fft.irfft(spectrum, samples)
        sound += more * _LEVEL / 10 ** (room.snr / 20) / np.sqrt(np.mean(more**2))
    noise: Pcm = np.clip(np.rint(sound), -32768, 32767).astype(np.int16)
    return noise


class _Listener:
    """A recogniser in a room, and what its computing takes."""

    def __init__(self, hears: Recognizer, noise: Pcm) -> None:
        self._hears = hears
        self._noise = noise
        self._given = 0
        self.busy = 0.0
        """Seconds of one core."""

    @property
    def seconds(self) -> float:
        """Of sound heard."""
        return self._given / RATE

    def hear(self, sound: Pcm) -> list[Hypothesis]:
        """With the room's noise added, in blocks as they come live."""
        noise = self._noise[np.arange(self._given, self._given + len(sound)) % len(self._noise)]
        noisy = np.clip(sound.astype(np.int32) + noise, -32768, 32767).astype(np.int16)
        self._given += len(sound)
        began = time.thread_time()
        told = [one for at in range(0, len(noisy), _BLOCK) for one in self._hears.hear(noisy[at : at + _BLOCK])]
        self.busy += time.thread_time() - began
        return told


class Follower:
    """What the conversation would act on in one state."""

    def __init__(self, pack: Pack, grammar: Grammar, live: frozenset[str], state: State) -> None:
        self._meaning = Meaning(grammar, ListenFor(live), lambda name: policy.is_urgent(pack, name, state))
        self._utterances = Utterances()

    def acted(self, hypotheses: Iterable[Hypothesis]) -> list[Intent]:
        """The actions these set off, in order."""
        return [
            intent
            for one in hypotheses
            for intent in self._utterances.take(one.utterance, self._meaning.of(one.text), final=one.final).acts
        ]


def _session(job: Job, room: Room, pack: Pack, grammar: Grammar, live: frozenset[str], clips: Sequence[Clip]) -> Heard:
    """All clips one after the other, after a second in which the engine gets to know the room."""
    hears = engines.recognizer(job.engine, pack, grammar, print)
    hears.listen_for(grammar.vocabulary(live))
    listener = _Listener(hears, noise(room))
    gap = np.zeros(round(_GAP_S * RATE), np.int16)
    listener.hear(gap)
    follower = Follower(pack, grammar, live, job.state)
    accepted = wrong = taken = grave = 0
    for clip in clips:
        actions = follower.acted(listener.hear(np.concatenate([clip.pcm, gap])))
        false = [intent for intent in actions if intent != clip.meant]
        grave += any(pack.groups[intent.name] == Group.SAFETY for intent in false)
        if clip.meant is None:
            taken += bool(false)
        else:
            accepted += bool(actions) and not false
            wrong += bool(false)
    hears.close()
    said = sum(clip.meant is not None for clip in clips)
    return Heard(
        engine=hears.name,
        state=job.state,
        speaker=job.speaker,
        room=room,
        said=said,
        accepted=accepted,
        wrong=wrong,
        talk=len(clips) - said,
        taken=taken,
        grave=grave,
        seconds=listener.seconds,
        busy=listener.busy,
        memory=peak_memory(),
    )


def peak_memory() -> float:
    """Megabytes. Not `ru_maxrss`: a spawned process inherits that of the one that spawned it."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _notes() -> Iterable[str]:
    yield "Right: the intent and slots that were said, and nothing else. Other: something else was acted on."
    yield "Talk: sentences to other people that were acted on; safety: wrong actions, of either kind, on safety words."
    yield "Every word as loud as the next, white noise 66 dB below full scale in all rooms, 1 s between words; seeded."
    if "COACH_SPEECH_DATA" not in os.environ:
        yield "Real people were left out: set COACH_SPEECH_DATA to the folder of their recordings."
    heard = {one.engine for one in recognizers.found()}
    for row in recognizers.RECOGNIZERS:
        if row.name not in heard:
            yield f"{row.name} was left out: {row.missing}"
