"""What hearing with Vosk costs and how soon it answers: with the tone model, and with a real model that is named.

Law: time is counted in samples, with the recogniser's measured computing added (`reactions.Timed`). The figures have
only the hearing, not the fade or the answer that follow.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from coach.adapters.recognition.vosk.model_files import find
from coach.adapters.recognition.vosk.recognizer import VoskRecognizer
from coach.adapters.recognition.vosk.tuning import tuned_copy
from coach.ports import Automaton, Pcm, Recognizer, Vocabulary
from coach.wiring import engines, recognizers, rehearsing
from lab.benchmarks.figures import Figure, table
from lab.benchmarks.reactions import Timed
from lab.benchmarks.utterances import RATE, vary
from lab.rigs.tone import ToneLanguage, whistle, write_model

BLOCKS_MS = (20, 100, 250, 500)
PHRASES = (1, 10, 100, 1000)
SWITCHES = 20
MINUTE_S = 60.0
_LIFETIME_MIN = 11
"""Minutes until an engine has been replaced (which happens after 10 minutes): memory before that is not growth."""
PARTIAL_BARS = ((50, 250.0), (95, 400.0))
"""Bars of the charter, in milliseconds from the word's end to silence."""
MEMORY_BAR = ((100, 450.0),)
"""Bar of the charter, in megabytes for all processes of the coach with the small model."""

Said = tuple[Pcm, int]
"""Samples of a phrase, and the index after the last audible sample."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A model, and what is said to it."""

    name: str
    model: Path
    tuned: Path
    said: dict[str, Said]
    minutes: int
    """Minutes of audio for which the memory is watched."""
    real: bool = False
    """Whether the model is real; only a real model has bars."""

    @property
    def both(self) -> tuple[tuple[str, Path], ...]:
        """The model as it is, and the copy that the coach uses."""
        return (("as it is", self.model), ("tuned", self.tuned))


def main(quick: bool = False) -> None:
    """Measures every model and prints the table."""
    began = time.monotonic()
    _, grammar, _ = engines.exercise()
    everything = grammar.vocabulary(grammar.intents)
    urgent = grammar.anywhere()
    with tempfile.TemporaryDirectory() as name:
        groups = []
        subjects = _subjects(Path(name), everything, quick)
        for subject in subjects:
            hears = _maker(everything, urgent)
            groups += [
                (f"{subject.name}: processor time, of one core, % of the audio's", _costs(subject, hears)),
                (f"{subject.name}: from a command's last sample, computing included", _delays(subject, hears, quick)),
                (f"{subject.name}: new phrases, the last 1.5 s heard again", _switches(subject, everything, urgent)),
                (f"{subject.name}: memory of a process that only hears", _memory(subject, everything)),
            ]
    print(table(groups))
    print()
    print("\n".join(_notes(subjects, len(everything.phrases))))
    print(f"Measured in {time.monotonic() - began:.0f} s.")


def _subjects(folder: Path, everything: Vocabulary, quick: bool) -> list[Subject]:
    language = ToneLanguage.of(sorted({word for phrase in everything.phrases for word in phrase.split()}))
    model = write_model(folder / "vosk-model-small-en-tone", language)
    phrases = (rehearsing.VOICES / "commands.txt").read_text("utf-8").splitlines()[:: 9 if quick else 3]
    whistled = {phrase: whistle(phrase, language) for phrase in phrases}
    tones = {phrase: (sound, len(sound)) for phrase, sound in whistled.items()}
    # The tone model needs 25 s for an hour of audio.
    subjects = [Subject("tone model", model, tuned_copy(model, folder), tones, 5 if quick else 60)]
    named = os.environ.get("VOSK_MODEL_PATH")
    real = find(None, {"VOSK_MODEL_PATH": named, "HOME": str(folder)}, None) if named else None
    if named and real is None:
        raise SystemExit(f"VOSK_MODEL_PATH names no English model: {named!r}")
    if real is not None:
        clips = {phrase: vary(phrase, number) for number, phrase in enumerate(phrases)}
        spoken = {phrase: (clip.pcm, clip.ends) for phrase, clip in clips.items()}
        subjects.append(Subject(real.name, real, tuned_copy(real, folder), spoken, 2 if quick else 12, real=True))
    return subjects


Maker = Callable[[Path], VoskRecognizer]


def _maker(live: Vocabulary, urgent: Sequence[str]) -> Maker:
    def make(model: Path) -> VoskRecognizer:
        hears = _judged(model, urgent)
        hears.listen_for(live)
        return hears

    return make


def _judged(model: Path, urgent: Sequence[str]) -> VoskRecognizer:
    """Returns a recogniser as the coach uses it: Moonshine judges what an English model hears."""
    return VoskRecognizer(model, urgent=urgent, judge=partial(recognizers.moonshine_judge, tuple(urgent)))


def _costs(subject: Subject, hears: Maker) -> list[Figure]:
    """Measures the cost of silence, of a room's noise, and of commands one after the other."""
    talk = np.concatenate([part for pcm, _ in subject.said.values() for part in (_silence(0.7), pcm, _silence(0.8))])
    noise = np.random.default_rng(1).normal(0, 100, round(30 * RATE)).astype(np.int16)
    sounds = {"silence": _silence(30), "noise": noise, "commands": talk}
    figures = []
    for kind, sound in sounds.items():
        for way, model in subject.both:
            timed = _timed(hears(model))
            _feed(timed, sound, 20)
            share = timed.busy / (len(sound) / RATE) * 100
            figures.append(Figure(f"{kind}, {way}", (share,), unit="%"))
    return figures


