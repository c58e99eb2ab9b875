"""Tempo: four phases of whole seconds, their order, and the beats of one repetition.

The notation is the one lifters use, eccentric-pause-concentric-pause, for all exercises, in whichever order they have
the phases: `4-1-2-0` is four seconds of lowering, one at the bottom, a push of two, no pause at the top. `X` in third
place means as fast as is safe: a push of one beat.

The names of the phases are those of the leg press; journals and scripts contain them. In a pull (a leg curl, a row)
they mean: lowering is the eccentric, in which the muscle gets longer; bottom is the pause where the muscle is
stretched; pressing, or push, is the concentric, the pull itself; top is the pause where the muscle is contracted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum

LOWERING_S = range(2, 9)
"""Lowering in less than two seconds is not controlled (claims T1, T3); nobody lowers for nine seconds."""
PAUSE_S = range(6)
PUSH_S = range(1, 6)


class Phase(Enum):
    """The four phases of a repetition, in the order of the notation."""

    LOWERING = "lowering"
    BOTTOM = "bottom"
    PRESSING = "pressing"
    TOP = "top"


class Order(Enum):
    """With which movement a repetition begins. The value is the four phases in the order in which they come."""

    ECCENTRIC_FIRST = (Phase.LOWERING, Phase.BOTTOM, Phase.PRESSING, Phase.TOP)
    """The leg press: down, then up."""
    CONCENTRIC_FIRST = (Phase.PRESSING, Phase.TOP, Phase.LOWERING, Phase.BOTTOM)
    """A pull."""

    @property
    def first(self) -> Phase:
        """The movement away from the place where a repetition begins."""
        return self.value[0]

    @property
    def back(self) -> Phase:
        """The movement back to the place where the repetition began."""
        return self.value[2]

    @property
    def home(self) -> Phase:
        """The pause in the place where a repetition begins: one repetition is done there, and the next one begins."""
        return self.value[3]

    @property
    def from_push(self) -> tuple[Phase, ...]:
        """The phases from the concentric (push) on; the lifter breathes out in the concentric."""
        return self.value[self.value.index(Phase.PRESSING) :]


class BeatKind(Enum):
    """What is said on a beat."""

    NAME = "name"
    """The name of the phase, on the phase's first beat."""
    NUMBER = "number"
    """A number, on the phase's further beats."""
    REP = "rep"
    """The repetition's number, on the beat on which the repetition is done."""
    STAY = "stay"
    """No number, on the further beats of the last pause: a number could be heard as a beat or as a repetition."""


@dataclass(frozen=True, slots=True)
class Beat:
    """One count."""

    offset: int
    """Seconds after the repetition began."""
    phase: Phase
    index: int
    """Number of the beat in its phase, from 0."""
    kind: BeatKind


@dataclass(frozen=True, slots=True)
class Tempo:
    """Whole seconds of each phase; checked on construction (ValueError says which phase is out of bounds)."""

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
        """A tempo from `4-1-2-0`, `4120` or `3 1 X` (the top pause may be left out); ValueError says what is wrong."""
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

    def moves_on_the_number(self, order: Order) -> bool:
        """Whether the second movement is one beat and no pause follows: then this beat carries the repetition's number.

        Never true in a pull, because no lowering is that short.
        """
        return self.seconds(order.back) == 1 and not self.seconds(order.home)

    def with_lowering(self, seconds: int) -> Tempo:
        """The tempo with another lowering phase."""
        return replace(self, lowering=seconds)

    def seconds(self, phase: Phase) -> int:
        """How long a phase takes; 0 for a pause that is left out."""
        # In the order of `Phase`, as the notation has them.
        return (self.lowering, self.bottom, self.push, self.top)[list(Phase).index(phase)]

    def phases(self, order: Order) -> tuple[tuple[Phase, int], ...]:
        """The phases that take time, with their seconds, in the order in which they come."""
        return tuple((phase, self.seconds(phase)) for phase in order.value if self.seconds(phase))

    def beats(self, order: Order) -> tuple[Beat, ...]:
        """The beats of one repetition, a second apart.

        The repetition's number is said when the repetition is done: on the first beat of the pause behind the second
        movement, or, without that pause, on the last beat of the second movement.
        """
        beats: list[Beat] = []
        pauses = self.seconds(order.home) > 0
        for phase, seconds in self.phases(order):
            for index in range(seconds):
                kind = BeatKind.NUMBER if index else BeatKind.NAME
                if phase is order.home:
                    kind = BeatKind.STAY if index else BeatKind.REP
                elif phase is order.back and not pauses and index == seconds - 1:
                    kind = BeatKind.REP
                beats.append(Beat(len(beats), phase, index, kind))
        return tuple(beats)
