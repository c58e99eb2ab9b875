"""A live session in its own process, which writes its events and commands: one JSON object in a line."""

from __future__ import annotations

import dataclasses
import json
import os
import sys
import threading
import time
from enum import Enum
from typing import Any

from coach.commands import Command, ListenFor
from coach.events import Event, TimePassed
from coach.ports import Observed
from coach.settings import Hearing, Settings
from coach.snapshot import Snapshot
from coach.wiring import live
from coach.wiring.plans import ChosenPlan
from coach.wiring.recognizers import EMBEDDED


def main() -> None:
    """Coaches until the lifter ends the session; the last line has the threads that are left and the CPU share."""
    began = time.monotonic()

    def write(happened: Observed) -> None:
        if not isinstance(happened, TimePassed | Snapshot):
            _write({"kind": type(happened).__name__, **_as_json(happened)})

    def warn(text: str) -> None:
        _write({"kind": "Warning", "text": text})

    live.coach_live(ChosenPlan(), Settings(hearing=Hearing(EMBEDDED)), [write], warn)
    cpu = os.times()
    _write(
        {
            "kind": "Over",
            "threads": [thread.name for thread in threading.enumerate()],
            "cpu": (cpu.user + cpu.system) / (time.monotonic() - began),
        }
    )


def _as_json(happened: Event | Command) -> dict[str, Any]:
    if isinstance(happened, ListenFor):
        return {"intents": sorted(happened.intents)}
    return {
        name: value.value if isinstance(value, Enum) else list(value) if isinstance(value, frozenset) else value
        for name, value in dataclasses.asdict(happened).items()
    }


def _write(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
