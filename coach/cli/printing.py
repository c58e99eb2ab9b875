"""What commands print while they work: progress, warnings, the conversation as it happens."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from coach.cli.terminal import print_error, silence_output

if TYPE_CHECKING:
    from coach.commands import Say
    from coach.events import Heard, SpeechFinished
    from coach.ports import Observed


def progress(what: str) -> Callable[[int, int], None]:
    """Returns a function that draws a progress bar on a terminal, and draws nothing in a log."""
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
    print_error(f"coach: {text}")


def print_trouble(observed: Observed) -> None:
    """Prints what goes wrong (`events.Trouble`); the coach also says it if it can."""
    from coach.events import Trouble

    if isinstance(observed, Trouble):
        warn(f"{type(observed).__name__}: {observed.reason}")


class ConversationPrinter:
    """An observer that prints the conversation as it happens: what the lifter could hear, not what was planned."""

    def __init__(self) -> None:
        self._planned: dict[int, Say] = {}
        self._prints = True

    def __call__(self, observed: Observed) -> None:
        from coach.commands import End, Say
        from coach.events import Heard, SpeechFinished, VoiceFailed

        match observed:
            case Say():
                self._planned[observed.line_number] = observed
            case SpeechFinished():
                self._finished(observed)
            case End():
                # From now on nothing is taken back, and `SpeechFinished` of the last words may not come.
                for line in self._planned.values():
                    self._print(line.at, "coach", line.text)
                self._planned = {}
            case Heard():
                self._print(observed.at, "lifter", heard_line(observed))
            case VoiceFailed():
                self._planned.pop(observed.line_number, None)
                print_trouble(observed)
            case _:
                print_trouble(observed)

    def _finished(self, finished: SpeechFinished) -> None:
        from coach.commands import FADE_S

        line = self._planned.pop(finished.line_number, None)
        if line is None or finished.played <= 0:
            # The line was taken back before it began.
            return
        cut = f"  [cut after {finished.played:.2f} s]" if finished.played < finished.length - FADE_S else ""
        self._print(line.at, "coach", f"{line.text}{cut}")

    def _print(self, at: float, who: str, text: str) -> None:
        """Prints a line; if the output is full it prints nothing more, because that must not end a set."""
        if not self._prints:
            return
        try:
            print(f"{at:8.2f}  {who:<7} {text}", flush=True)
        except OSError as error:
            self._prints = False
            silence_output()
            warn(f"nothing more can be shown ({error.strerror})")


def heard_line(heard: Heard) -> str:
    """Returns what `--show` prints of an utterance: its words, or the nearest phrase and why it was not accepted."""
    if heard.text:
        return f"{heard.text}{'' if heard.final else ' ...'}  ({heard.confidence:.2f})"
    nearest = f"nearest {heard.nearest!r}, " if heard.nearest else ""
    return f"(not understood: {nearest}{heard.reason or 'no phrase fits well enough'})"
