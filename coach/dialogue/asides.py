"""Answers to questions in a set: a word between two counts where a word is enough, else the answer after the set.

Law: the set does not wait for an answer, and nobody who holds the load at full depth gets an answer.
"""

from __future__ import annotations

from collections.abc import Callable

from coach.dialogue.context import Context
from coach.dialogue.states import COUNTDOWN, UNRACKING
from coach.dialogue.telling import Telling
from coach.dialogue.training_set import TrainingSet
from coach.language.numbers import in_words
from coach.training.plan import Kind

BEATS = 9
"""Largest number that is also counted as a beat."""


class Asides:
    """Answers while a set runs."""

    def __init__(self, context: Context, training_set: TrainingSet, telling: Telling) -> None:
        self._pack = context.pack
        self._workout = context.workout
        self._saying = context.saying
        self._set = training_set
        self._telling = telling

    def answer(self, now: float, question: str) -> None:
        """Answer a question of the pack; `question`: the name of its intent."""
        if self._workout.moves.state in (UNRACKING, COUNTDOWN):
            # The platform is not low: answer at once, and start the countdown again later.
            self._set.pause(now)
            self._telling.answer(now, question)
        else:
            self.after_the_set(now, question, lambda at: self._telling.answer(at, question))

    def after_the_set(self, now: float, what: str, answer: Callable[[float], None]) -> None:
        """Put an answer off until the set is over."""
        self._set.later.put_off(now, "set.after", what, answer)

    def left(self, now: float) -> None:
        """Say how many repetitions are left."""
        if self._unracking:
            self._telling.left(now)
            return
        line = self._pack.prompts["status.left_cue"]
        left = self._workout.reps_left
        # Say the bare number only where the number cannot be a beat.
        texts = line.say if left > BEATS else line.say[:1]
        self._set.counting.tell(now, line, *(text.format(reps=in_words(left)) for text in texts))

    def set(self, now: float) -> None:
        """Say which set is under way."""
        if self._unracking:
            self._telling.set(now)
            return
        warms_up, last = self._workout.this_set.kind is Kind.WARM_UP, self._workout.sets_left <= 1
        prompt = "status.set_cue_warm_up" if warms_up else "status.last_set" if last else "status.set_cue"
        line = self._pack.prompts[prompt]
        number = in_words(self._workout.this_set.number)
        self._set.counting.tell(now, line, *(text.format(set=number) for text in line.say))

    def side(self, now: float) -> None:
        """Say which side is under way."""
        if self._unracking:
            self._telling.side(now)
            return
        side = self._workout.stage.side
        line = self._pack.prompts["status.side_cue" if side is not None else "status.both_cue"]
        self._set.counting.tell(now, line, *(text.format(side="" if side is None else side.value) for text in line.say))

    @property
    def _unracking(self) -> bool:
        """Whether the lifter is unracking: then an answer comes at once, and the countdown waits for the answer."""
        return self._workout.moves.state == UNRACKING

    def help(self, now: float) -> None:
        """Pause, then say what can be said here: a lifter who asks this under the load may need more than words."""
        self._set.pause(now, self._pack.prompts["help.set"])
