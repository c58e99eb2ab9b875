"""`scripts/bench NAME`: one benchmark, its figures as a table."""

from __future__ import annotations

import argparse

from scripts.benchmarks import overview

BENCHMARKS = {"overview": overview.main}


def main() -> None:
    """Runs the one that is asked for."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measure the coach on this machine.")
    parser.add_argument("name", nargs="?", choices=sorted(BENCHMARKS), default="overview")
    BENCHMARKS[parser.parse_args().name]()


main()
