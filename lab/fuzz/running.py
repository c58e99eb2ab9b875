"""Runs cases one after the other: a reader and a number always give the same case; a hang is a finding, too."""

from __future__ import annotations

import resource
import signal
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import FrameType

from lab.fuzz.readers import READERS, accepts

HANG_S = 20.0
"""Seconds of processor time after which a case hangs: no case takes more than two."""


@dataclass(slots=True)
class CaseCounts:
    """The results of one reader's cases."""

    cases: int = 0
    taken: int = 0
    findings: list[str] = field(default_factory=list)
    """Number and traceback of each finding."""

    def __str__(self) -> str:
        return (
            f"{self.cases} cases, {self.taken} taken, {self.cases - self.taken} refused, {len(self.findings)} findings"
        )


class HangError(Exception):
    """A case took too long."""


def content_of_case(name: str, number: int) -> bytes:
    """The file of a case."""
    return READERS[name].make(Random(f"{name} {number}"))


def run(name: str, first: int, cases: int, folder: Path) -> CaseCounts:
    """Run cases `first` to `first + cases - 1` of a reader, in a folder of their own."""
    counts = CaseCounts()
    for number in range(first, first + cases):
        counts.cases += 1
        try:
            with _limited():
                counts.taken += accepts(READERS[name], folder, content_of_case(name, number), Random(number))
        except Exception:  # noqa: BLE001  whatever it is, it is what is looked for
            counts.findings.append(f"{name} {number}\n{traceback.format_exc()}")
    return counts


@contextmanager
def _limited() -> Iterator[None]:
    def hang(_: int, frame: FrameType | None) -> None:
        raise HangError(f"more than {HANG_S:g} s in {frame}")

    before = signal.signal(signal.SIGVTALRM, hang)
    signal.setitimer(signal.ITIMER_VIRTUAL, HANG_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def max_memory() -> int:
    """Most bytes of memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
