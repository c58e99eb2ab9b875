"""Corrects today's log by voice: the repetitions and load of the last set, how hard it was; and takes back changes.

Law: what is logged is read back, and an undo says what it took back. An undo begins with the latest: first what was
said since the last set, then the set itself, then what was said before the set.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from coach.dialogue.context import Context, Scene
from coach.language.numbers import in_words
from coach.language.speech import load as spoken_load
from coach.language.speech import repetitions
from coach.records import SetAmended
from coach.training.plan import Load, Plan, SetDone, SetKind, amount_and_unit
from coach.training.structure import working_load

MAX_CHANGES = 50
"""Most changes that can be taken back: a gym corner runs all day."""


@dataclass(frozen=True, slots=True)
class _Change:
    """A change that was made by voice."""

    sets_done: int
    """How many sets were done when the change was made."""
    prompt: str | None
    """Id of the prompt that is said when the change is taken back; None: `restore` says it."""
    slots: dict[str, str]
    restore: Callable[[float], None]
    """Takes the change back; called with the moment of the undo."""
    is_possible: Callable[[], bool] = lambda: True
    """Whether the change can still be taken back."""


def _nothing(_: float) -> None:
    """Takes nothing back."""


class Logbook(Scene):
    """Owns what can be taken back."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._changes: deque[_Change] = deque(maxlen=MAX_CHANGES)

    def note(self, prompt: str, restore: Callable[[float], None], **slots: str) -> None:
        """Note a change that `restore` takes back; `prompt` and `slots` are the words for that."""
        self._changes.append(_Change(len(self._workout.progress.sets_done), prompt, slots, restore))

    def change_plan(self, plan: Plan, prompt: str, restore: Callable[[float], None] = _nothing, **slots: str) -> None:
        """Change the plan. An undo restores only the changed fields, says `prompt`, and calls `restore`."""
        workout = self._workout
        before, workout.plan = workout.plan, plan

        def take_back(at: float) -> None:
            workout.plan = workout.plan.without_change(before, plan)
            restore(at)

        self.note(prompt, take_back, **slots)

    def forget(self) -> None:
        """Another workout is continued: no change made before it can be taken back."""
        self._changes.clear()

    def note_while(self, is_possible: Callable[[], bool], restore: Callable[[float], None]) -> None:
        """Note a change that can be taken back while `is_possible` says so; `restore` also says the words for that."""
        self._changes.append(_Change(len(self._workout.progress.sets_done), None, {}, restore, is_possible))

    def log_more_reps(self, now: float, by: int) -> None:
        """Log `by` more repetitions in the last set, or fewer."""
        last = self._last_set(now)
        if last is None:
            return
        if last.reps + by > 0:
            self.log_set(now, last.reps + by)
        else:
            self._take_back_set(now)

    def correct(self, now: float, count: int | None, amount: float | None, unit: str | None) -> None:
        """Correct the last set; None: as logged. The unit: as said, else of the load before, else the usual one."""
        last = self._last_set(now)
        if last is None:
            return
        known = last.load or self._workout.stage.load
        load = None if amount is None else Load(amount, unit or (known.unit if known else self._workout.unit))
        self.log_set(now, last.reps if count is None else count, load)

    def log_reps_left(self, now: float, in_reserve: int) -> None:
        """Log how many more repetitions the lifter could have done in the last set."""
        last = self._last_set(now)
        if last is None:
            return
        self._amend(now, replace(last, in_reserve=in_reserve))
        self.note("undo.left", lambda at: self._amend(at, last), left=in_words(in_reserve))
        if in_reserve:
            self._saying.say(now, "log.left", left=in_words(in_reserve))
        else:
            self._saying.say(now, "log.none_left")

    def undo(self, now: float) -> None:
        """Take back what was logged last."""
        done = len(self._workout.progress.sets_done)
        while self._changes and not self._changes[-1].is_possible():
            self._changes.pop()
        if self._changes and self._changes[-1].sets_done == done:
            change = self._changes.pop()
            if change.prompt is not None:
                self._saying.say(now, change.prompt, **change.slots)
            change.restore(now)
        elif done:
            self._take_back_set(now)
        else:
            self._saying.say(now, "log.nothing")

    def _last_set(self, now: float) -> SetDone | None:
        """The last set; if there is none, the coach says so."""
        done = self._workout.progress.sets_done
        if not done:
            self._saying.say(now, "log.nothing")
        return done[-1] if done else None

    def log_set(self, now: float, reps: int, load: Load | None = None) -> None:
        """Log the repetitions of the last set, and its load unless `load` is None."""
        last = self._last_set(now)
        if last is None:
            return
        after = plan = self._workout.plan
        number, spoken_reps = in_words(self._last_number), repetitions(reps)
        self._amend(now, replace(last, reps=reps, load=load or last.load))
        if load is None:
            self.note("undo.reps", lambda at: self._amend(at, last), reps=spoken_reps)
            self._saying.say_for_kind(now, "log.reps", last.kind, set=number, reps=spoken_reps)
            return
        if working_load(plan, self._last_number + 1) == last.load and last.kind is not SetKind.WARM_UP:
            # The load on the platform was not changed since that set.
            after = plan.with_load(load, self._last_number + 1)
        spoken = spoken_load(load.amount, load.unit)
        self.change_plan(after, "undo.both", lambda at: self._amend(at, last), reps=spoken_reps, load=spoken)
        self._saying.say_for_kind(now, "log.set", last.kind, set=number, reps=spoken_reps, load=spoken)

    def _amend(self, now: float, done: SetDone) -> None:
        self._workout.progress = self._workout.progress.amend(done)
        self._write(now, len(self._workout.progress.sets_done), done)

    def _take_back_set(self, now: float) -> None:
        done = self._workout.progress.sets_done
        # Changes that belong to this set are removed with it.
        while self._changes and self._changes[-1].sets_done == len(done):
            self._changes.pop()
        number = in_words(self._last_number)
        self._workout.progress = self._workout.progress.without_last_set()
        self._write(now, len(done), replace(done[-1], reps=0))
        self._saying.say_for_kind(now, "undo.set", done[-1].kind, set=number, reps=repetitions(done[-1].reps))

    @property
    def _last_number(self) -> int:
        """Number of the last set, as it is spoken: counted among warm-ups or among the other sets."""
        *before, last = self._workout.progress.sets_done
        return 1 + sum((one.kind is SetKind.WARM_UP) == (last.kind is SetKind.WARM_UP) for one in before)

    def _write(self, now: float, number: int, done: SetDone) -> None:
        amount, unit = amount_and_unit(done.load)
        self._outbox.write(SetAmended(now, number, done.reps, amount, unit, done.in_reserve))
