"""A performance that follows an old script: the lifter's part as written, the coach's as it is now, side by side.

Law: what the coach says paces the lifter where it can be told to be the old line, in the same words, by its id, or in
new words at the same place; a line that is new takes nobody's place, and one that is gone holds nobody up.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from coach.commands import Manner
from coach.content.model import Pack
from coach.rehearsal.script import Step, StepKind
from coach.rehearsal.stage import Line, Sounding, Stage

SPOKEN = (StepKind.COACH, StepKind.SAYS, StepKind.COUNTS)
TURNS = (StepKind.LIFTER, StepKind.FAULT, StepKind.SILENT, StepKind.UNTIL)
LOOK_AHEAD = 6
"""Old lines among which a new one is looked for: the counts of a phase and its cues."""


@dataclass(frozen=True, slots=True)
class Old:
    """One line of the old script; of a `counts` step one word."""

    line: int
    """Of its step in the file."""
    kind: StepKind
    text: str

    def is_like(self, manner: Manner) -> bool:
        """Whether it may have been said in that manner; an id may be of any but a count."""
        if self.kind is StepKind.SAYS:
            return manner is not Manner.COUNT
        own = Manner.COUNT if self.kind is StepKind.COUNTS else Manner.CUE if self.is_cue else Manner.SENTENCE
        return own is manner

    @property
    def is_cue(self) -> bool:
        """Cues have no punctuation."""
        return is_cue(self.kind, self.text)


@dataclass(frozen=True, slots=True)
class Said:
    """A line as it is now."""

    turn: int
    """How many of the script's `TURNS` came before it."""
    sounding: Sounding
    manner: Manner
    old: Old | None
    """What stood in its place."""


@dataclass(slots=True)
class Follower(Stage):
    """Notes what is said instead of holding it against the script."""

    ids_of: Callable[[str], frozenset[str]] = lambda _text: frozenset()
    """Ids of the lines that may still be said in these words."""
    said: list[Said] = field(default_factory=list)
    turn: int = 0
    renamed: dict[str, str] = field(default_factory=dict)
    """Old words or id -> new, for the lifter's lines that are said over them."""
    _ahead: list[Old] = field(default_factory=list)
    """Old lines before the script's next turn that have not been said."""

    def __post_init__(self) -> None:
        self._look_ahead()

    @property
    def over(self) -> bool:
        """As far as the old script goes."""
        return self._step() is None and not self._ahead

    def settle(self) -> None:
        """States and the journal are not asked about."""

    def take_due(self, at: float) -> Step | None:
        """As for any script; what had not been said until then is gone."""
        # Called on the class: a dataclass with slots is made anew, and `super()` would mean the one before.
        step = Stage.take_due(self, at)
        self.turn += 1
        self._look_ahead()
        return step

    def give_up(self, now: float) -> None:
        """What has not been said by now will not be."""
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
        """Which of the old lines ahead this one is."""
        for index, old in enumerate(self._ahead[:LOOK_AHEAD]):
            if old.text == (line.say.source if old.kind is StepKind.SAYS else line.say.text):
                return index
        count = line.say.manner is Manner.COUNT
        if count and not any(old.kind is StepKind.COUNTS for old in self._ahead):
            # The cues of the gap before it were left out.
            self._ahead = [old for old in self._ahead if not old.is_cue]
        if not self._ahead or not self._ahead[0].is_like(line.say.manner):
            return None
        still = self.ids_of(self._ahead[0].text)
        # What may still be said in the old words may still come; a count is no other count in new words.
        return 0 if not still or (line.say.source in still and not count) else None

    def _look_ahead(self) -> None:
        """Go to the next turn of the script, past the lines the coach says before it."""
        self._ahead = []
        while (step := self._step()) is not None and step.kind not in TURNS:
            if step.kind in SPOKEN:
                words = step.words if step.kind is StepKind.COUNTS else [step.text]
                self._ahead += [Old(step.line, step.kind, word) for word in words]
            self._cursor += 1


def is_cue(kind: StepKind, text: str) -> bool:
    """Whether a line of a script is one between two counts, also if nobody says it any more."""
    return text.startswith("cue.") if kind is StepKind.SAYS else kind is StepKind.COACH and text[-1] not in ".?"


def ids_of(pack: Pack) -> Callable[[str], frozenset[str]]:
    """Tells which of the pack's lines can be said in some words; of an id, that line."""
    patterns = [
        (re.compile(re.sub(r"\\\{\w+\\\}", ".+", re.escape(text)), re.IGNORECASE), line.id)
        for line in pack.lines()
        for text in line.texts
        if re.sub(r"\{\w+\}|\W", "", text)  # slots alone would be any words
    ]
    known = {line.id for line in pack.lines()}

    def look_up(text: str) -> frozenset[str]:
        return frozenset({text} & known) | {name for pattern, name in patterns if pattern.fullmatch(text)}

    return look_up
