"""The rest between sets: a timer with announcements that can be lengthened and skipped."""

from __future__ import annotations

from coach.dialogue.context import Context
from coach.dialogue.states import Move, State
from coach.language.numbers import in_words
from coach.language.speech import duration

MORE_S = 30
HALF_FROM_S = 60
"""Shorter rests get no announcement at half time."""
WARNING_S = 10
LATE_S = 2.0
"""An announcement brought up this much late (the computer slept) is no longer true."""


class Resting:
    """Owns the rest timer; the state `resting` begins and ends here."""

    def __init__(self, context: Context) -> None:
        self._workout = context.workout
        self._saying = context.saying
        self._outbox = context.outbox
        self._half = context.deadlines.timer()
        self._ten = context.deadlines.timer()
        """Ten seconds before the end."""
        self._end = context.deadlines.timer()
        self._began = 0.0
        self._seconds = 0
        self.planned: int | None = None
        """Seconds of the rest since the last set, with what was changed by voice; None: there was none."""
        self._away = False
        """The lifter said that he is gone."""
        self.asked = False
        """He was asked whether the next set begins."""

    def begin(self, at: float) -> None:
        """The set ended at `at`: the rest counts from there."""
        self._workout.moves.fire(Move.REST)
        self._began, self._seconds = at, self._workout.plan.rest
        self._saying.owe(at, "rest.start", seconds=duration(self._seconds))
        self._announce(at)

    def change(self, now: float, seconds: int) -> None:
        """So much rest from now on, also when the rest was over."""
        self._go_on(now)
        self._seconds = round(now - self._began) + seconds
        self._away = False
        self._announce(now)

    def more(self, now: float, seconds: int = MORE_S) -> None:
        """More of it, also when it was over."""
        if self._go_on(now):
            self._seconds = round(now - self._began)
        self._seconds += seconds
        self._away = False
        self._saying.say(now, "rest.more", seconds=duration(seconds))
        self._announce(now)

    def _go_on(self, now: float) -> bool:
        """Rest, if the rest was over; whether it was."""
        if self._workout.state is not State.READY:
            return False
        self._workout.moves.fire(Move.REST)
        if self.planned is None:
            # The workout was resumed between two sets: how long the rest was before is not known.
            self._began = now
        return True

    def plan_again(self, now: float, seconds: int | None) -> None:
        """The rest that runs is as long as it was planned before."""
        if self._workout.state is State.RESTING and seconds is not None:
            self._seconds = seconds
            self._announce(now)

    def go_away(self, now: float) -> None:
        """The lifter leaves: nothing is announced until he is back; the clock goes on."""
        self._away = True
        self._saying.say(now, "rest.away")

    def come_back(self, now: float) -> None:
        """He is back: how long the rest has been, and what comes."""
        self._away = False
        rested = duration(max(5, 5 * round((now - self._began) / 5)))
        number = in_words(self._workout.progress.set_number)
        self.leave()
        if self._workout.state is State.RESTING:
            self._workout.moves.fire(Move.REST_OVER)
        self._saying.say(now, "rest.back", seconds=rested, set=number)
        self.asked = True

    def not_yet(self, now: float) -> None:
        """Not ready for the next set: there is time."""
        self._saying.say(now, "rest.not_yet")

    @property
    def may_go_on(self) -> bool:
        """The workout has a rest to be longer."""
        resting = self._workout.state is State.RESTING
        return resting or (self._workout.state is State.READY and bool(self._workout.progress.done))

    def left(self, now: float) -> int:
        """Seconds of rest to come, to the nearest five."""
        return max(5, 5 * round((self._began + self._seconds - now) / 5))

    def skip(self, now: float) -> None:
        """No more rest."""
        self.leave()
        self._workout.moves.fire(Move.REST_OVER)
        self._saying.say(now, "rest.skipped", set=in_words(self._workout.progress.set_number))

    def leave(self) -> None:
        """Forget the announcements: the state is left."""
        self._away = self.asked = False
        self._saying.forgive("rest.start")
        self._cancel()

    def _cancel(self) -> None:
        for timer in (self._half, self._ten, self._end):
            timer.cancel()

    def _announce(self, now: float) -> None:
        self.planned = self._seconds
        ends = max(now, self._began + self._seconds)
        half = self._began + self._seconds / 2
        self._cancel()
        if self._seconds >= HALF_FROM_S and half > now:
            self._half.set(half, lambda at: self._tell(at, "rest.half"))
        # A microsecond of slack: the sum of two moments is not exact.
        if ends - now > 2 * WARNING_S + 1e-6:
            self._ten.set(ends - WARNING_S, lambda at: self._tell(at, "rest.ten"))
        self._end.set(ends, self._over)

    def _tell(self, at: float, prompt: str) -> None:
        """An announcement; it gives way to an answer that is being spoken."""
        if not self._away and self._outbox.now - at < LATE_S and not self._saying.floor.speaking(at):
            self._saying.say(at, prompt)

    def _over(self, at: float) -> None:
        self._workout.moves.fire(Move.REST_OVER)
        if self._away:
            return
        self._saying.turn.clear()
        self._saying.say(at, "rest.over", set=in_words(self._workout.progress.set_number))
        self.asked = True
