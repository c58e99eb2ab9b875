"""What the coach can say and hear about one exercise: frozen values that the loader makes.

Law: everything that can be spoken is a `Line` or fills a slot of one, and `Pack.lines()` yields every `Line`.
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
    """The line's id, such as "setup.back", "setup.back.why", "correction.Toes.fix"."""
    say: tuple[str, ...]
    """Wordings that are used in turn. {Slots} are gaps that code fills with words; they are not slots of an intent."""
    manner: Manner
    claims: tuple[str, ...] = ()
    """Ids of the claims that the line teaches; a line that teaches cites at least one."""
    operational: bool = False
    """Whether the line teaches nothing: safety, timers, confirmations."""
    short: str | None = None
    """A cue's wording for a narrow gap between two counts."""
    long: str | None = None
    """A cue's wording for a wide gap between two counts."""

    @property
    def texts(self) -> tuple[str, ...]:
        """Every wording of the line, the long one first, the short one last."""
        return tuple(text for text in (self.long, *self.say, self.short) if text)


@dataclass(frozen=True, slots=True)
class SetupStep:
    """One step of the setup, and its reason."""

    line: Line
    why: Line

    @property
    def id(self) -> str:
        """Id of the step's line, such as "setup.back"."""
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
        """Id of the cue's line, such as "cue.brace"."""
        return self.line.id

    @property
    def texts(self) -> tuple[str, ...]:
        """The cue's wordings from the longest to the shortest."""
        return self.line.texts


@dataclass(frozen=True, slots=True)
class Correction:
    """What the coach says when the lifter reports a fault of form."""

    now: Line
    """What to do with the platform at once."""
    fix: Line
    """What to do from the next repetition on. Between sets only this line is said."""
    why: Line
    topic: str
    """Topic of the cues that the next repetitions get."""
    racked: bool
    """Whether the fix needs the catches in; then the lifter unracks before going on."""
    again: Line
    """A shorter fix for the second report of the fault in a set."""
    remedy: Line
    """What to do from the next set on, after three reports of the fault."""
    name: str
    """Name of the fault, such as "Back lifted". It fills {fault} of the prompt "set.word" at the end of the set."""
    hint: str
    """What to do about the fault, such as "Turn sooner". It fills {hint} of "set.word"."""
    avoid: frozenset[str]
    """Topics that work against the fix and are not cued any more."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """The exercise's usual plan, if the lifter says nothing else."""

    reps: int
    sets: int
    rest: int
    """Seconds between sets."""
    tempo: str
    """A tempo such as 4-1-2-0: eccentric, pause, concentric, pause."""


@dataclass(frozen=True, slots=True)
class Pack:
    """One exercise: everything the coach says and hears."""

    id: str
    name: str
    defaults: Defaults
    setup: tuple[SetupStep, ...]
    cues: tuple[Cue, ...]
    corrections: Mapping[str, Correction]
    """The corrections, by intents of the group `report`."""
    answers: Mapping[str, Line]
    """The answers, by intents of the group `question`."""
    prompts: Mapping[str, Line]
    """The lines that code asks for, by id: the prompts."""
    asks: Mapping[str, Line]
    """By intent, the question whether the lifter meant this intent."""
    commands: Mapping[str, Any]
    """The checked commands file, for the grammar."""
    groups: Mapping[str, Group]
    """The group of each intent."""
    order: Order = Order.ECCENTRIC_FIRST
    """Order of the phases of a repetition."""
    topics: tuple[str, ...] = ()
    """The topics of cues and corrections, the most dangerous first."""

    @property
    def gravest_topic(self) -> str:
        """The most dangerous topic other than the breath; empty if the pack has none."""
        return next((topic for topic in self.topics if topic != BREATH), "")

    def is_gravest(self, what: str) -> bool:
        """Whether `what` is the intent of a correction of `gravest_topic`, so never one of the breath."""
        return what in self.corrections and self.corrections[what].topic == self.gravest_topic

    def lines(self) -> Iterator[Line]:
        """Everything that can be spoken, in the order of a conversation."""
        for step in self.setup:
            yield from (step.line, step.why)
        yield from (cue.line for cue in self.cues)
        for correction in self.corrections.values():
            lines = (correction.now, correction.fix, correction.again, correction.remedy, correction.why)
            # `again` and `remedy` are the fix itself if the pack has none: yield it once.
            yield from {line.id: line for line in lines}.values()
        yield from self.answers.values()
        yield from self.prompts.values()
        yield from self.asks.values()
