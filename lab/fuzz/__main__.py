"""Gives broken files to every reader for a given time, on all cores; a file that makes a reader fail is kept."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from itertools import count
from pathlib import Path

from lab.fuzz.readers import READERS
from lab.fuzz.rounds import play
from lab.fuzz.running import CaseCounts, content_of_case


def main() -> int:
    """Returns 0 if every file was read, or refused with a message."""
    parser = argparse.ArgumentParser(prog="scripts/fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1, help="0 is what CI runs")
    parser.add_argument("--readers", default=",".join(READERS), help="some of: %(default)s")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--out", type=Path, default=Path("out/fuzz"))
    asked = parser.parse_args()
    names = asked.readers.split(",")
    totals = {name: CaseCounts() for name in names}
    memory = 0
    until = time.monotonic() + asked.minutes * 60
    try:
        for number in count():
            if time.monotonic() >= until:
                break
            for name, counts, most in play(names, asked.seed, number, asked.jobs):
                total = totals[name]
                total.cases += counts.cases
                total.taken += counts.taken
                total.findings += counts.findings
                memory = max(memory, most)
                for finding in counts.findings:
                    _keep(finding, asked.out)
            progress = ", ".join(f"{name} {total.cases}/{len(total.findings)}" for name, total in totals.items())
            print(f"\r{progress}   ", end="", file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        print("\nended by Ctrl-C", file=sys.stderr)
    print(file=sys.stderr)
    for name, total in totals.items():
        print(f"{name:8} {total}")
        for kind, often in Counter(one.strip().splitlines()[-1][:150] for one in total.findings).most_common(20):
            print(f"  {often:5} {kind}")
    print(f"at most {memory >> 20} MB in a process")
    return 1 if any(total.findings for total in totals.values()) else 0


def _keep(finding: str, out: Path) -> None:
    """Writes the broken file, and a text with what it led to."""
    name, number = finding.splitlines()[0].split()
    out.mkdir(parents=True, exist_ok=True)
    (out / f"{name}-{number}").write_bytes(content_of_case(name, int(number)))
    (out / f"{name}-{number}.txt").write_text(finding, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
