"""How many commands are believed, and how much other talk, as the bar moves: the curve by which the bar is chosen.

Law: nothing is measured that the coach cannot see itself: a refused utterance tells its nearest phrase and its
confidence, and whoever moves the bar moves it over these.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from pathlib import Path

import numpy as np

from coach.adapters.sound_files import read_speech
from coach.audio.noises import Tap, pink, white
from coach.audio.room import LIFTER_LEVEL, as_spoken
from coach.dialogue import policy
from coach.dialogue.states import State
from coach.language.grammar import Grammar, Intent
from coach.ports import Pcm, Recognizer, Vocabulary
from coach.rehearsal.script import VOICES
from coach.settings import Hearing
from coach.wiring import engines, rehearsing
from coach.wiring.recognizers import EMBEDDED
from scripts.benchmarks.hearing.clips import RATE

PICTURE = Path("docs") / "rejection.svg"
_GAP = np.zeros(round(1.2 * RATE), np.int16)
_LEAD = np.zeros(RATE // 2, np.int16)
_BARS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
_WIDE, _HIGH, _LEFT, _TOP = 560, 320, 60, 40
_MOST_TAKEN = 30.0
_COLOURS = ("#1f6fb4", "#2aa7a7", "#8a5fbf", "#d1495b", "#2e8b57")


@dataclass(frozen=True, slots=True)
class Curve:
    """One kind of speech: for every utterance the confidence of what was to be heard, and of anything else."""

    name: str
    right: tuple[float, ...]
    wrong: tuple[float, ...]

    def accepted(self, bar: float) -> float:
        """Per cent of the commands."""
        return 100 * float(np.mean(np.array(self.right) >= bar))

    def taken(self, bar: float) -> float:
        """Per cent of the talk that something is made of."""
        return 100 * float(np.mean(np.array(self.wrong) >= bar))


def main(quick: bool = False) -> None:
    """Measure, print and draw."""
    jobs: list[Callable[[bool], Curve]] = [partial(_lifters, noise) for noise in ("clean", "pink 20 dB", "pink 10 dB")]
    if "COACH_SPEECH_DATA" in os.environ:
        jobs += [_peoples_words, partial(_peoples_talk, State.SET), partial(_peoples_talk, State.IDLE)]
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        curves = [running.result() for running in [pool.submit(call, quick) for call in jobs]]
    positives, talk = [one for one in curves if one.right], [one for one in curves if not one.right]
    print(f"{'bar':>28}" + "".join(f"{bar:8.1f}" for bar in _BARS))
    for one in positives:
        print(f"{one.name:>28}" + "".join(f"{one.accepted(bar):8.1f}" for bar in _BARS) + "  % believed")
    for one in talk:
        print(f"{one.name:>28}" + "".join(f"{one.taken(bar):8.1f}" for bar in _BARS) + "  % taken for a command")
    if talk and not quick:
        _draw(PICTURE, positives, Curve("others", (), tuple(sure for one in talk for sure in one.wrong)))
        print(f"Curves: {PICTURE}; the bar is 0.5, for safety words 0.4.")
    elif not talk:
        print("Real people were left out: set COACH_SPEECH_DATA to the folder of their recordings.")


def _lifters(room: str, quick: bool) -> Curve:
    """The commands of a set by the rehearsals' voices."""
    bench = _Bench.of(State.SET)
    _, _, snr = room.partition(" ")
    phrases = (rehearsing.VOICES / "commands.txt").read_text("utf-8").splitlines()
    clips = [
        (as_spoken(read_speech(rehearsing.VOICES / f"{voice}-{rehearsing.slug(phrase)}.flac", RATE)), meant)
        for voice in VOICES[: 1 if quick else None]
        for phrase in phrases
        if (meant := bench.means(phrase)) is not None
    ]
    bench.room = _room(int(snr.split()[0]) if snr else None)
    return Curve(f"flite voices, {room}", tuple(bench.right(*clip) for clip in clips), ())


def _room(snr: int | None) -> Pcm:
    """Ten seconds of a quiet room, with pink noise so many decibels below the words."""
    chance = np.random.default_rng(snr)
    sound = 16.0 * Tap(white(chance, RATE)).take(10 * RATE)
    if snr is not None:
        sound += LIFTER_LEVEL / 10 ** (snr / 20) * Tap(pink(chance, RATE)).take(10 * RATE)
    return np.clip(np.rint(sound), -32768, 32767).astype(np.int16)


def _peoples_words(quick: bool) -> Curve:
    """Real people's single words, live beside all that is live in a set."""
    bench = _Bench.of(State.SET)
    graph = bench.words.automaton
    arcs = tuple((graph.start, graph.end, word) for word in ("alexa", "computer"))
    bench.words = replace(bench.words, automaton=replace(graph, arcs=(*graph.arcs, *arcs)))
    right = []
    for file in _recordings()[:: 8 if quick else 1]:
        said = file.stem.partition("-")[0]
        finals = bench.finals(read_speech(file, RATE))
        right.append(max((sure for text, sure in finals if text == said), default=0.0))
    return Curve("real people, single words", tuple(right), ())


