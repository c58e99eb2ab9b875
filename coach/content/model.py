"""What the coach can say and hear about one exercise: frozen values, made by the loader, changed by nobody.

Law: everything that can be spoken is a `Line`, and `Pack.lines()` yields every one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from coach.commands import Manner
from coach.content.schema import BREATH, Group
from coach.training.tempo import Order


@dataclass(frozen=True, slots=True)
class Line:
    """Something the coach says, in one or several wordings."""

    id: str
    """Such as "setup.back", "setup.back.why", "correction.Toes.fix"."""
    say: tuple[str, ...]
    """Wordings that take turns; {slots} arrive as words."""
    manner: Manner
    claims: tuple[str, ...] = ()
    """Ids of what it teaches: every line that teaches cites some."""
    operational: bool = False
    """Teaches nothing: safety, timers, confirmations."""
    short: str | None = None
    """For a narrow gap."""
    long: str | None = None
    """For a wide gap."""

    @property
    def texts(self) -> tuple[str, ...]:
        """Every wording there is, the long form first, the short one last."""
        return tuple(text for text in (self.long, *self.say, self.short) if text)


@dataclass(frozen=True, slots=True)
class SetupStep:
    """One step of the setup, and its reason."""

    line: Line
    why: Line

    @property
    def id(self) -> str:
        """Such as "setup.back"."""
        return self.line.id


@dataclass(frozen=True, slots=True)
class Cue:
    """A word or two between counts."""

    line: Line
    phase: str
    """lowering, bottom, pressing or top"""
    topic: str

    @property
    def id(self) -> str:
        """Such as "cue.brace"."""
        return self.line.id

    @property
    def texts(self) -> tuple[str, ...]:
        """From the longest wording to the shortest."""
        return self.line.texts


@dataclass(frozen=True, slots=True)
class Correction:
    """What is said to the report of a fault."""

    now: Line
    """For the platform, at once."""
    fix: Line
    """What to do from the next repetition on; stands alone between sets."""
    why: Line
    topic: str
    """Of the cues that the next repetitions get."""
    racked: bool
    """The fix needs the catches in: the lifter unracks before going on."""
    again: Line
    """The fix when it is told for the second time in a set: shorter."""
    remedy: Line
    """What to do from the next set on when it was told three times."""
    name: str
    """What happened, after the set: "Back lifted"."""
    hint: str
    """What to do about it, after the set: "Turn sooner"."""
    avoid: frozenset[str]
    """Topics that work against the fix: not cued any more."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to a question."""

    line: Line


@dataclass(frozen=True, slots=True)
class Defaults:
    """What is coached unless the lifter says otherwise."""

    reps: int
    sets: int
    rest: int
    """Seconds between sets."""
    tempo: str
    """Such as 4-1-2-0: eccentric, pause, concentric, pause."""


@dataclass(frozen=True, slots=True)
class Pack:
    """One exercise: all that is said and all that is heard."""

    id: str
    name: str
    defaults: Defaults
    setup: tuple[SetupStep, ...]
    cues: tuple[Cue, ...]
    corrections: Mapping[str, Correction]
    """By intent of the group `report`."""
    answers: Mapping[str, Answer]
    """By intent of the group `question`."""
    prompts: Mapping[str, Line]
    asks: Mapping[str, Line]
    """The question whether something was meant, by its intent."""
    commands: Mapping[str, Any]
    """The checked commands file, for the grammar."""
    groups: Mapping[str, Group]
    """By intent."""
    order: Order = Order.ECCENTRIC_FIRST
    """Of the phases of a repetition."""
    topics: tuple[str, ...] = ()
    """What cues and corrections are about, the most dangerous first."""

    @property
    def first_law(self) -> str:
        """The most dangerous topic besides the breath; empty where there is none."""
        return next((topic for topic in self.topics if topic != BREATH), "")

    def breaks_first_law(self, what: str) -> bool:
        """Whether that was reported; `what`: the name of an intent, or another word for what happened."""
        return what in self.corrections and self.corrections[what].topic == self.first_law

    def lines(self) -> Iterator[Line]:
        """Everything that can be spoken, in the order of a conversation."""
        for step in self.setup:
            yield from (step.line, step.why)
        yield from (cue.line for cue in self.cues)
        for correction in self.corrections.values():
            lines = (correction.now, correction.fix, correction.again, correction.remedy, correction.why)
            # What a pack leaves out is the fix itself.
            yield from {line.id: line for line in lines}.values()
        yield from (answer.line for answer in self.answers.values())
        yield from self.prompts.values()
        yield from self.asks.values()
