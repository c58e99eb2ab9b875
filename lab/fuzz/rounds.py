"""Runs chunks of cases of every reader in worker processes: a library that crashes costs a chunk, and is a finding."""

from __future__ import annotations

import multiprocessing
import resource
import signal
import tempfile
import warnings
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from lab.fuzz.readers import READERS
from lab.fuzz.running import CaseCounts, max_memory, run

_CHUNK = 3000
"""Cases in a chunk for the fastest reader."""
_MEMORY = 3 << 30
"""Bytes that a process may map."""
Done = tuple[str, CaseCounts, int]


def play(names: Sequence[str], seed: int, number: int, jobs: int) -> list[Done]:
    """Performs round `number` of a seed; returns the reader, the counts and the peak memory of every chunk."""
    context = multiprocessing.get_context("spawn")
    first = seed * 10_000_000 + number * _CHUNK * jobs
    done: list[Done] = []
    with ProcessPoolExecutor(jobs, context, initializer=_limit) as workers:
        chunks = {
            (name, first + job * _CHUNK): workers.submit(_chunk, name, first + job * _CHUNK)
            for name in names
            for job in range(jobs)
        }
        for (name, begins), chunk in chunks.items():
            try:
                done.append(chunk.result())
            except BrokenProcessPool:
                done.append(
                    (name, CaseCounts(findings=[f"{name} {begins}\na process died at it or in the chunk behind"]), 0)
                )
    return done


def _limit() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    warnings.simplefilter("error")


def _chunk(name: str, first: int) -> Done:
    with tempfile.TemporaryDirectory() as folder:
        counts = run(name, first, max(1, _CHUNK // READERS[name].slow), Path(folder))
    return name, counts, max_memory()
