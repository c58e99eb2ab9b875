"""The rest between sets: a timer with announcements that can be lengthened and skipped."""

from __future__ import annotations

from coach.dialogue.desk import Desk
from coach.dialogue.states import Move
from coach.language.numbers import in_words
from coach.language.speech import duration

MORE_S = 30
HALF_FROM_S = 60
"""Shorter rests get no announcement at half time."""
WARNING_S = 10
LATE_S = 2.0
"""An announcement brought up this much late (the computer slept) is no longer true."""
_NAMES = ("rest half", "rest ten", "rest over")


class Resting:
    """Owns the rest timer; the state `resting` begins and ends here."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._began = 0.0
        self._seconds = 0

    def begin(self, at: float) -> None:
        """The set ended at `at`: the rest counts from there."""
        desk = self._desk
        desk.moves.fire(Move.REST)
        self._began, self._seconds = at, desk.plan.rest
        desk.say(at, "rest.start", seconds=duration(self._seconds))
        self._announce(at)

    def change(self, now: float, seconds: int) -> None:
        """Another length, counted from the same beginning."""
        self._seconds = seconds
        self._announce(now)

    def more(self, now: float) -> None:
        """Half a minute more."""
        self._seconds += MORE_S
        self._desk.say(now, "rest.more")
        self._announce(now)

    def left(self, now: float) -> int:
        """Seconds of rest to come, to the nearest five."""
        return max(5, 5 * round((self._began + self._seconds - now) / 5))

    def skip(self, now: float) -> None:
        """No more rest."""
        self.leave()
        self._desk.moves.fire(Move.REST_OVER)
        self._desk.say(now, "rest.skipped", set=in_words(self._desk.progress.set_number))

    def leave(self) -> None:
        """Forget the announcements: the state is left."""
        self._desk.deadlines.cancel(*_NAMES)

    def _announce(self, now: float) -> None:
        deadlines, ends = self._desk.deadlines, max(now, self._began + self._seconds)
        half = self._began + self._seconds / 2
        self.leave()
        if self._seconds >= HALF_FROM_S and half > now:
            deadlines.set("rest half", half, lambda at: self._tell(at, "rest.half"))
        if ends - now > 2 * WARNING_S:
            deadlines.set("rest ten", ends - WARNING_S, lambda at: self._tell(at, "rest.ten"))
        deadlines.set("rest over", ends, self._over)

    def _tell(self, at: float, prompt: str) -> None:
        """An announcement; it gives way to an answer that is being spoken."""
        if self._desk.now - at < LATE_S and not self._desk.floor.speaking(at):
            self._desk.say(at, prompt)

    def _over(self, at: float) -> None:
        self._desk.moves.fire(Move.REST_OVER)
        self._desk.turn.clear()
        self._desk.say(at, "rest.over", set=in_words(self._desk.progress.set_number))
