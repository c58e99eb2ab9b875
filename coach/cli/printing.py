"""What commands print while they work: progress, warnings, the conversation as it happens."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from coach.cli.terminal import tell

if TYPE_CHECKING:
    from coach.events import Heard
    from coach.ports import Happening, Observer


def progress(what: str) -> Callable[[int, int], None]:
    """A bar on a terminal, nothing in a log."""
    if not sys.stderr.isatty():
        return lambda _done, _total: None

    def show(done: int, total: int) -> None:
        part = done / total if total else 1.0
        bar = "#" * round(part * 30)
        end = "\n" if done >= total else ""
        with contextlib.suppress(OSError):
            print(f"\r{what} [{bar:<30}] {part:4.0%}", end=end, file=sys.stderr, flush=True)

    return show


def warn(text: str) -> None:
    tell(f"coach: {text}")


def tell_faults(happened: Happening) -> None:
    """Prints what the world did to us; the coach says it too, where it can."""
    from coach.events import (
        HearingFailed,
        HearingRestarted,
        JournalFailed,
        MicrophoneLost,
        SpeakerLost,
        VoiceFailed,
    )

    lost = MicrophoneLost | SpeakerLost | HearingRestarted | HearingFailed | VoiceFailed | JournalFailed
    if isinstance(happened, lost):
        warn(f"{type(happened).__name__}: {happened.reason}")


def show() -> Observer:
    """Prints the conversation as it happens."""
    from coach.commands import Say
    from coach.events import Heard

    def show(happened: Happening) -> None:
        match happened:
            case Say():
                print(f"{happened.at:8.2f}  coach   {happened.text}", flush=True)
            case Heard():
                print(f"{happened.at:8.2f}  lifter  {heard_line(happened)}", flush=True)
            case _:
                tell_faults(happened)

    return show


def heard_line(heard: Heard) -> str:
    """What `--show` prints of an utterance: the words, or what was nearest to it and why that was not believed."""
    if heard.text:
        return f"{heard.text}{'' if heard.final else ' ...'}  ({heard.confidence:.2f})"
    nearest = f"nearest {heard.guess!r}, " if heard.guess else ""
    return f"(not understood: {nearest}{heard.reason or 'no phrase fits well enough'})"
