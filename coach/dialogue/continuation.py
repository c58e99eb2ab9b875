"""What follows an interruption: lines once the platform should be safe, then the question how the set goes on.

Law: nothing here begins a count. If a question is not answered while the lifter may hold the load, the coach first
offers the catches, then asks again at longer and longer intervals.
"""

from __future__ import annotations

from coach.content.model import Line
from coach.dialogue.context import Context, Scene
from coach.dialogue.platform import Catches

OFFER_AFTER_S = 10.0
"""Seconds from the question to the offer of the catches: as long as a leg press is held without effort."""
REPEAT_AFTER_S = (20.0, 60.0, 120.0, 300.0)
"""Seconds from each asking to the next. Then the coach asks no more: nobody has held the load for so long, so the
catches are in."""


class Continuation(Scene):
    """Owns the lines that the lifter still has to hear, and the question how the set goes on."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.lines: tuple[Line, ...] = ()
        """Lines that the lifter has to hear once the platform is safe; kept after they were said, in case of a cut."""
        self._next_lines: tuple[Line, ...] = ()
        """The lines of `lines` that are said next."""
        self.unheard: tuple[Line, ...] = ()
        """The lines of `lines` that had not begun when the lifter last spoke."""
        self._question: Line | None = None
        """The question after `lines`."""
        self._asked_at: float | None = None
        """When the question began to sound."""
        self._repeats = 0
        """Number of intervals of `REPEAT_AFTER_S` that were used for this question."""
        self._catches_offered = False
        """The catches were offered since the lifter spoke."""
        self._speak_timer = context.deadlines.timer()
        """When `_next_lines` and then the question are said."""
        self._question_timer = context.deadlines.timer()
        """When the question is put again, or the catches are offered."""

    @property
    def will_speak(self) -> bool:
        """Whether lines wait. Until they are said the coach is silent, so that the platform can be brought up."""
        return self._speak_timer.is_set

    @property
    def question_id(self) -> str:
        """The id of the question that was put, or will be; empty when there is no question."""
        return "" if self._question is None else self._question.id

    def question_was_put(self, now: float) -> bool:
        """Whether the question has begun to sound, so that a yes answers it."""
        return self._asked_at is not None and self._asked_at <= now

    def speak(self, now: float, delay: float, *lines: Line, ask: str = "") -> None:
        """Say these lines `delay` seconds after what is being said, then ask the question `ask`, if it is not empty."""
        self.lines, self._question, self._asked_at = lines, self._pack.prompts[ask] if ask else None, None
        self._repeats, self._catches_offered = 0, False
        self._wait(self._saying.floor.next_free(now) + delay, lines)

    def ask_again(self, now: float) -> None:
        """Put the question now, unless lines wait before it or the question is under way already."""
        if self._question is None or self._speak_timer.is_set:
            return
        if not self._saying.floor.has_line(self._question.id, now):
            self._ask(now)

    def ask_if_unanswered(self, now: float) -> None:
        """`confirming` asked something. If that is not answered, offer the catches, then ask how the set goes on."""
        if self._question is not None:
            self._speak_timer.cancel()
            next_act = self._ask if self._needs_no_offer else self._offer_catches
            self._question_timer.set(self._saying.floor.next_free(now) + OFFER_AFTER_S, next_act)

    def stay_silent(self) -> None:
        """Say nothing more until the lifter speaks."""
        self._speak_timer.cancel()
        self._question_timer.cancel()

    def forget(self) -> None:
        """Forget the lines and the question."""
        self.lines, self._question, self._asked_at, self.unheard = (), None, None, ()
        self.stay_silent()

    def interrupt(self, now: float) -> tuple[Line, ...]:
        """The lifter spoke outside a running set: fall silent; returns the lines that the lifter still has to hear."""
        lost = {placed.say.source for placed in self._saying.silence(now)}
        self.unheard = self._next_lines if self._speak_timer.is_set else ()
        self.stay_silent()
        return tuple(line for line in self.lines if line in self.unheard or line.id in lost)

    def say_unheard(self, now: float, lines: tuple[Line, ...]) -> None:
        """After an answer: say what the lifter has not heard, and put the question again."""
        self._saying.say_unheard(now)
        if self._speak_timer.is_set or not (self.lines or self._question):
            return
        self._repeats, self._catches_offered = 0, False
        lines = tuple(line for line in lines if not self._saying.floor.has_line(line.id, now))
        self._wait(self._saying.floor.next_free(now), lines)

    @property
    def _needs_no_offer(self) -> bool:
        """Whether the catches are in, or were offered."""
        return self._catches_offered or self._workout.platform.catches is Catches.IN

    def _wait(self, until: float, lines: tuple[Line, ...]) -> None:
        self._next_lines = lines
        self._speak_timer.set(until, self._say_lines)

    def _say_lines(self, at: float) -> None:
        for line in self._next_lines:
            self._saying.say_line(at, line)
        self.ask_again(at)

    def _ask(self, at: float) -> None:
        if self._question is None:
            return
        ends = self._saying.say_line(at, self._question)
        if self._asked_at is None:
            self._asked_at = self._saying.last_line.at
        if self._needs_no_offer:
            self._repeat_later(ends)
        else:
            self._question_timer.set(ends + OFFER_AFTER_S, self._offer_catches)

    def _offer_catches(self, at: float) -> None:
        """Offer the catches: nobody can hold a platform for ever."""
        self._catches_offered = True
        self._workout.platform.mark_unsure()
        ends = self._saying.say_until_heard(at, "hold.longer")
        self._repeat_later(ends)

    def _repeat_later(self, ends: float) -> None:
        if self._repeats < len(REPEAT_AFTER_S):
            self._question_timer.set(ends + REPEAT_AFTER_S[self._repeats], self._ask)
            self._repeats += 1
