"""Simulated hours and live minutes with a random lifter; prints what was measured beside what is allowed."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from lab.soak.gym_days import DaysResult, spend
from lab.soak.live import MinutesResult, soak_live
from lab.soak.simulated import SoakResult, soak_audio, soak_text

TEXT_MB_H, AUDIO_MB_H, LIVE_MB_H = 0.1, 5.0, 20.0
"""Growth of memory that is allowed, in megabytes per hour, over the second half. In text the log of the workout grows;
in audio an engine's caches and the allocator's pages grow; live the line is fitted through minutes, not hours."""


def main() -> int:
    """Returns 0 if nothing grew, drifted or was lost."""
    parser = argparse.ArgumentParser(prog="scripts/soak", description=__doc__)
    parser.add_argument("--hours", type=float)
    parser.add_argument("--audio", type=float, default=0.0)
    parser.add_argument("--live", type=float, default=0.0)
    parser.add_argument("--noisy", action="store_true")
    parser.add_argument("--gym-days", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    hours = asked.hours if asked.hours is not None else 0.0 if asked.audio or asked.live or asked.gym_days else 24.0
    verdicts = []
    try:
        if hours:
            verdicts.append(_simulated("text", soak_text, hours, asked.seed, TEXT_MB_H))
        if asked.gym_days:
            with tempfile.TemporaryDirectory() as folder:
                verdicts.append(_corner(spend(asked.gym_days, asked.seed, Path(folder))))
        if asked.audio:
            verdicts.append(_simulated("audio", soak_audio, asked.audio, asked.seed, AUDIO_MB_H))
        if asked.live:
            with tempfile.TemporaryDirectory() as folder:
                verdicts.append(_live(soak_live(asked.live, asked.seed, Path(folder), noisy=asked.noisy), asked.live))
    except KeyboardInterrupt:
        print("\nended by Ctrl-C", file=sys.stderr)
        return 130
    return 0 if all(verdicts) else 1


def _simulated(what: str, soak: Callable[..., SoakResult], hours: float, seed: int, allowed: float) -> bool:
    began = time.monotonic()

    def tell(at: float) -> None:
        end = "\n" if at >= hours else "\r"
        print(f"{what}: {at:.1f} of {hours:g} h", file=sys.stderr, end=end, flush=True)

    result = soak(hours, seed, tell)
    took = time.monotonic() - began
    samples = result.traced or result.resident
    growth, kind = result.growth(samples), "held by Python" if result.traced else "resident"
    print(f"{what}: {result.seconds / 3600:.1f} h in {took:.0f} s; {result.said} utterances, {result.counts} counts")
    print(
        f"  {kind}: {samples[0][1]:.1f} MB, at the end {samples[-1][1]:.1f}; {growth:+.3f} MB/h (at most {allowed:g})"
    )
    print(f"  resident: {result.resident[0][1]:.0f} MB, at the end {result.resident[-1][1]:.0f}")
    print(f"  beats off their second: {result.drift_s * 1e6:.3f} us at most (1)")
    if result.placed:
        print(f"  counts found in the mix: {result.placed - len(result.misplaced)} of {result.placed}, to the sample")
        for line in result.misplaced:
            print(f"    not {line}")
    for name, (early, late) in result.grown.items():
        print(f"  {name} grew from {early} to {late}")
    return growth <= allowed and result.drift_s <= 1e-6 and not result.misplaced and not result.grown


def _corner(result: DaysResult) -> bool:
    faults = ", ".join(f"{count} {what}" for what, count in sorted(result.faults.items()))
    print(f"gym corner: {result.hours:.1f} h, {result.sessions} sessions, {result.said} utterances; faults: {faults}")
    print(
        f"  {result.sets} sets and {result.reps} repetitions in the journals, "
        f"{len(result.lost)} records lost {result.lost[:3]}"
    )
    print(f"  {result.counts} counts, {len(result.counted_blind)} without a device {result.counted_blind[:3]}")
    print(
        f"  held by Python: {result.traced[0][1]:.1f} MB, at the end {result.traced[-1][1]:.1f}; "
        f"{result.growth:+.3f} MB/h (at most {TEXT_MB_H:g})"
    )
    return not result.lost and not result.counted_blind and result.growth <= TEXT_MB_H


def _live(result: MinutesResult, minutes: float) -> bool:
    moved = [error for error in result.errors if error]
    unanswered = len(result.unanswered)
    print(f"live: {minutes:g} min; {result.said} utterances, {result.acted} acted on, {unanswered} not answered")
    print(f"  acted on though nobody had spoken: {len(result.unasked)} {result.unasked[:5]}")
    print(f"  counts played whole: {len(result.errors)} found, {len(result.lost)} lost {result.lost[:3]}")
    print(f"  not on their beat after the count before: {len(moved)}, worst {max(map(abs, moved), default=0)} samples")
    if result.rss:
        print(f"  resident: {result.rss[0][1]:.0f} MB, at the end {result.rss[-1][1]:.0f}; {result.growth:+.1f} MB/h")
    print(f"  CPU {result.cpu:.1%} of real time; exit {result.code}; threads left: {result.threads}")
    for warning in result.warnings:
        print(f"  {warning}")
    clean = result.code == 0 and result.threads == ["MainThread"]
    return clean and not (result.unasked or result.unanswered or result.lost or moved) and result.growth <= LIVE_MB_H


if __name__ == "__main__":
    sys.exit(main())
