"""Tempo: four phases of whole seconds, and the beats of one repetition.

The notation is the one lifters use, eccentric-pause-concentric-pause: `4-1-2-0` is four seconds of lowering, one at
the bottom, a push of two, no pause at the top. `X` in third place means as fast as is safe: a push of one beat.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum

LOWERING_S = range(2, 9)
"""Below two seconds of lowering there is no control left to count (claims T1, T3); nobody lowers for nine."""
PAUSE_S = range(6)
PUSH_S = range(1, 6)


class Phase(Enum):
    """The four phases of a repetition, in order. The leg press begins with the lowering."""

    LOWERING = "lowering"
    BOTTOM = "bottom"
    PRESSING = "pressing"
    TOP = "top"


class BeatKind(Enum):
    """What is said on a beat."""

    NAME = "name"
    """The first beat of a phase names it."""
    NUMBER = "number"
    """The following ones are numbers."""
    REP = "rep"
    """The beat on which the repetition is done carries its number."""
    STAY = "stay"
    """The beats behind it, at the top: a number there would be a beat or a repetition."""


@dataclass(frozen=True, slots=True)
class Beat:
    """One count."""

    offset: int
    """Seconds after the repetition began."""
    phase: Phase
    index: int
    """0 for the first beat of its phase."""
    kind: BeatKind


@dataclass(frozen=True, slots=True)
class Tempo:
    """Whole seconds of each phase; checked on construction (ValueError says which is out of bounds)."""

    lowering: int
    bottom: int
    push: int
    top: int = 0

    def __post_init__(self) -> None:
        for name, value, bounds in (
            ("lowering", self.lowering, LOWERING_S),
            ("pause at the bottom", self.bottom, PAUSE_S),
            ("push", self.push, PUSH_S),
            ("pause at the top", self.top, PAUSE_S),
        ):
            if value not in bounds:
                raise ValueError(f"{name} of {value} s: give {bounds[0]} to {bounds[-1]}")

    @classmethod
    def parse(cls, text: str) -> Tempo:
        """From `4-1-2-0`, `4120`, `3 1 X` (the top pause may be left out); ValueError says what is wrong."""
        marks = re.fullmatch(r"(\d)([- ]?)(\d)\2(\d|[xX])(?:\2(\d))?", text.strip())
        if marks is None:
            raise ValueError(f"tempo {text!r} is not like 4-1-2-0: lowering, pause, push (or X), pause, in seconds")
        lowering, _, bottom, push, top = marks.groups()
        return cls(int(lowering), int(bottom), 1 if push in "xX" else int(push), int(top or 0))

    def __str__(self) -> str:
        return f"{self.lowering}-{self.bottom}-{self.push}-{self.top}"

    @property
    def rep_seconds(self) -> int:
        """Seconds of one repetition."""
        return self.lowering + self.bottom + self.push + self.top

    @property
    def pushes_on_the_number(self) -> bool:
        """True when the push is one beat and no pause follows: its only beat carries the repetition's number."""
        return self.push == 1 and self.top == 0

    def with_lowering(self, seconds: int) -> Tempo:
        """The same with another lowering phase."""
        return replace(self, lowering=seconds)

    def beats(self) -> tuple[Beat, ...]:
        """The beats of one repetition, a second apart.

        The repetition's number is said when the repetition is done: on the first beat of the pause at the top, or,
        where there is none, on the last beat of the push.
        """
        beats: list[Beat] = []
        for phase, seconds in self.phases():
            for index in range(seconds):
                kind = BeatKind.NUMBER if index else BeatKind.NAME
                if phase is Phase.TOP and index:
                    kind = BeatKind.STAY
                last_push = phase is Phase.PRESSING and not self.top and index == seconds - 1
                if last_push or (phase is Phase.TOP and index == 0):
                    kind = BeatKind.REP
                beats.append(Beat(len(beats), phase, index, kind))
        return tuple(beats)

    def phases(self) -> tuple[tuple[Phase, int], ...]:
        """The phases that take time, with their seconds, in order."""
        seconds = (self.lowering, self.bottom, self.push, self.top)
        return tuple((phase, length) for phase, length in zip(Phase, seconds, strict=True) if length)
