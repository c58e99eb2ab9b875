"""What the voice costs: rendering, shaping and memory. Times are process times of one thread."""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

from coach.audio.shaping import STEPS, shaped
from coach.commands import Manner
from coach.wiring import voices
from lab.benchmarks.voice.lines import Said

_LINES = 12


def messages(voice: str, lines: Sequence[Said]) -> list[str]:
    """Returns a line of text for each figure, measured in a new process, which has rendered nothing before."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_measured, voice, lines).result()


def _measured(voice: str, lines: Sequence[Said]) -> list[str]:
    some = [said for said in lines if said.manner is Manner.SENTENCE and not said.is_short][
        :: len(lines) // _LINES or 1
    ]
    chosen = voices.choose(voice, print)
    name, engine = chosen.name, chosen.engine
    before = _peak()
    began = time.process_time()
    engine.render(some[0].text, some[0].manner)
    first = time.process_time() - began
    began = time.process_time()
    clips = [engine.render(said.text, said.manner) for said in some]
    rendering = time.process_time() - began
    seconds = sum(clip.length.total for clip in clips)
    began = time.process_time()
    for clip in clips:
        shaped(clip.pcm, clip.rate, STEPS - 1)
    shaping = time.process_time() - began
    return [
        f"{name}: first line {first:.2f} s of processor; then {rendering / seconds:.3f} s a second of speech",
        f"{name}: {_peak() - before:.0f} MB more of memory at the most, in the process that renders",
        f"shaping: {1000 * shaping / seconds:.1f} ms a second of speech",
    ]


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
