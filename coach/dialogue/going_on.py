"""What waits after an interruption: lines for when the platform should be safe, then a question how the set goes on.

Law: nothing here begins a count. If a question is not answered while the lifter may hold the load, the coach first
offers the catches, then asks again at longer and longer intervals.
"""

from __future__ import annotations

from coach.content.model import Line
from coach.dialogue.context import Context
from coach.dialogue.platform import Catches

PATIENCE_S = 10.0
"""Seconds from the question to the offer of the catches: as long as a leg press is held without effort."""
AGAIN_S = (20.0, 60.0, 120.0, 300.0)
"""Seconds from each asking to the next. Then the coach asks no more: nobody has held the load for so long, so the
catches are in."""


class GoingOn:
    """Owns what waits: the words that the lifter still has to hear, and the question how the set goes on."""

    def __init__(self, context: Context) -> None:
        self._pack = context.pack
        self._workout = context.workout
        self._saying = context.saying
        self._words: tuple[Line, ...] = ()
        """Lines that the lifter has to hear once the platform is safe; kept after they were said, in case of a cut."""
        self._waiting: tuple[Line, ...] = ()
        """The lines of `_words` that are said next."""
        self.unheard: tuple[Line, ...] = ()
        """The lines of `_words` that had not begun when the lifter last spoke."""
        self._ask: Line | None = None
        """The question after `_words`."""
        self._asked_at: float | None = None
        """When the question began to sound."""
        self._times = 0
        """Number of intervals of `AGAIN_S` that were used for this question."""
        self._offered = False
        """The catches were offered since the lifter spoke."""
        self._speaks = context.deadlines.timer()
        """When `_waiting` and then the question are said."""
        self._prompts = context.deadlines.timer()
        """When the question is put again, or the catches are offered."""

    @property
    def will_speak(self) -> bool:
        """Whether words wait. Until they are said the coach is silent, so that the platform can be brought up."""
        return self._speaks.is_set

    @property
    def words(self) -> tuple[Line, ...]:
        """The lines that the lifter has to hear, in the order in which they are said, without the question."""
        return self._words

    @property
    def question(self) -> str:
        """The id of the question that was put, or will be; empty when there is no question."""
        return "" if self._ask is None else self._ask.id

    def asked(self, now: float) -> bool:
        """Whether the question has been put, so that a yes answers it."""
        return self._asked_at is not None and self._asked_at <= now

    def speak(self, now: float, delay: float, *words: Line, ask: str = "") -> None:
        """Say these lines `delay` seconds after what is being said, then ask the question `ask`, if it is not empty."""
        self._words, self._ask, self._asked_at = words, self._pack.prompts[ask] if ask else None, None
        self._times, self._offered = 0, False
        self._wait(self._saying.floor.next_free(now) + delay, words)

    def again(self, now: float) -> None:
        """Put the question now, for the first time or again, unless lines wait before it or it is under way already."""
        if self._ask is not None and not self._speaks.is_set and not self._saying.floor.holds(self._ask.id, now):
            self._put(now)

    def stand_by(self, now: float) -> None:
        """Another question has been put. If it is not answered, offer the catches, then put this one."""
        if self._ask is not None:
            racked = self._offered or self._workout.platform.catches is Catches.IN
            self._speaks.cancel()
            self._prompts.set(self._saying.floor.next_free(now) + PATIENCE_S, self._put if racked else self._offer)

    def hold(self) -> None:
        """Say nothing more until the lifter speaks. A line under way that is cut is said again: see `give_way`."""
        self._speaks.cancel()
        self._prompts.cancel()

    def forget(self) -> None:
        """Forget the words and the question: nothing waits, and nothing is owed."""
        self._words, self._ask, self._asked_at, self.unheard = (), None, None, ()
        self.hold()

    def give_way(self, now: float) -> tuple[Line, ...]:
        """The lifter spoke outside a running set: fall silent; returns the lines that were to be heard and were not."""
        lost = {spoken.say.source for spoken in self._saying.silence(now)}
        self.unheard = self._waiting if self._speaks.is_set else ()
        self.hold()
        return tuple(line for line in self._words if line in self.unheard or line.id in lost)

    def make_good(self, now: float, owed: tuple[Line, ...]) -> None:
        """After an answer: say what the lifter has not heard, and put the question again."""
        self._saying.pay(now)
        if self._speaks.is_set or not (self._words or self._ask):
            return
        self._times, self._offered = 0, False
        owed = tuple(line for line in owed if not self._saying.floor.holds(line.id, now))
        self._wait(self._saying.floor.next_free(now), owed)

    def _wait(self, until: float, words: tuple[Line, ...]) -> None:
        self._waiting = words
        self._speaks.set(until, self._say)

    def _say(self, at: float) -> None:
        for line in self._waiting:
            self._saying.say_line(at, line)
        self.again(at)

    def _put(self, at: float) -> None:
        if self._ask is None:
            return
        said = self._saying.say_line(at, self._ask)
        if self._asked_at is None:
            self._asked_at = self._saying.last.at
        if self._offered or self._workout.platform.catches is Catches.IN:
            self._ask_later(said)
        else:
            self._prompts.set(said + PATIENCE_S, self._offer)

    def _offer(self, at: float) -> None:
        """Offer the catches: nobody can hold a platform for ever."""
        self._offered = True
        self._workout.platform.may_rack()
        said = self._saying.owe(at, "hold.longer")
        self._ask_later(said)

    def _ask_later(self, said: float) -> None:
        if self._times < len(AGAIN_S):
            self._prompts.set(said + AGAIN_S[self._times], self._put)
            self._times += 1
