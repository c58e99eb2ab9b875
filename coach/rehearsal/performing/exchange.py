"""Performs a conversation of turns: what the coach says is compared with the sections of BotiumScript.

Law: the words count, not their times. In a turn with sections every sentence must match a section; counts and cues are
free where no section names them.
"""

from __future__ import annotations

from dataclasses import dataclass

from coach.commands import Manner
from coach.rehearsal.performing.stage import REACTION_S, Line, PerformanceOver, Stage
from coach.rehearsal.scripts.script import Step, StepKind
from coach.rehearsal.scripts.typed import spoken_words

ANSWER_S = 1.0
"""Seconds in which the coach may begin its answer in a turn without sections; a recogniser needs half of them."""


@dataclass(slots=True)
class Exchange(Stage):
    """A stage where the coach and the lifter let each other finish."""

    _found: int = 0
    """Number of words of the current section that have been said."""
    _turn_ends: float = 0.0
    """End of the coach's last sentence or named count."""

    def take_due(self, at: float) -> Step | None:
        """Passes the lifter's line that is due, and returns it."""
        # Called on the class: `slots=True` makes a second class, and `super()` would refer to the first class.
        step = Stage.take_due(self, at)
        self._turn_ends = at + ANSWER_S
        return step

    def lifter_speaks_until(self, end: float, last_word: float) -> None:
        """Notes the end of the lifter's current line, and the end of its last word."""
        Stage.lifter_speaks_until(self, end, last_word)
        self._turn_ends = end + ANSWER_S

    def _moment(self) -> float | None:
        step = self._step()
        if step is None or step.kind is not StepKind.LIFTER:
            return None
        moment = self._turn_ends + REACTION_S + step.seconds
        more = any(line.say.manner is Manner.SENTENCE and line.begins <= moment for line in self._coming)
        return None if more else moment

    def _is_free(self, _: Line) -> bool:
        """Compares every line: a section may name a count or a cue."""
        return False

    def _hold_against(self, line: Line) -> None:
        step = self._step()
        if step is None:
            raise PerformanceOver
        sentence = line.say.manner is Manner.SENTENCE
        named = False
        if step.kind is StepKind.ANSWER:
            named = self._hear_sentence(line) if sentence else self._hear_count(line)
        elif sentence and self._cursor and self.script.steps[self._cursor - 1].kind is StepKind.ANSWER:
            self._fail(step, str(step), f"at {line.say.at:.3f} the coach said {line.say.text!r}")
        if sentence or named:
            self._turn_ends = line.ends

    def _hear_count(self, line: Line) -> bool:
        """Takes a count or a cue; returns whether the section names it, or a later section after optional ones does."""
        said = spoken_words(line.say.text)
        for place, step in enumerate(self.script.steps[self._cursor :], self._cursor):
            wanted = step.text.split()[self._found :] if step.kind is StepKind.ANSWER else []
            if step.barred:
                self._check_barred(step, said, line)
            elif said == wanted[: len(said)]:
                self._cursor = place
                self._find(len(said), len(wanted))
                return True
            if self._found or not step.optional:
                break
        return False

    def _hear_sentence(self, line: Line) -> bool:
        """Compares a line of one or more sentences with the sections; several sections may share the line."""
        left, named = spoken_words(line.say.text), False
        while left and (step := self._step()) is not None and step.kind is StepKind.ANSWER:
            if step.barred or not step.text:
                if named:
                    break
                if step.barred:
                    self._check_barred(step, left, line)
                self._pass()
                break
            end = self._look_for(step, left)
            if end is not None:
                left, named = left[end:], True
            elif named:
                break
            elif step.optional and not self._found:
                self._pass()
            else:
                wanted = " ".join(step.text.split()[self._found :])
                self._fail(step, wanted, f"at {line.say.at:.3f} the coach said something else", " ".join(left))
        return True

    def _look_for(self, step: Step, said: list[str]) -> int | None:
        """Looks for words of the section in what is said; returns the index after them, None if they are not there."""
        wanted = step.text.split()[self._found :]
        # A section may begin in the middle of what is said. A section that has begun must go on with the first word.
        for start in range(len(said) if not self._found else 1):
            length = min(len(wanted), len(said) - start)
            if said[start : start + length] == wanted[:length]:
                self._find(length, len(wanted))
                return start + length
        return None

    def _find(self, words: int, wanted: int) -> None:
        self._found += words
        if words == wanted:
            self._pass()

    def _pass(self) -> None:
        self._cursor, self._found = self._cursor + 1, 0

    def _check_barred(self, step: Step, said: list[str], line: Line) -> None:
        if f" {step.text} " in f" {' '.join(said)} ":
            self._fail(step, str(step), f"at {line.say.at:.3f} it said {line.say.text!r}")
