"""Calls people when a lifter who reported danger does not answer: aloud, and through every program that is joined.

Law: any understood word of the lifter ends the alarm. Otherwise only the end of the danger ends it.
"""

from __future__ import annotations

from coach.commands import SetVolume
from coach.dialogue.context import Context, Scene
from coach.snapshot import Alert

STUCK_S = 10.0
"""Seconds without an answer to "are you out"; before that the lifter was told to call somebody."""
DIZZY_S = 60.0
"""Seconds since dizziness was reported; in this time two questions were not answered."""
PAIN_S = 120.0
"""Seconds since a report of pain that ended a set. It is longer because a lifter who rests says nothing for a while."""
CALLS_EVERY_S = 30.0
MAX_CALLS = 10
"""Most calls, for five minutes: nobody who has not come by then will come. Joined programs keep showing the alarm."""
MAX_PAIN_CALLS = 2
"""Most calls after a report of pain: a lifter who hurt a knee and went home leaves no danger behind."""
LOUD_DB = 6.0
"""Volume of the calls in decibels above full: twice the voltage. Speech at -20 LUFS has room for this."""


class Alarm(Scene):
    """Owns `Workout.alert`."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._call_timer = context.deadlines.timer()
        """When the next call is made, if the lifter says nothing."""
        self._alert: Alert | None = None
        """The danger that was reported."""
        self._patience = 0.0
        """Seconds without an answer before people are called."""
        self._calls = 0
        """Calls since the lifter was last heard."""
        self._max_calls = MAX_CALLS

    def watch(self, alert: Alert, since: float, patience: float, max_calls: int = MAX_CALLS) -> None:
        """Call people, at most `max_calls` times, if nobody answers within `patience` seconds after `since`."""
        self._max_calls = max_calls
        self._alert, self._patience = alert, patience
        self._call_timer.set(since + patience, self._call)

    def answered(self, now: float) -> None:
        """The lifter said something: stop calling, and wait again. The danger may still be there."""
        if self._call_timer.is_set or self._workout.alert is not None:
            self._stop_calling()
            self._call_timer.set(now + self._patience, self._call)

    def end(self) -> None:
        """The danger is over: stop calling."""
        self._call_timer.cancel()
        self._stop_calling()

    def _call(self, at: float) -> None:
        if self._workout.alert is None:
            self._workout.alert = self._alert
            self._outbox.put(SetVolume(LOUD_DB))
        ends = self._saying.say(at, "alarm.call")
        self._calls += 1
        if self._calls < self._max_calls:
            self._call_timer.set(ends + CALLS_EVERY_S, self._call)

    def _stop_calling(self) -> None:
        self._calls = 0
        if self._workout.alert is not None:
            self._workout.alert = None
            self._outbox.put(SetVolume(self._workout.volume))
