"""The rest between sets: a timer with announcements. The rest can be held, made longer or shorter, and skipped.

Law: after every change of the rest the coach says how much is left, if any. Every change can be taken back until the
next set.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from coach.dialogue.context import Context, Scene
from coach.dialogue.logbook import Logbook
from coach.dialogue.states import Move, State
from coach.language.numbers import in_words
from coach.language.speech import about, duration
from coach.language.speech import load as spoken_load
from coach.training.plan import Load
from coach.training.rest import Rest

STEP_S = 30
"""Seconds that "more rest" adds and "less rest" takes away."""
HALF_FROM_S = 60
"""Rests shorter than this get no announcement at half time."""
WARNING_S = 10
"""Seconds before the end of the rest at which the coach announces the end."""
LATE_S = 2.0
"""An announcement that is handled this many seconds late (the computer slept) is no longer true."""


class Resting(Scene):
    """Owns the rest timer; the state `resting` begins and ends here."""

    def __init__(self, context: Context, logbook: Logbook) -> None:
        super().__init__(context)
        self._logbook = logbook
        self._half_timer = context.deadlines.timer()
        self._warning_timer = context.deadlines.timer()
        self._end_timer = context.deadlines.timer()
        self.rest: Rest | None = None
        """The rest since the last set; None: there was none."""
        self._rest_number = 0
        """Number of rests that began."""
        self._away = False
        """The lifter said that he is away."""
        self.asked_to_start = False
        """The lifter was asked whether the next set begins."""

    @property
    def planned_seconds(self) -> int | None:
        """Seconds of the rest since the last set, with what was changed by voice; None: there was none."""
        return None if self.rest is None else self.rest.seconds

    def begin(self, at: float, seconds: int, last_load: Load | None) -> None:
        """A set ended at `at`: the rest begins then. `last_load`: the load of the set's last repetitions."""
        self._workout.state_machine.fire(Move.REST)
        self._rest_number += 1
        if self._outbox.now - at >= LATE_S:
            # The computer slept: the rest begins when it is announced.
            at = self._outbox.now
        self.rest = Rest(at, seconds)
        if not seconds:
            self._workout.state_machine.fire(Move.REST_OVER)
            self._say_load(at, last_load)
            self._ask(at, "rest.none")
            return
        self._saying.say_until_heard(at, "rest.start", seconds=duration(seconds))
        self._say_load(at, last_load)
        self._announce(at, self.rest)

    def _say_load(self, at: float, last_load: Load | None) -> None:
        """Say the load of the next set, if it differs from `last_load`."""
        load = self._workout.stage.load
        if load is not None and load != last_load:
            self._saying.say(at, "next.load", load=spoken_load(load.amount, load.unit))

    def plan_rest(self, now: float, seconds: int) -> None:
        """Plan this much rest between sets. A rest that runs, or is over, lasts this long from now on."""
        rest, number, changes_rest = self.rest, self._rest_number, self.is_between_sets

        def restore(at: float) -> None:
            if changes_rest and self._is_same(number):
                self._restore(at, rest)

        self._saying.drop_unheard("rest.start")
        self._plan(seconds, restore)
        self._read_back(now, "rest.set_now" if changes_rest else "rest.set")
        if changes_rest:
            self._away = False
            self._replace_rest(now, self._latest_rest(now).from_now(now, seconds))

    def plan_in_set(self, seconds: int) -> None:
        """Plan this much rest between sets while a set runs: the announcement of the next rest says it."""
        self._plan(seconds, lambda _: None)

    def read_back(self, now: float) -> None:
        """The set in which the rest was planned is over: say the planned rest, unless a rest has begun."""
        if not self.is_between_sets:
            self._read_back(now, "rest.set")

    def _plan(self, seconds: int, restore_rest: Callable[[float], None]) -> None:
        plan = self._workout.plan.with_rest(seconds)
        self._logbook.change_plan(plan, "undo.rest", restore_rest, seconds=duration(seconds))

    def _read_back(self, now: float, prompt: str) -> None:
        self._saying.say(now, prompt, seconds=duration(self._workout.plan.rest))

    def change_rest(self, now: float, by: int) -> None:
        """Add seconds to the rest, even after its end, or take some away. The rest is over at once if none are left."""
        if by < 0 and self._workout.state is State.READY:
            self.say_no_hurry(now)
            return
        rest = self._latest_rest(now).adjusted(now, by)
        self._note_for_undo()
        self._away = False
        if rest.seconds_left(now):
            self._say_seconds_left(now, "rest.more" if by > 0 else "rest.less", rest)
        self._replace_rest(now, rest)

    def hold(self, now: float) -> None:
        """Hold the rest until the lifter lets it go on."""
        rest = self._latest_rest(now)
        if rest.held_since is None:
            self._note_for_undo()
        self._say_seconds_left(now, "rest.held", rest)
        self._replace_rest(now, rest.held(now))

    def release(self, now: float) -> None:
        """Let a held rest run on."""
        rest = self._latest_rest(now)
        if rest.held_since is not None:
            self._note_for_undo()
        self._away = False
        self._say_seconds_left(now, "rest.remaining", rest)
        self._replace_rest(now, rest.continued(now))

    @property
    def is_held(self) -> bool:
        """Whether the rest is held."""
        resting = self._workout.state is State.RESTING
        return resting and self.rest is not None and self.rest.held_since is not None

    def skip(self, now: float) -> None:
        """End the rest now."""
        self._note_for_undo()
        self.forget_announcements()
        self._workout.state_machine.fire(Move.REST_OVER)
        self._saying.say(now, "rest.skipped", set=self._next_number)

    def go_away(self, now: float) -> None:
        """The lifter leaves: announce nothing until he is back. The rest goes on."""
        self._away = True
        self._saying.say(now, "rest.away")

    def come_back(self, now: float) -> None:
        """The lifter is back: say how long the rest has been, and what comes."""
        rested = about(now - self._latest_rest(now).began)
        self.forget_announcements()
        if self._workout.state is State.RESTING:
            self._workout.state_machine.fire(Move.REST_OVER)
        self._saying.say_for_kind(now, "rest.back", self._workout.this_set.kind, seconds=rested, set=self._next_number)
        self.asked_to_start = True

    def say_no_hurry(self, now: float) -> None:
        """The lifter is not ready for the next set: say that there is time."""
        self._saying.say(now, "rest.not_yet")

    @property
    def is_between_sets(self) -> bool:
        """Whether the lifter rests, or is ready for another set: then the rest since the last set can be changed."""
        resting = self._workout.state is State.RESTING
        return resting or (self._workout.state is State.READY and bool(self._workout.progress.sets_done))

    def say_left(self, now: float) -> None:
        """Say how much of the rest is left. If the rest is over, ask whether the next set begins."""
        if self._workout.state is State.RESTING:
            self._say_seconds_left(now, "rest.held" if self.is_held else "rest.remaining", self._latest_rest(now))
        else:
            self._ask(now, "rest.over")

    def forget_announcements(self) -> None:
        """Forget the announcements, because the state is left."""
        self._away = self.asked_to_start = False
        self._saying.drop_unheard("rest.start")
        self._cancel_timers()

    def _latest_rest(self, now: float) -> Rest:
        """The rest since the last set; 0 seconds if the workout was resumed between two sets: that rest is unknown."""
        return self.rest if self.rest is not None else Rest(now, 0)

    def _replace_rest(self, now: float, rest: Rest) -> None:
        """Replace the rest with another one, which runs, is held or is over."""
        self.rest = rest
        if rest.seconds_left(now):
            if self._workout.state is State.READY:
                self._workout.state_machine.fire(Move.REST)
            self._announce(now, rest)
        elif self._workout.state is State.RESTING:
            self._cancel_timers()
            self._workout.state_machine.fire(Move.REST_OVER)
            self._ask(now, "rest.over")

    def _note_for_undo(self) -> None:
        """Note the rest for an undo, because it is about to change. Its announcement is then no longer true."""
        self._saying.drop_unheard("rest.start")
        self._logbook.note_while(partial(self._is_same, self._rest_number), partial(self._restore, rest=self.rest))

    def _restore(self, now: float, rest: Rest | None) -> None:
        before = rest if rest is not None else Rest(now, 0)
        if before.seconds_left(now):
            self._say_seconds_left(now, "rest.as_was" if before.held_since is None else "rest.held", before)
        self._replace_rest(now, before)
        self.rest = rest

    def _is_same(self, number: int) -> bool:
        """Whether the rest of that number is still the latest."""
        return self.is_between_sets and self._rest_number == number

    def _say_seconds_left(self, now: float, prompt: str, rest: Rest) -> None:
        self._saying.say(now, prompt, seconds=about(rest.seconds_left(now)))

    def _cancel_timers(self) -> None:
        for timer in (self._half_timer, self._warning_timer, self._end_timer):
            timer.cancel()

    def _announce(self, now: float, rest: Rest) -> None:
        self._cancel_timers()
        if rest.held_since is not None:
            return
        if rest.seconds >= HALF_FROM_S and rest.half_at > now:
            self._half_timer.set(rest.half_at, lambda at: self._say(at, "rest.half"))
        # A microsecond of slack: the sum of two moments is not exact.
        if rest.ends_at - now > 2 * WARNING_S + 1e-6:
            self._warning_timer.set(rest.ends_at - WARNING_S, lambda at: self._say(at, "rest.ten"))
        self._end_timer.set(rest.ends_at, self._end_rest)

    def _say(self, at: float, prompt: str) -> None:
        """Say an announcement, unless an answer is being said."""
        if not self._away and self._outbox.now - at < LATE_S and not self._saying.floor.is_taken(at):
            self._saying.say(at, prompt)

    def _end_rest(self, at: float) -> None:
        self._workout.state_machine.fire(Move.REST_OVER)
        if self._away:
            return
        self._saying.turn_lines.clear()
        self._ask(at, "rest.over")

    def _ask(self, at: float, prompt: str) -> None:
        """Ask whether the next set begins."""
        self._saying.say_for_kind(at, prompt, self._workout.this_set.kind, set=self._next_number)
        self.asked_to_start = True

    @property
    def _next_number(self) -> str:
        """The number of the next set, in words."""
        return in_words(self._workout.this_set.number)
