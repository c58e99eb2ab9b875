"""A conversation of turns being performed: what the coach says is held against the sections of BotiumScript.

Law: words count, not when they are said. In a turn with sections each sentence has to be in one of them; counts and
cues are free where no section names them.
"""

from __future__ import annotations

from dataclasses import dataclass

from coach.commands import Manner
from coach.rehearsal.script import Step, StepKind
from coach.rehearsal.stage import REACTION_S, Line, PerformanceOver, Stage
from coach.rehearsal.typed import spoken_words

ANSWER_S = 1.0
"""In a turn without sections the coach has so long to begin with an answer; a recogniser takes half of it."""


@dataclass(slots=True)
class Exchange(Stage):
    """The coach and the lifter let each other finish."""

    _found: int = 0
    """Words of the section under way that have been said."""
    _turn_ends: float = 0.0
    """End of the coach's last sentence or named count."""

    def take_due(self, at: float) -> Step | None:
        """The lifter's line that is due."""
        # Called on the class: a dataclass with slots is made anew, and `super()` would mean the one before.
        step = Stage.take_due(self, at)
        self._turn_ends = at + ANSWER_S
        return step

    def lifter_speaks_until(self, end: float, last_word: float) -> None:
        """How long the line lasts that was just taken, and until when it is audible."""
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
        """None is passed by unseen: a section may name it."""
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
        """A count or a cue; whether the section names it, or one below what may be left out."""
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
        """A sentence, or a few said in one go, which several sections may share."""
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
        """Find words of the section in what is said; returns the end of what was found."""
        wanted = step.text.split()[self._found :]
        # Only the beginning of a section may stand in the middle of what is said.
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
