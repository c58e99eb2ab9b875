"""The end of the workout: write down what was done, say the last words, end the session."""

from __future__ import annotations

from coach.commands import End, Outcome
from coach.dialogue.answering import Answering
from coach.dialogue.context import Context, Scene
from coach.dialogue.faults import Faults
from coach.dialogue.states import Move, State
from coach.dialogue.training_set import TrainingSet
from coach.records import WorkoutEnded


class Ending(Scene):
    """Ends the session, once."""

    def __init__(self, context: Context, training_set: TrainingSet, answering: Answering, faults: Faults) -> None:
        super().__init__(context)
        self._training_set = training_set
        self._answering = answering
        self._faults = faults
        self.ended = False
        """`End` was put into the outbox."""

    def say_goodbye(self, now: float) -> None:
        """End the session because the lifter ends the workout."""
        finished = self._workout.state is State.FINISHED
        self._close(now)
        if not finished:
            # If the plan was fulfilled, the summary was said then.
            self._answering.say_summary(now)
        self._faults.say_pending(now)
        self._end(now, self._saying.say(now, "goodbye"))

    def end_for_next_lifter(self, now: float, name: str) -> None:
        """End the session because another lifter begins; `name`: empty for a guest."""
        self._close(now)
        self._faults.say_pending(now)
        if name:
            ends = self._saying.say(now, "lifter.named", name=name.capitalize())
        else:
            ends = self._saying.say(now, "lifter.guest")
        self._end(now, ends, Outcome.NEXT_LIFTER, name)

    def end_without_hearing(self, now: float) -> None:
        """End the session because nobody can end it by voice any more: the recogniser has failed."""
        self._faults.stop_counting(now)
        self._close(now)
        self._end(now, self._saying.say(now, "fault.hearing"), Outcome.DEAF)

    def _close(self, now: float) -> None:
        """Stop counting, and write down what was done."""
        self._training_set.end(now)
        self._workout.state_machine.fire(Move.FINISH)
        progress = self._workout.progress
        self._outbox.write(WorkoutEnded(now, len(progress.sets_done), progress.reps_done))

    def _end(self, now: float, ends: float, outcome: Outcome = Outcome.DONE, next_lifter: str = "") -> None:
        """End the session at `ends`, when the last words have been said."""
        self._deadlines.clear()
        self._outbox.put(End(max(now, ends), outcome, next_lifter))
        self.ended = True
