"""`scripts/bench hearing`: how well people are heard, by voice, noise and state; wrong actions; delays.

Law: the same options give the same figures for every number of processes. Ctrl-C prints the figures so far.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, replace
from pathlib import Path

from coach.ports import HearingError, WorldError
from coach.settings import AUTO, Hearing
from coach.wiring.inspection import cores
from lab.benchmarks.hearing import report
from lab.benchmarks.hearing.clips import Kind, Voices
from lab.benchmarks.hearing.plan import Extent, quick, trials
from lab.benchmarks.hearing.trials import STATES, Ears, HeardTrial, NoiseTrial, Trial

_AT_ONCE = 4
"""Trials that a process gets at once. A process finishes its trials after Ctrl-C, so they are few."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds the options of the benchmark."""
    parser.add_argument("--quick", action="store_true", help="a fixed spread of everything, in two minutes")
    parser.add_argument(
        "--state", action="append", choices=STATES, help="only this one; may be repeated (--quick: set and all)"
    )
    parser.add_argument(
        "--share", type=_positive, metavar="N", help="hear one clip of N (default: all when clean, one of 4 in noise)"
    )
    parser.add_argument(
        "--hours", type=float, default=5 / 60, metavar="H", help="of each noise without speech (default: 5 minutes)"
    )
    parser.add_argument(
        "--engine", metavar="NAME|ADDRESS", default=AUTO, help="or a server that helps: wyoming://HOST:PORT"
    )
    parser.add_argument("--model", type=Path, metavar="PATH", help="the engine's model, where it takes one")
    parser.add_argument("--jobs", type=_positive, default=cores(), metavar="N", help="processes (default: one a core)")
    parser.add_argument("--json", type=Path, metavar="OUT", help="keep every outcome, for a later --before")
    parser.add_argument("--before", type=Path, metavar="FILE", help="show an earlier run's figures in brackets")


def run(options: argparse.Namespace) -> int:
    """Hears the trials of a run and prints the tables; returns the exit code."""
    began = time.monotonic()
    data = os.environ.get("COACH_SPEECH_DATA")
    ears = Ears(Hearing(options.engine, options.model), Path(data) if data else None)
    planned = trials(_extent(options), ears.data)
    heard: list[HeardTrial] = []
    stopped = ""
    try:
        before = saved(options.before) if options.before else []
        for some in _perform(ears, planned, options.jobs):
            heard += some
            _progress(len(heard), len(planned), began)
    except KeyboardInterrupt:
        stopped = "interrupted"
    except WorldError as error:
        stopped = str(error)
    print(file=sys.stderr)
    if not heard:
        print(stopped, file=sys.stderr)
        return 1
    if options.json:
        save(options.json, heard)
    known = {_signature(one) for one in heard}
    for table in report.tables(heard, [one for one in before if _signature(one) in known]):
        print(table)
    print("\n".join(_notes(planned, ears)))
    if stopped:
        print(f"{stopped}: {len(heard)} of {len(planned)} were heard, the cleaner conditions first.")
    print(f"{len(heard)} heard in {time.monotonic() - began:.0f} s.")
    return 1 if stopped else 0


def _extent(options: argparse.Namespace) -> Extent:
    if options.quick:
        return quick(tuple(options.state or STATES[1:]))
    usual = Extent(tuple(options.state or STATES), minutes=options.hours * 60)
    return replace(usual, clean_share=options.share, share=options.share) if options.share else usual


def _signature(one: HeardTrial) -> tuple[str, ...]:
    """Returns a key of the trial that had this outcome."""
    return one.state, one.condition, one.kind, one.voice, one.text


def _perform(ears: Ears, planned: Sequence[Trial | NoiseTrial], jobs: int) -> Iterator[list[HeardTrial]]:
    """Yields the outcomes in the order of the plan."""
    parts = [planned[at : at + _AT_ONCE] for at in range(0, len(planned), _AT_ONCE)]
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), initializer=_begin)
    try:
        yield from pool.map(ears.hear, parts)
    except BrokenProcessPool as error:
        raise HearingError("a process of the benchmark died: is there enough memory? fewer --jobs take less") from error
    finally:
        pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """Makes a worker ignore Ctrl-C, which is for the process that prints."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _progress(done: int, planned: int, began: float) -> None:
    left = (time.monotonic() - began) / done * (planned - done)
    print(f"\r{done} of {planned} heard, about {left / 60:.0f} min left ", end="", file=sys.stderr, flush=True)


def save(file: Path, heard: Sequence[HeardTrial]) -> None:
    """Writes the outcomes to a file, one JSON object in a line."""
    file.write_text("".join(json.dumps(asdict(one)) + "\n" for one in heard), "utf-8")


def saved(file: Path) -> list[HeardTrial]:
    """Reads the outcomes that `keep` wrote; HearingError: the file cannot be read."""
    try:
        lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        return [HeardTrial(**{**line, "acted": tuple(line["acted"])}) for line in lines]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise HearingError(f"{str(file)!r} holds no earlier run ({error}): name what --json wrote") from error


def _notes(planned: Sequence[Trial | NoiseTrial], ears: Ears) -> Iterator[str]:
    clips = {trial.clip.name: trial.clip for trial in planned if isinstance(trial, Trial)}.values()
    people = sum(clip.kind is Kind.PEOPLE for clip in clips)
    voices = len({clip.voice for clip in clips if clip.voices is not Voices.PEOPLE})
    yield f"{voices} synthetic voices; {people} recordings of real people saying other words."
    yield "Right: the intent that was meant, with its slots, nothing else. Around safety words the intent is enough."
    yield "The ratio is of mean powers during the speech. The noise lasts from 1 s before it to 1.5 s after it; seeded."
    yield "Split: rules may be fitted on flite's voices alone. Lifters, people, and the sentences of said.yaml by the"
    yield "voices big, small and ked judge: nothing may be fitted on them."
    if ears.data is None:
        yield "Left out: lifters, people, orders and the bike. COACH_SPEECH_DATA names the folder of these recordings."
