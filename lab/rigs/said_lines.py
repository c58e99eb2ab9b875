"""The lines that a conversation's commands make: what sounds and what will sound, with times, without sound."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from coach.commands import FADE_S, Command, DropLines, Manner, Say, StopSpeaking
from coach.language.speaking_time import speaking_time
from coach.ports import Measure


@dataclass(frozen=True, slots=True)
class SaidLine:
    """A line of the coach with its times, in session seconds."""

    say: Say
    begins: float
    ends: float
    cut: float | None = None
    """When the line was cut; None: it was not."""

    @property
    def counts(self) -> bool:
        """Whether the line is a count or a cue."""
        return self.say.manner is not Manner.SENTENCE


def place(say: Say, measure: Measure) -> SaidLine:
    """The line of a command, at its beat."""
    length = measure(say.text, say.manner)
    return SaidLine(say, say.at - length.onset, say.at + length.after_onset)


def carry_out(
    commands: Iterable[Command], lines: list[SaidLine], now: float, measure: Measure = speaking_time
) -> list[SaidLine]:
    """The lines after these commands: dropped lines are gone, cut lines are shorter."""
    for command in commands:
        match command:
            case Say():
                lines = [*lines, place(command, measure)]
            case StopSpeaking(at):
                lines = [_cut(line, at) for line in lines if line.begins < at]
            case DropLines(dropped):
                lines = [line for line in lines if line.say.line_number not in dropped or line.begins < now]
            case _:
                pass
    return lines


def _cut(line: SaidLine, at: float) -> SaidLine:
    return replace(line, ends=at + FADE_S, cut=at) if line.cut is None and line.ends > at + FADE_S else line
