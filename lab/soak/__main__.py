"""Simulated hours and live minutes with a random lifter; prints what was measured beside what is allowed."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from lab.soak.gym_days import Days, spend
from lab.soak.live import Minutes, soak_live
from lab.soak.simulated import Soaked, soak_audio, soak_text

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


def _simulated(what: str, soak: Callable[..., Soaked], hours: float, seed: int, allowed: float) -> bool:
    began = time.monotonic()

    def tell(at: float) -> None:
        end = "\n" if at >= hours else "\r"
        print(f"{what}: {at:.1f} of {hours:g} h", file=sys.stderr, end=end, flush=True)

    told = soak(hours, seed, tell)
    took = time.monotonic() - began
    samples = told.traced or told.resident
    growth, kind = told.growth(samples), "held by Python" if told.traced else "resident"
    print(f"{what}: {told.seconds / 3600:.1f} h in {took:.0f} s; {told.said} utterances, {told.counts} counts")
    print(
        f"  {kind}: {samples[0][1]:.1f} MB, at the end {samples[-1][1]:.1f}; {growth:+.3f} MB/h (at most {allowed:g})"
    )
    print(f"  resident: {told.resident[0][1]:.0f} MB, at the end {told.resident[-1][1]:.0f}")
    print(f"  beats off their second: {told.drift_s * 1e6:.3f} us at most (1)")
    if told.placed:
        print(f"  counts found in the mix: {told.placed - len(told.misplaced)} of {told.placed}, to the sample")
        for line in told.misplaced:
            print(f"    not {line}")
    for name, (early, late) in told.grown.items():
        print(f"  {name} grew from {early} to {late}")
    return growth <= allowed and told.drift_s <= 1e-6 and not told.misplaced and not told.grown


def _corner(told: Days) -> bool:
    faults = ", ".join(f"{count} {what}" for what, count in sorted(told.faults.items()))
    print(f"gym corner: {told.hours:.1f} h, {told.sessions} sessions, {told.said} utterances; faults: {faults}")
    print(
        f"  {told.sets} sets and {told.reps} repetitions in the journals, {len(told.lost)} records lost {told.lost[:3]}"
    )
    print(f"  {told.counts} counts, {len(told.counted_blind)} without a device {told.counted_blind[:3]}")
    print(
        f"  held by Python: {told.traced[0][1]:.1f} MB, at the end {told.traced[-1][1]:.1f}; "
        f"{told.growth:+.3f} MB/h (at most {TEXT_MB_H:g})"
    )
    return not told.lost and not told.counted_blind and told.growth <= TEXT_MB_H


def _live(told: Minutes, minutes: float) -> bool:
    moved = [error for error in told.errors if error]
    print(f"live: {minutes:g} min; {told.said} utterances, {told.acted} acted on, {len(told.unanswered)} not answered")
    print(f"  acted on though nobody had spoken: {len(told.unasked)} {told.unasked[:5]}")
    print(f"  counts played whole: {len(told.errors)} found, {len(told.lost)} lost {told.lost[:3]}")
    print(f"  not on their beat after the count before: {len(moved)}, worst {max(map(abs, moved), default=0)} samples")
    if told.rss:
        print(f"  resident: {told.rss[0][1]:.0f} MB, at the end {told.rss[-1][1]:.0f}; {told.growth:+.1f} MB/h")
    print(f"  CPU {told.cpu:.1%} of real time; exit {told.code}; threads left: {told.threads}")
    for warning in told.warnings:
        print(f"  {warning}")
    clean = told.code == 0 and told.threads == ["MainThread"]
    return clean and not (told.unasked or told.unanswered or told.lost or moved) and told.growth <= LIVE_MB_H


if __name__ == "__main__":
    sys.exit(main())
