"""What the lifter asks about the talk itself: again, why, what can I say, how many, which set."""

from __future__ import annotations

from coach.dialogue.desk import Desk
from coach.dialogue.resting import Resting
from coach.dialogue.states import State
from coach.language.numbers import in_words
from coach.language.speech import duration, repetitions, sets


class Telling:
    """Answers out of what the desk knows; changes nothing."""

    def __init__(self, desk: Desk, resting: Resting, wake_word: bool) -> None:
        self._desk = desk
        self._resting = resting
        self._wake_word = wake_word

    def repeat(self, now: float) -> None:
        """What was said since the lifter last had the floor."""
        said, self._desk.turn = self._desk.turn, []
        if not said:
            self._desk.say(now, "setup.none")
        for line in said:
            self._desk.say_words(now, line.text, line.source)

    def why(self, now: float) -> None:
        """The reason behind what was said last."""
        if self._desk.why is None:
            self._desk.say(now, "setup.none")
        else:
            self._desk.say_line(now, self._desk.why)

    def help(self, now: float) -> None:
        """What can be said here."""
        desk, parent = self._desk, self._desk.moves.parent
        # After pain there is nothing to resume.
        over = parent == State.STOPPED and not desk.progress.open
        self.with_hint(now, f"help.{State.FINISHED if over else parent}")

    def with_hint(self, now: float, prompt: str) -> float:
        """A prompt that names commands, and how to begin them here; returns when it will have been said."""
        said = self._desk.say(now, prompt)
        return self._desk.say(now, "wake.hint") if self._wake_word else said

    def left(self, now: float) -> None:
        """Repetitions of the open set, seconds of the rest, or sets."""
        desk = self._desk
        if desk.progress.open:
            left = max(0, desk.plan.reps - desk.progress.rep)
            desk.say(now, "status.reps_left", reps=repetitions(left))
        elif desk.moves.parent == State.RESTING:
            desk.say(now, "rest.remaining", seconds=duration(self._resting.left(now)))
        else:
            left = max(0, desk.plan.sets - len(desk.progress.done))
            desk.say(now, "status.sets_left", sets=sets(left))

    def set(self, now: float) -> None:
        """Which set of how many."""
        desk = self._desk
        number = min(desk.progress.set_number, desk.plan.sets)
        desk.say(now, "status.set", set=in_words(number), sets=in_words(desk.plan.sets))
