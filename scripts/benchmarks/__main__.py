"""`scripts/bench NAME`: one benchmark, its figures as a table."""

from __future__ import annotations

import argparse

from scripts.benchmarks import crowd, echo, hearing, overview, rejection, timing, vosk

BENCHMARKS = {
    "crowd": crowd.main,
    "echo": echo.main,
    "hearing": hearing.main,
    "overview": lambda _quick: overview.main(),
    "rejection": rejection.main,
    "timing": timing.main,
    "vosk": vosk.main,
}


def main() -> None:
    """Runs the one that is asked for."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measure the coach on this machine.")
    parser.add_argument("name", nargs="?", choices=sorted(BENCHMARKS), default="overview")
    parser.add_argument(
        "--quick", action="store_true", help="timing, vosk: a few of everything, timing in two minutes instead of eight"
    )
    options = parser.parse_args()
    BENCHMARKS[options.name](options.quick)


# The processes a benchmark starts import this file again.
if __name__ == "__main__":
    main()
