"""Answers in the middle of a running set: between two counts where they fit, else the set waits for them."""

from __future__ import annotations

from collections.abc import Callable

from coach.dialogue.context import Context
from coach.dialogue.telling import Telling
from coach.dialogue.training_set import TrainingSet
from coach.language.numbers import in_words

BEATS = 9
"""Numbers up to this one are also beats."""


class Asides:
    """What is asked under the platform is answered, and then the set goes on by itself."""

    def __init__(self, context: Context, training_set: TrainingSet, telling: Telling) -> None:
        self._pack = context.pack
        self._workout = context.workout
        self._saying = context.saying
        self._set = training_set
        self._telling = telling

    def answer(self, now: float, question: str) -> None:
        """A question of the pack; `question`: the name of its intent."""
        self._break_for(now, lambda at: self._telling.answer(at, question))

    def left(self, now: float) -> None:
        """How many repetitions."""
        line = self._pack.prompts["status.left_cue"]
        left = self._workout.reps_left
        # The bare number only where it cannot be a beat.
        for text in line.say if left > BEATS else line.say[:1]:
            if self._saying.put_in(now, text.format(reps=in_words(left)), line.id):
                return
        self._break_for(now, self._telling.left)

    def set(self, now: float) -> None:
        """Which set of how many."""
        self._break_for(now, self._telling.set)

    def help(self, now: float) -> None:
        """What can be said here; what was said before stays what `repeat` says again."""
        self._set.break_for(now)
        self._set.going_on.resume(self._saying.say(now, "help.set"))

    def _break_for(self, now: float, answer: Callable[[float], None]) -> None:
        self._set.break_for(now)
        self._saying.turn.clear()
        answer(now)
        self._set.going_on.resume(self._saying.floor.next_free(now))
