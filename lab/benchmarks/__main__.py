"""`scripts/bench NAME`: runs one benchmark and prints its figures as a table."""

from __future__ import annotations

import argparse
import sys

from lab.benchmarks import broker, coaching, crowd, echo, endpoints, glance, history, overview, service, timing, vosk
from lab.benchmarks.hearing import command as hearing
from lab.benchmarks.voice import command as voice

BENCHMARKS = {
    "broker": broker.main,
    "coaching": coaching.main,
    "crowd": crowd.main,
    "echo": echo.main,
    "endpoints": endpoints.main,
    "glance": glance.main,
    "history": history.main,
    "overview": lambda _quick: overview.main(),
    "service": service.main,
    "timing": timing.main,
    "vosk": vosk.main,
}
"""Benchmarks whose only option is --quick."""


def main() -> int:
    """Runs the benchmark that the command line names."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measure the coach on this machine.")
    parser.set_defaults(name="overview", quick=False)
    names = parser.add_subparsers(dest="name", metavar="NAME")
    for name in sorted(BENCHMARKS):
        one = names.add_parser(name)
        one.add_argument("--quick", action="store_true", help="a few of everything")
    hearing.add_options(names.add_parser("hearing", help="how well people are heard, by voice, noise and state"))
    voice.add_options(names.add_parser("voice", help="how well the coach is understood, by voice, shaping and noise"))
    options = parser.parse_args()
    if options.name == "hearing":
        return hearing.run(options)
    if options.name == "voice":
        return voice.run(options)
    BENCHMARKS[options.name](options.quick)
    return 0


# The processes that a benchmark starts import this file again.
if __name__ == "__main__":
    sys.exit(main())
