"""Measures what hearing costs as the vocabulary grows.

Law: a vocabulary of N phrases is N times three words, drawn with a seed from made-up words.
"""

from __future__ import annotations

import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from pathlib import Path

import numpy as np

from coach.adapters.files.sound import read_speech
from coach.audio.room import as_spoken
from coach.language.grammar import Grammar
from coach.rehearsal.scripts.script import VOICES
from coach.settings import Hearing
from coach.wiring import engines, rehearsing
from coach.wiring.recognizers import EMBEDDED
from lab.benchmarks.hearing.clips import RATE

_BLOCK = RATE // 50
_SIZES = (50, 500, 5000)
_ENGINE = Hearing(EMBEDDED)


def main(quick: bool = False) -> None:
    """Measures vocabularies of several sizes and prints their costs."""
    sizes = _SIZES[: 2 if quick else None]
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn"), max_tasks_per_child=1) as pool:
        for row in pool.map(_cost, sizes):
            print(row, flush=True)


def _cost(size: int) -> str:
    """Measures loading, decoding and memory with `size` phrases, on commands of four voices with 1 s between them."""
    words = ["".join(letters) for letters in product("bdfgklmnprst", "aeiou", "bdfgklmnprst")]
    chance = np.random.default_rng(size)
    phrases = [" ".join(chance.choice(words, 3)) for _ in range(size)]
    grammar = Grammar({"language": "en", "intents": {"Any": {"data": [{"sentences": phrases}]}}})
    began = time.thread_time()
    vocabulary = grammar.vocabulary(grammar.intents)
    compiled = time.thread_time() - began
    pack, own, _ = engines.exercise()
    hears = engines.recognizer(_ENGINE, pack, own, print)
    began = time.thread_time()
    hears.listen_for(vocabulary)
    loaded = time.thread_time() - began
    gap = np.zeros(RATE, np.int16)
    sound = np.concatenate(
        [
            part
            for who in VOICES
            for said in (rehearsing.VOICES / "commands.txt").read_text("utf-8").splitlines()[:12]
            for part in (as_spoken(read_speech(rehearsing.VOICES / f"{who}-{rehearsing.slug(said)}.flac", RATE)), gap)
        ]
    )
    began = time.thread_time()
    for at in range(0, len(sound), _BLOCK):
        hears.hear(sound[at : at + _BLOCK])
    share = 100 * (time.thread_time() - began) / (len(sound) / RATE)
    return (
        f"{size:>8} phrases: compiled in {compiled:.2f} s, loaded in {loaded:.2f} s, {share:.1f} % of a core, "
        f"{_peak_memory():.0f} MB"
    )


def _peak_memory() -> float:
    """Returns the peak memory in megabytes. A spawned process inherits `ru_maxrss` of its parent, so it is not used."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