def _delays(subject: Subject, hears: Maker, quick: bool) -> list[Figure]:
    """Measures the delay of the first partial that is the whole command, and of the final."""
    figures = []
    for way, model in subject.both:
        for block in BLOCKS_MS[::3] if quick else BLOCKS_MS:
            partials, finals = zip(
                *(_delay(hears(model), phrase, *said, block) for phrase, said in subject.said.items()), strict=True
            )
            ours = subject.real and way == "tuned" and block == BLOCKS_MS[0]
            where = f"blocks of {block} ms, {way}"
            figures.append(_figure(f"first partial, {where}", partials, PARTIAL_BARS if ours else ()))
            figures.append(_figure(f"final, {where}", finals))
    return figures


def _delay(hears: VoskRecognizer, phrase: str, pcm: Pcm, ends: int, block: int) -> tuple[float | None, float | None]:
    """Returns the delays of partial and final in seconds; None: not heard.

    The position of the word's end in its block differs between phrases, not between runs.
    """
    before = _silence(0.7 + np.random.default_rng([*phrase.encode()]).uniform(0, 0.5))
    timed = _timed(hears)
    _feed(timed, np.concatenate([before, pcm, _silence(2.0)]), block)
    timed.close()
    last = (len(before) + ends) / RATE
    whole = [(end + lag - last, one.final) for end, lag, one in timed.hypotheses if one.text == phrase]
    return next((late for late, final in whole if not final), None), next(
        (late for late, final in whole if final), None
    )


def _switches(subject: Subject, everything: Vocabulary, urgent: Sequence[str]) -> list[Figure]:
    """Measures the milliseconds of computing until a new engine has caught up."""
    figures = []
    for count in (*(count for count in PHRASES if count < len(everything.phrases)), len(everything.phrases)):
        # Phrases are picked evenly. Every second list has one phrase less: an equal list is not loaded again.
        picks = np.linspace(0, len(everything.phrases) - 1, count).astype(int)
        live = [everything.phrases[pick] for pick in picks]
        other = live[1:] or [everything.phrases[-1]]
        turns = [Vocabulary(tuple(phrases), Automaton(0, 1, ())) for phrases in (live, other)]
        hears = VoskRecognizer(subject.tuned, urgent=urgent)
        hears.hear(_silence(2.0))
        values = []
        for number in range(SWITCHES):
            began = time.thread_time()
            hears.listen_for(turns[number % 2])
            values.append((time.thread_time() - began) * 1000)
        hears.close()
        figures.append(Figure(f"{count} phrase{'s' * (count > 1)}", tuple(values)))
    return figures


def _memory(subject: Subject, live: Vocabulary) -> list[Figure]:
    """Measures memory in a new process, which holds nothing from other measurements."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        minutes = pool.submit(_watch, subject.tuned, live, list(subject.said.values()), subject.minutes).result()
    bars = MEMORY_BAR if subject.real else ()
    last = f"after {subject.minutes} minutes of audio"
    figures = [
        Figure("loaded", (minutes[0],), bars=bars, unit="MB"),
        Figure("the most", (max(minutes),), bars=bars, unit="MB"),
        Figure(last, (minutes[-1],), bars=bars, unit="MB"),
    ]
    if subject.minutes > _LIFETIME_MIN:
        grown = max(minutes[_LIFETIME_MIN:]) - max(minutes[:_LIFETIME_MIN])
        figures.append(Figure("the most after 10 minutes, against the most before", (grown,), unit="MB"))
    return figures


def _watch(model: Path, live: Vocabulary, said: Sequence[Said], minutes: int) -> list[float]:
    """Returns the resident megabytes after loading and after every minute of silence, noise and commands."""
    hears = _judged(model, ())
    hears.listen_for(live)
    megabytes = [_resident()]
    noise = np.random.default_rng(2).normal(0, 100, round(10 * RATE)).astype(np.int16)
    for number in range(minutes):
        words = [said[(3 * number + turn) % len(said)][0] for turn in range(3)]
        talk = [part for pcm in words for part in (pcm, _silence(1.5))]
        sound = np.concatenate([noise, *talk])
        sound = np.concatenate([sound, _silence(MINUTE_S - len(sound) / RATE)])
        _feed(hears, sound, 20)
        megabytes.append(_resident())
    return megabytes


def _resident() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def _timed(hears: Recognizer) -> Timed:
    return Timed(hears, np.zeros(1, np.int16))


def _feed(hears: Recognizer, sound: Pcm, block_ms: int) -> None:
    block = RATE * block_ms // 1000
    for start in range(0, len(sound), block):
        hears.hear(sound[start : start + block])


def _silence(seconds: float) -> Pcm:
    return np.zeros(round(seconds * RATE), np.int16)


def _figure(name: str, seconds: Sequence[float | None], bars: tuple[tuple[int, float], ...] = ()) -> Figure:
    values = tuple(max(0.0, value * 1000) for value in seconds if value is not None)
    return Figure(name, values, missed=len(seconds) - len(values), bars=bars)


def _notes(subjects: Sequence[Subject], phrases: int) -> list[str]:
    notes = [
        f"All {phrases} phrases live. Tuned: the coach's private copy of the model. The coach's blocks: 20 ms.",
        "First partial: the first one that is the whole command; 0 when it comes before the last sample.",
        "Memory: Python, numpy and the engine; with a real model also Moonshine, its judge.",
        f"{subjects[0].minutes} minutes are fed as fast as they are worked through.",
        "The tone model's network is one matrix: it shows what the engine costs without a real one, and has no bars.",
    ]
    if len(subjects) == 1:
        notes.append("No real model: name one in VOSK_MODEL_PATH, and it is measured too.")
    return notes
