"""Performs an old script: the lifter speaks as written, the coach as it does now, and old and new lines are paired.

Law: a line of the coach that is recognised as an old line (by its words, its id or its place) paces the lifter as the
old line did. A new line replaces no old line, and an old line that is gone delays nobody.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from coach.commands import Manner
from coach.content.model import Pack
from coach.rehearsal.performing.stage import Line, Sounding, Stage
from coach.rehearsal.scripts.script import Step, StepKind

SPOKEN = (StepKind.COACH, StepKind.SAYS, StepKind.COUNTS)
TURNS = (StepKind.LIFTER, StepKind.FAULT, StepKind.SILENT, StepKind.UNTIL)
LOOK_AHEAD = 6
"""Number of old lines that a new line is compared with: the counts and cues of a phase."""


@dataclass(frozen=True, slots=True)
class Old:
    """One line of the old script; from a `counts` step, one word."""

    line: int
    """Line number of the step in the file."""
    kind: StepKind
    text: str

    def is_like(self, manner: Manner) -> bool:
        """Whether the line may have been said in that manner; an id may have any manner except that of a count."""
        if self.kind is StepKind.SAYS:
            return manner is not Manner.COUNT
        own = Manner.COUNT if self.kind is StepKind.COUNTS else Manner.CUE if self.is_cue else Manner.SENTENCE
        return own is manner

    @property
    def is_cue(self) -> bool:
        """Whether the line is a cue."""
        return is_cue(self.kind, self.text)


@dataclass(frozen=True, slots=True)
class Said:
    """A line as the coach says it now."""

    turn: int
    """Number of the script's `TURNS` steps before the line."""
    sounding: Sounding
    manner: Manner
    old: Old | None
    """Old line in its place; None for a new line."""


@dataclass(slots=True)
class Follower(Stage):
    """A stage that notes what is said, and does not compare it with the script."""

    ids_of: Callable[[str], frozenset[str]] = lambda _text: frozenset()
    """Ids of the pack's lines that can still be said in these words."""
    said: list[Said] = field(default_factory=list)
    turn: int = 0
    renamed: dict[str, str] = field(default_factory=dict)
    """Old words or id -> new, for lifter's lines that are spoken over a line of the coach."""
    _ahead: list[Old] = field(default_factory=list)
    """Old lines before the script's next turn that have not been said."""

    def __post_init__(self) -> None:
        self._look_ahead()

    @property
    def over(self) -> bool:
        """Whether the old script is at its end."""
        return self._step() is None and not self._ahead

    def settle(self) -> None:
        """Does nothing: states and journal entries are not compared."""

    def take_due(self, at: float) -> Step | None:
        """Passes the step that is due, as every stage does; old lines before it that were not said are gone."""
        # Called on the class: `slots=True` makes a second class, and `super()` would refer to the first class.
        step = Stage.take_due(self, at)
        self.turn += 1
        self._look_ahead()
        return step

    def give_up(self, now: float) -> None:
        """Drops the old lines that were not said; ends the performance if there were none."""
        if not self._ahead:
            Stage.give_up(self, now)
        self._ahead = []

    def _moment(self) -> float | None:
        step = self._step()
        bound = step is not None and (step.at is not None or step.over or step.beat or step.kind is StepKind.UNTIL)
        return Stage._moment(self) if bound or not self._ahead else None

    def _within_line(self, name: str, after: float | None) -> float | None:
        return Stage._within_line(self, self.renamed.get(name, name), after)

    def _is_free(self, line: Line) -> bool:
        return line.say.manner is Manner.CUE and not self.exact

    def _hold_against(self, line: Line) -> None:
        place = self._place(line)
        old = None if place is None else self._ahead[place]
        if old is not None:
            self._ahead = self._ahead[self._ahead.index(old) + 1 :]
            new = line.say.source if old.kind is StepKind.SAYS else line.say.text
            if new != old.text:
                self.renamed[old.text] = new
        if self._sounding is not None:
            self.said.append(Said(self.turn, self._sounding, line.say.manner, old))

    def _place(self, line: Line) -> int | None:
        """Returns the index of the old line ahead that this line is or replaces; None for a new line."""
        for index, old in enumerate(self._ahead[:LOOK_AHEAD]):
            if old.text == (line.say.source if old.kind is StepKind.SAYS else line.say.text):
                return index
        count = line.say.manner is Manner.COUNT
        if count and not any(old.kind is StepKind.COUNTS for old in self._ahead):
            # The old cues in the gap before this count were left out.
            self._ahead = [old for old in self._ahead if not old.is_cue]
        if not self._ahead or not self._ahead[0].is_like(line.say.manner):
            return None
        still = self.ids_of(self._ahead[0].text)
        # An old line that the pack still has may still come. A count never replaces another count.
        return 0 if not still or (line.say.source in still and not count) else None

    def _look_ahead(self) -> None:
        """Goes to the next turn of the script; collects the lines of the coach before it."""
        self._ahead = []
        while (step := self._step()) is not None and step.kind not in TURNS:
            if step.kind in SPOKEN:
                words = step.words if step.kind is StepKind.COUNTS else [step.text]
                self._ahead += [Old(step.line, step.kind, word) for word in words]
            self._cursor += 1


def is_cue(kind: StepKind, text: str) -> bool:
    """Whether a script's line is a cue, even if the pack no longer has it. Words of a cue have no final punctuation."""
    return text.startswith("cue.") if kind is StepKind.SAYS else kind is StepKind.COACH and text[-1] not in ".?"


def ids_of(pack: Pack) -> Callable[[str], frozenset[str]]:
    """Returns a function that finds the ids of the pack's lines that can be said in some words; an id finds itself."""
    patterns = [
        (re.compile(re.sub(r"\\\{\w+\\\}", ".+", re.escape(text)), re.IGNORECASE), line.id)
        for line in pack.lines()
        for text in line.texts
        if re.sub(r"\{\w+\}|\W", "", text)  # a text of slots alone would match any words
    ]
    known = {line.id for line in pack.lines()}

    def look_up(text: str) -> frozenset[str]:
        return frozenset({text} & known) | {name for pattern, name in patterns if pattern.fullmatch(text)}

    return look_up
