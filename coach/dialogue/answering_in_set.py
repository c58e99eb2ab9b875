"""Answers to questions in a set: a word between two counts where a word is enough, else the answer after the set.

Law: the set does not wait for an answer, and nobody who holds the load at full depth gets an answer.
"""

from __future__ import annotations

from functools import partial

from coach.dialogue.answering import Answering
from coach.dialogue.context import Context, Scene
from coach.dialogue.states import COUNTDOWN, UNRACKING
from coach.dialogue.training_set import TrainingSet
from coach.language.numbers import in_words
from coach.training.plan import SetKind

HIGHEST_BEAT = 9
"""Largest number that is also counted as a beat."""


class AnsweringInSet(Scene):
    """Answers while a set runs."""

    def __init__(self, context: Context, training_set: TrainingSet, answering: Answering) -> None:
        super().__init__(context)
        self._training_set = training_set
        self._answering = answering

    def answer(self, now: float, question: str) -> None:
        """Answer a question of the pack; `question`: the name of its intent."""
        if self._workout.state_machine.state in (UNRACKING, COUNTDOWN):
            # The platform is not low: answer at once, and start the countdown again later.
            self._training_set.pause(now)
            self._answering.answer(now, question)
        else:
            answer = partial(self._answering.answer, question=question)
            self._training_set.deferred.defer(now, "set.after", question, answer)

    def say_left(self, now: float) -> None:
        """Say how many repetitions are left."""
        if self._is_unracking:
            self._answering.say_left(now)
            return
        line = self._pack.prompts["status.left_cue"]
        left = self._workout.reps_left
        # Say the bare number only where the number cannot be a beat.
        texts = line.say if left > HIGHEST_BEAT else line.say[:1]
        self._training_set.counting.say_between(now, line, *(text.format(reps=in_words(left)) for text in texts))

    def say_set(self, now: float) -> None:
        """Say which set is under way."""
        if self._is_unracking:
            self._answering.say_set(now)
            return
        warms_up, is_last = self._workout.this_set.kind is SetKind.WARM_UP, self._workout.sets_left <= 1
        prompt = "status.set_cue_warm_up" if warms_up else "status.last_set" if is_last else "status.set_cue"
        line = self._pack.prompts[prompt]
        number = in_words(self._workout.this_set.number)
        self._training_set.counting.say_between(now, line, *(text.format(set=number) for text in line.say))

    def say_side(self, now: float) -> None:
        """Say which side is under way."""
        if self._is_unracking:
            self._answering.say_side(now)
            return
        side = self._workout.stage.side
        line = self._pack.prompts["status.both_cue" if side is None else "status.side_cue"]
        texts = (text.format(side=side or "") for text in line.say)
        self._training_set.counting.say_between(now, line, *texts)

    @property
    def _is_unracking(self) -> bool:
        """Whether the lifter is unracking: then an answer comes at once, and the countdown waits for the answer."""
        return self._workout.state_machine.state == UNRACKING

    def pause_for_help(self, now: float) -> None:
        """Pause, then say what can be said here: a lifter who asks this under the load may need more than words."""
        self._training_set.pause(now, self._pack.prompts["help.set"])
