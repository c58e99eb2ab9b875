"""Performs an old script: the lifter speaks as written, the coach as it does now, and old and new lines are paired.

Law: a line of the coach that is recognised as an old line (by its words, its id or its place) paces the lifter as the
old line did. A new line replaces no old line, and an old line that is gone delays nobody.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from coach.commands import Manner
from coach.content.model import Pack
from coach.rehearsal.performing.stage import Line, PerformanceOver, Stage
from coach.rehearsal.scripts.script import Step, StepKind

COACH_KINDS = (StepKind.COACH, StepKind.SAYS, StepKind.COUNTS)
TURN_KINDS = (StepKind.LIFTER, StepKind.FAULT, StepKind.SILENT, StepKind.UNTIL)
LOOK_AHEAD = 6
"""Number of old lines that a new line is compared with: the counts and cues of a phase."""


@dataclass(frozen=True, slots=True)
class OldLine:
    """One line of the old script; from a `counts` step, one word."""

    line_number: int
    """Line number of the step in the file."""
    kind: StepKind
    text: str

    def is_like(self, manner: Manner) -> bool:
        """Whether the line may have been said in that manner; an id may have any manner except that of a count."""
        if self.kind is StepKind.SAYS:
            return manner is not Manner.COUNT
        if self.kind is StepKind.COUNTS:
            return manner is Manner.COUNT
        return manner is (Manner.CUE if is_cue(self.kind, self.text) else Manner.SENTENCE)


@dataclass(frozen=True, slots=True)
class PairedLine:
    """A line as the coach says it now."""

    turn: int
    """Number of the script's `TURN_KINDS` steps before the line."""
    line: Line
    old_line: OldLine | None
    """Old line in its place; None for a new line."""


@dataclass(slots=True)
class Follower:
    """Directs a performance by an old script: notes what is said, and does not compare it with the script."""

    stage: Stage
    exact: bool
    """Whether cues are paired too: not in audio, where the lengths of the clips decide which cues fit."""
    ids_of: Callable[[str], frozenset[str]]
    """Ids of the pack's lines that can still be said in these words."""
    paired_lines: list[PairedLine] = field(default_factory=list)
    turns_taken: int = 0
    new_names: dict[str, str] = field(default_factory=dict)
    """Words or id of an old line -> those of its new line, for lifter's lines that are spoken over that line."""
    _old_ahead: list[OldLine] = field(default_factory=list)
    """Old lines before the script's next turn that have not been said."""

    def __post_init__(self) -> None:
        self._look_ahead()

    def next_at(self) -> float | None:
        """Returns when the old script's next turn takes place by itself; states and records are not compared."""
        step = self.stage.step
        if step is None:
            if not self._old_ahead:
                raise PerformanceOver
            return None
        if self._old_ahead and step.at is None and not (step.spoken_over or step.phase or step.kind is StepKind.UNTIL):
            return None
        return self.stage.moment_of(replace(step, spoken_over=self.new_names.get(step.spoken_over, step.spoken_over)))

    def act(self) -> Step | None:
        """Passes the turn that is due, and returns it; old lines before it that were not said are gone."""
        step = self.stage.pass_step()
        self.turns_taken += 1
        self._look_ahead()
        return step

    def give_up(self, reason: str) -> None:
        """Drops the old lines that were not said; ends the performance if there were none."""
        if not self._old_ahead:
            self.stage.give_up(reason)
        self._old_ahead = []

    def coach_speaks(self) -> None:
        """Pairs the coach's next line with an old line."""
        line = self.stage.begin_line()
        if line is None or (line.say.manner is Manner.CUE and not self.exact):
            return
        place, old = self._find_old_line(line), None
        if place is not None:
            old, self._old_ahead = self._old_ahead[place], self._old_ahead[place + 1 :]
            new = line.say.source if old.kind is StepKind.SAYS else line.say.text
            if new != old.text:
                self.new_names[old.text] = new
        self.paired_lines.append(PairedLine(self.turns_taken, line, old))

    def _find_old_line(self, line: Line) -> int | None:
        """Returns the index of the old line ahead that this line is or replaces; None for a new line."""
        for index, old in enumerate(self._old_ahead[:LOOK_AHEAD]):
            if old.text == (line.say.source if old.kind is StepKind.SAYS else line.say.text):
                return index
        count = line.say.manner is Manner.COUNT
        if count and not any(old.kind is StepKind.COUNTS for old in self._old_ahead):
            # The old cues in the gap before this count were left out.
            self._old_ahead = [old for old in self._old_ahead if not is_cue(old.kind, old.text)]
        if not self._old_ahead or not self._old_ahead[0].is_like(line.say.manner):
            return None
        still = self.ids_of(self._old_ahead[0].text)
        # An old line that the pack still has may still come. A count never replaces another count.
        return 0 if not still or (line.say.source in still and not count) else None

    def _look_ahead(self) -> None:
        """Goes to the next turn of the script; collects the lines of the coach before it."""
        self._old_ahead = []
        while (step := self.stage.step) is not None and step.kind not in TURN_KINDS:
            if step.kind in COACH_KINDS:
                words = step.words if step.kind is StepKind.COUNTS else [step.text]
                self._old_ahead += [OldLine(step.line, step.kind, word) for word in words]
            self.stage.pass_step()


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