def _peoples_talk(state: State, quick: bool) -> Curve:
    """What real people say to somebody else."""
    bench = _Bench.of(state)
    files = _recordings()[:: 8 if quick else 1]
    return Curve(f"others, {state}", (), tuple(bench.wrong(read_speech(file, RATE)) for file in files))


def _recordings() -> list[Path]:
    files = sorted((Path(os.environ["COACH_SPEECH_DATA"]) / "negatives").glob("*.flac"))
    if not files:
        raise SystemExit("no recordings in `negatives`: COACH_SPEECH_DATA names a folder that has it")
    return files


@dataclass(slots=True)
class _Bench:
    """One recogniser, which hears every clip as if it were its first."""

    hears: Recognizer
    grammar: Grammar
    live: frozenset[str]
    words: Vocabulary
    room: Pcm

    @classmethod
    def of(cls, state: State) -> _Bench:
        pack, grammar, _ = engines.exercise()
        live = policy.live(pack, state, set_is_open=False, asked=False)
        hears = engines.recognizer(Hearing(EMBEDDED), pack, grammar, print)
        return cls(hears, grammar, live, grammar.vocabulary(live), _room(None))

    def means(self, text: str) -> Intent | None:
        return self.grammar.understand(text, self.live)

    def right(self, pcm: Pcm, meant: Intent) -> float:
        """Confidence in what was meant; 0 where it was not even the nearest."""
        return max((sure for text, sure in self.finals(pcm) if self.means(text) == meant), default=0.0)

    def wrong(self, pcm: Pcm) -> float:
        """Confidence in anything at all."""
        return max((sure for text, sure in self.finals(pcm) if self.means(text) is not None), default=0.0)

    def finals(self, pcm: Pcm) -> list[tuple[str, float]]:
        """The nearest phrase of every utterance, and the confidence in it."""
        self.hears.reset()
        self.hears.listen_for(self.words)
        sound = np.concatenate((_LEAD, pcm, _GAP)).astype(np.int32)
        sound += self.room[np.arange(len(sound)) % len(self.room)]
        told = self.hears.hear(np.clip(sound, -32768, 32767).astype(np.int16))
        return [(one.text or one.guess, one.confidence) for one in told if one.final and (one.text or one.guess)]


def _draw(path: Path, positives: Sequence[Curve], talk: Curve) -> None:
    """Commands believed against talk taken; each curve runs along the bar from 0.95 to 0.02."""
    bars = np.concatenate((np.linspace(0.95, 0.1, 86), np.linspace(0.09, 0.02, 8)))
    parts = [f'<text x="{_LEFT}" y="22" font-size="15">Commands believed, by other talk taken for one</text>']
    for level in range(0, 101, 20):
        y = _y(level)
        parts.append(f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{_LEFT + _WIDE}" y2="{y:.1f}" stroke="#dddddd"/>')
        parts.append(f'<text x="22" y="{y + 4:.1f}">{level} %</text>')
    for level in range(0, round(_MOST_TAKEN) + 1, 5):
        parts.append(f'<text x="{_x(level) - 8:.1f}" y="{_TOP + _HIGH + 18}">{level} %</text>')
    for number, (curve, colour) in enumerate(zip(positives, _COLOURS, strict=False)):
        points = " ".join(f"{_x(talk.taken(bar)):.1f},{_y(curve.accepted(bar)):.1f}" for bar in bars)
        at = f'cx="{_x(talk.taken(0.5)):.1f}" cy="{_y(curve.accepted(0.5)):.1f}"'
        y = _TOP + 20 + 20 * number
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<circle {at} r="4" fill="{colour}"/>')
        parts.append(f'<rect x="{_LEFT + _WIDE + 12}" y="{y - 9}" width="10" height="10" fill="{colour}"/>')
        parts.append(f'<text x="{_LEFT + _WIDE + 28}" y="{y}">{escape(curve.name)}</text>')
    parts.append(f'<text x="{_LEFT + _WIDE + 12}" y="{_TOP + 40 + 20 * len(positives)}">dots: the bar, 0.5</text>')
    size = f'width="{_LEFT + _WIDE + 230}" height="{_TOP + _HIGH + 34}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="12">'
    path.write_text("\n".join([head, '<rect width="100%" height="100%" fill="white"/>', *parts, "</svg>\n"]))


def _x(percent: float) -> float:
    return _LEFT + min(percent, _MOST_TAKEN) / _MOST_TAKEN * _WIDE


def _y(percent: float) -> float:
    return _TOP + _HIGH - percent / 100 * _HIGH
