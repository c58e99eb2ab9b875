"""Nobody answers who told of danger: people around are called, aloud and by every program that is joined.

Law: any word of the lifter that is understood ends it, and nothing else does but the end of the danger.
"""

from __future__ import annotations

from coach.commands import SetVolume
from coach.dialogue.context import Context

STUCK_S = 10.0
"""Without an answer to "are you out"; the lifter was told before that to call somebody."""
DIZZY_S = 60.0
"""Since it was told, with two questions between that were not answered."""
PAIN_S = 120.0
"""Of a pain that ended a set: a lifter who rests says nothing for a while, so this is longer."""
CALLS_EVERY_S = 30.0
MOST_CALLS = 10
"""Five minutes of them: who has not come then will not. What is joined goes on showing it."""
PAIN_CALLS = 2
"""A lifter who hurt a knee and went home leaves no danger behind."""
LOUD_DB = 6.0
"""Above full: twice the voltage. Speech at -20 LUFS has the room."""


class Alarm:
    """Owns `Workout.alert`."""

    def __init__(self, context: Context) -> None:
        self._workout = context.workout
        self._saying = context.saying
        self._outbox = context.outbox
        self._next = context.deadlines.timer()
        """The next call, if the lifter says nothing."""
        self._what = ""
        self._patience = 0.0
        self._calls = 0
        """Since the lifter was heard last."""
        self._most = MOST_CALLS

    def watch(self, what: str, since: float, patience: float, calls: int = MOST_CALLS) -> None:
        """stuck, pain or dizzy: if nobody answers for so many seconds, call, so often at most."""
        self._most = calls
        self._what, self._patience = what, patience
        self._next.set(since + patience, self._call)

    def answered(self, now: float) -> None:
        """The lifter said something. The danger may still be there."""
        if self._next.is_set or self._workout.alert is not None:
            self._calm()
            self._next.set(now + self._patience, self._call)

    def over(self) -> None:
        """The danger is."""
        self._next.cancel()
        self._calm()

    def _call(self, at: float) -> None:
        if self._workout.alert is None:
            self._workout.alert = self._what
            self._outbox.put(SetVolume(LOUD_DB))
        said = self._saying.say(at, "alarm.call")
        self._calls += 1
        if self._calls < self._most:
            self._next.set(said + CALLS_EVERY_S, self._call)

    def _calm(self) -> None:
        self._calls = 0
        if self._workout.alert is not None:
            self._workout.alert = None
            self._outbox.put(SetVolume(self._workout.volume))
