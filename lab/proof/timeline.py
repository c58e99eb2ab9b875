"""What sounds and what will sound: applies a conversation's commands to a list of lines, without sound."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from coach.commands import FADE_S, Command, DropLines, Manner, Say, StopSpeaking
from coach.dialogue.saying import DANGER_LINES
from coach.language.speaking_time import speaking_time
from coach.ports import Measure
from lab.proof.laws import SLACK_S, Broken, Law, silent_past

_ORDER_TO_LOCK = re.compile(r"(^|[.?!,] )(lock|straighten)\b|\block (your|the|them|your) ?knees|\bknees locked")


@dataclass(frozen=True, slots=True)
class Sounding:
    """A line of the coach with its times."""

    say: Say
    begins: float
    ends: float
    cut: float | None = None
    """When the line was cut."""

    @property
    def counts(self) -> bool:
        """Whether the line is a count or a cue."""
        return self.say.manner is not Manner.SENTENCE

    def sounded(self) -> bool:
        """Whether the line's audible onset was heard."""
        return self.cut is None or self.cut > self.say.at + SLACK_S


class Timeline:
    """Law: a line leaves `coming` once, when its end has passed; a line that was dropped before it began is removed."""

    def __init__(self, measure: Measure) -> None:
        self._measure = measure
        self.coming: list[Sounding] = []
        """Lines that sound or wait, in the order of their commands."""
        self.last_end = 0.0

    def pass_to(self, now: float) -> list[Sounding]:
        """Lets time pass; returns the lines that are over, by onset."""
        over = [line for line in self.coming if line.ends <= now]
        if over:
            self.coming = [line for line in self.coming if line.ends > now]
        return sorted(over, key=lambda line: line.say.at)

    def carry_out(self, now: float, command: Command) -> None:
        """Carries out one command of the event at `now`."""
        match command:
            case Say():
                self._lay(now, command)
            case StopSpeaking(at):
                for line in self.coming:
                    if line.cut is None and line.begins < at and line.ends > at and line.say.source in DANGER_LINES:
                        raise Broken(Law.DANGER, now, f"{line.say.text!r} was cut")
                self.coming = [_cut(line, at) for line in self.coming if line.begins < at]
            case DropLines(lines):
                self.coming = [line for line in self.coming if line.say.line_number not in lines or line.begins < now]
            case _:
                pass

    def _lay(self, now: float, say: Say) -> None:
        length = self._measure(say.text, say.manner)
        line = Sounding(say, say.at - length.onset, say.at + length.after_onset)
        if say.at < now - SLACK_S:
            raise Broken(Law.TIME, now, f"{say.text!r} is to be heard at {say.at:.3f}")
        if _ORDER_TO_LOCK.search(say.text.lower()):
            raise Broken(Law.LOCK, say.at, f"the coach says {say.text!r}", silent_past(say.at))
        for other in self.coming:
            if line.begins < other.ends - SLACK_S and other.begins < line.ends - SLACK_S:
                saw = f"{say.text!r} lies over {other.say.text!r}"
                raise Broken(Law.FLOOR, say.at, saw, silent_past(max(say.at, other.say.at)))
        self.coming.append(line)

    def busy_until(self, now: float) -> float:
        """Returns when everything has been said."""
        return max([now, *(line.ends for line in self.coming)])


def lay(lines: list[Sounding], commands: Sequence[Command], now: float) -> list[Sounding]:
    """Returns the lines after these commands, and checks no law: dropped lines are gone, cut lines are shorter."""
    for command in commands:
        match command:
            case Say():
                length = speaking_time(command.text, command.manner)
                lines = [*lines, Sounding(command, command.at - length.onset, command.at + length.after_onset)]
            case StopSpeaking(at):
                lines = [_cut(line, at) for line in lines if line.begins < at]
            case DropLines(dropped):
                lines = [line for line in lines if line.say.line_number not in dropped or line.begins < now]
            case _:
                pass
    return lines


def _cut(line: Sounding, at: float) -> Sounding:
    return replace(line, ends=at + FADE_S, cut=at) if line.cut is None and line.ends > at + FADE_S else line
