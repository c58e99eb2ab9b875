"""What sounds and what will sound in a watched conversation, and the laws of lines: none lies over another."""

from __future__ import annotations

import re

from coach.commands import Command, Say, StopSpeaking
from coach.dialogue.saying import DANGER_LINES
from coach.ports import Measure
from lab.proof.laws import SLACK_S, Law, LawBroken, silent_past
from lab.rigs.said_lines import SaidLine, carry_out, place

_ORDER_TO_LOCK = re.compile(r"(^|[.?!,] )(lock|straighten)\b|\block (your|the|them|your) ?knees|\bknees locked")


def sounded(line: SaidLine) -> bool:
    """Whether the line's audible onset was heard."""
    return line.cut is None or line.cut > line.say.at + SLACK_S


class Timeline:
    """Law: a line leaves `coming` once, when its end has passed; a line that was dropped before it began is removed."""

    def __init__(self, measure: Measure) -> None:
        self._measure = measure
        self.coming: list[SaidLine] = []
        """Lines that sound or wait, in the order of their commands."""
        self.last_end = 0.0

    def pass_to(self, now: float) -> list[SaidLine]:
        """Lets time pass; returns the lines that are over, by onset."""
        over = [line for line in self.coming if line.ends <= now]
        if over:
            self.coming = [line for line in self.coming if line.ends > now]
        return sorted(over, key=lambda line: line.say.at)

    def carry_out(self, now: float, command: Command) -> None:
        """Carries out one command of the event at `now`."""
        match command:
            case Say():
                self._check(now, command)
            case StopSpeaking(at):
                for line in self.coming:
                    if line.cut is None and line.begins < at and line.ends > at and line.say.source in DANGER_LINES:
                        raise LawBroken(Law.DANGER, now, f"{line.say.text!r} was cut")
            case _:
                pass
        self.coming = carry_out([command], self.coming, now, self._measure)

    def _check(self, now: float, say: Say) -> None:
        line = place(say, self._measure)
        if say.at < now - SLACK_S:
            raise LawBroken(Law.TIME, now, f"{say.text!r} is to be heard at {say.at:.3f}")
        if _ORDER_TO_LOCK.search(say.text.lower()):
            raise LawBroken(Law.LOCK, say.at, f"the coach says {say.text!r}", silent_past(say.at))
        for other in self.coming:
            if line.begins < other.ends - SLACK_S and other.begins < line.ends - SLACK_S:
                saw = f"{say.text!r} lies over {other.say.text!r}"
                raise LawBroken(Law.FLOOR, say.at, saw, silent_past(max(say.at, other.say.at)))

    def busy_until(self, now: float) -> float:
        """Returns when everything has been said."""
        return max([now, *(line.ends for line in self.coming)])
