"""Plays ten thousand random conversations and walks the whole table, on all cores, with progress."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Iterable
from multiprocessing import Pool, cpu_count
from multiprocessing.pool import Pool as Workers
from pathlib import Path

from lab.proof.keeping import write_script
from lab.proof.laws import LawBroken
from lab.proof.search import search
from lab.proof.table import AFTER_S, check_leaving, deeper, follow, one_word_each, walk_table
from lab.proof.table import Path as Steps

CHUNK = 100
"""Conversations of one seed: few enough to show progress, and to get more than one finding in a night."""
_PATHS = 8
_STRIDE = 1_000_003
"""Distance between the seeds of `--seed N` and those of `--seed N+1`."""


def main() -> int:
    """Returns 0 if no law was broken."""
    parser = argparse.ArgumentParser(prog="scripts/proof", description=__doc__)
    parser.add_argument("--conversations", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--depth", type=int, default=1, help="words in a row from every situation; 0: no walk, 2: an hour"
    )
    parser.add_argument("--out", type=Path, default=Path("out/proof"))
    asked = parser.parse_args()
    # The workers ignore Ctrl-C: this process ends them.
    with Pool(cpu_count(), signal.signal, (signal.SIGINT, signal.SIG_IGN)) as workers:
        try:
            broken = _conversations(workers, asked.conversations, asked.seed, asked.out)
            if asked.depth:
                broken += _table(workers, asked.depth)
        except KeyboardInterrupt:
            print("\nended by Ctrl-C", file=sys.stderr)
            return 130
    return 1 if broken else 0


def _conversations(workers: Workers, conversations: int, seed: int, out: Path) -> int:
    sizes = [min(CHUNK, conversations - done) for done in range(0, conversations, CHUNK)]
    jobs = [(seed * _STRIDE + index, size, out) for index, size in enumerate(sizes)]
    found = _progress("conversations", CHUNK, len(jobs), workers.imap_unordered(_search, jobs))
    return sum(finding is not None for finding in found)


def _search(job: tuple[int, int, Path]) -> str | None:
    number, size, out = job
    finding = search(number, size)
    return None if finding is None else f"seed {number}: {finding.broken}\n  kept as {write_script(finding, out)}"


def _table(workers: Workers, depth: int) -> int:
    """Tries every intent from every situation, then all sequences of `depth` kinds of intents; counts the findings."""
    began = time.monotonic()
    try:
        table = walk_table()
        check_leaving(table.states, [table])
    except LawBroken as broken:
        print(broken, *getattr(broken, "__notes__", ()), sep="\n  ")
        return 1
    print(f"{len(table.paths)} situations, {table.walked} sequences to their neighbours, {len(table.states)} states")
    print(f"  {time.monotonic() - began:.0f} s")
    if depth < 2:
        return 0
    paths = list(table.paths.values())
    jobs = [(paths[first : first + _PATHS], depth) for first in range(0, len(paths), _PATHS)]
    found = _progress("situations", _PATHS, len(jobs), workers.imap_unordered(_deeper, jobs))
    return sum(finding is not None for finding in found)


def _deeper(job: tuple[list[Steps], int]) -> str | None:
    for path in deeper(job[0], one_word_each(), job[1]):
        try:
            player, _ = follow(path)
            player.wait_until(player.now + AFTER_S)
        except LawBroken as broken:
            return f"{broken}\n  {' > '.join(path)}"
    return None


def _progress(what: str, size: int, jobs: int, results: Iterable[str | None]) -> list[str | None]:
    began, found = time.monotonic(), []
    for done, finding in enumerate(results, 1):
        found.append(finding)
        if finding is not None:
            print(finding)
        last, quiet = done == jobs, not sys.stderr.isatty()
        if last or not quiet or done % max(1, jobs // 20) == 0:
            text = f"{done * size} of {jobs * size} {what}, {time.monotonic() - began:.0f} s"
            print(text, file=sys.stderr, flush=True, end="\n" if last or quiet else "\r")
    return found


if __name__ == "__main__":
    sys.exit(main())
