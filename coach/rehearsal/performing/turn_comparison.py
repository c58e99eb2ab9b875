"""Performs a conversation of turns: what the coach says is compared with the sections of BotiumScript.

Law: the words count, not their times. In a turn with sections every sentence must match a section; counts and cues are
free where no section names them.
"""

from __future__ import annotations

from dataclasses import dataclass

from coach.commands import Manner
from coach.rehearsal.performing.stage import REACTION_S, Line, PerformanceOver, Stage
from coach.rehearsal.scripts.script import Step, StepKind
from coach.rehearsal.scripts.typed_text import spoken_words

ANSWER_S = 1.0
"""Seconds in which the coach may begin its answer in a turn without sections; a recogniser needs half of them."""


@dataclass(slots=True)
class TurnComparison:
    """Directs a performance where the coach and the lifter let each other finish."""

    stage: Stage
    _words_found: int = 0
    """Number of words of the current section that have been said."""
    _coach_ends: float | None = 0.0
    """End of the coach's last sentence or named count; None if the lifter has spoken since."""

    def next_at(self) -> float | None:
        """Returns when the lifter speaks; None if sections come first, or the coach has more to say."""
        step = self.stage.step
        if step is None:
            raise PerformanceOver
        if step.kind is not StepKind.LIFTER:
            return None
        turn_ends = self.stage.lifter_line_ends + ANSWER_S if self._coach_ends is None else self._coach_ends
        moment = turn_ends + REACTION_S + step.seconds
        more = any(line.say.manner is Manner.SENTENCE and line.begins <= moment for line in self.stage.coming_lines)
        return None if more else moment

    def act(self) -> Step | None:
        """Passes the lifter's line that is due, and returns it."""
        self._coach_ends = None
        return self.stage.pass_step()

    def give_up(self, reason: str) -> None:
        """Fails if a section is still to come."""
        self.stage.give_up(reason)

    def coach_speaks(self) -> None:
        """Compares the coach's next line with the sections; a section may name a count or a cue."""
        line = self.stage.begin_line()
        if line is None:
            return
        step = self.stage.step
        if step is None:
            raise PerformanceOver
        if line.say.manner is not Manner.SENTENCE:
            if step.kind is StepKind.ANSWER and self._hear_count(line):
                self._coach_ends = line.ends
            return
        if step.kind is StepKind.ANSWER:
            self._hear_sentence(line)
        elif self.stage.steps_passed and self.stage.script.steps[self.stage.steps_passed - 1].kind is StepKind.ANSWER:
            self.stage.fail(step, str(step), f"at {line.say.at:.3f} the coach said {line.say.text!r}")
        self._coach_ends = line.ends

    def _hear_count(self, line: Line) -> bool:
        """Takes a count or a cue; returns whether the section names it, or a section after optional ones."""
        said = spoken_words(line.say.text)
        for place, step in enumerate(self.stage.script.steps[self.stage.steps_passed :], self.stage.steps_passed):
            wanted = step.text.split()[self._words_found :] if step.kind is StepKind.ANSWER else []
            if step.negated:
                self._check_negated(step, said, line)
            elif said == wanted[: len(said)]:
                self.stage.steps_passed = place
                self._note_found(len(said), len(wanted))
                return True
            if self._words_found or not step.optional:
                break
        return False

    def _hear_sentence(self, line: Line) -> None:
        """Compares a line of one or more sentences with the sections; several sections may share the line."""
        left, named = spoken_words(line.say.text), False
        while left and (step := self.stage.step) is not None and step.kind is StepKind.ANSWER:
            if step.negated or not step.text:
                if named:
                    break
                if step.negated:
                    self._check_negated(step, left, line)
                self._pass()
                break
            end = self._find_words(step, left)
            if end is not None:
                left, named = left[end:], True
            elif named:
                break
            elif step.optional and not self._words_found:
                self._pass()
            else:
                wanted = " ".join(step.text.split()[self._words_found :])
                self.stage.fail(step, wanted, f"at {line.say.at:.3f} the coach said something else", " ".join(left))

    def _find_words(self, step: Step, said: list[str]) -> int | None:
        """Looks for words of the section in what is said; returns the index after them, None if they are not there."""
        wanted = step.text.split()[self._words_found :]
        # A section may begin in the middle of what is said. A section that has begun must go on with the first word.
        for start in range(len(said) if not self._words_found else 1):
            length = min(len(wanted), len(said) - start)
            if said[start : start + length] == wanted[:length]:
                self._note_found(length, len(wanted))
                return start + length
        return None

    def _note_found(self, words: int, wanted: int) -> None:
        self._words_found += words
        if words == wanted:
            self._pass()

    def _pass(self) -> None:
        self.stage.steps_passed, self._words_found = self.stage.steps_passed + 1, 0

    def _check_negated(self, step: Step, said: list[str], line: Line) -> None:
        if f" {step.text} " in f" {' '.join(said)} ":
            self.stage.fail(step, str(step), f"at {line.say.at:.3f} it said {line.say.text!r}")
