"""How it goes on after an interruption: more words once the platform is safe, or the set, which is taken up again."""

from __future__ import annotations

from collections.abc import Callable

from coach.content.model import Line
from coach.dialogue.context import Context


class GoingOn:
    """Owns what waits: the words that the lifter still has to hear, and the moment at which a set goes on."""

    def __init__(self, context: Context, resume: Callable[[float], None]) -> None:
        """`resume` takes the set up again."""
        self._saying = context.saying
        self._resume = resume
        self._words: tuple[Line, ...] = ()
        """What the lifter has to hear once the platform is safe; kept after it was said, in case it is cut."""
        self._speaks = context.deadlines.timer()
        self._resumes = context.deadlines.timer()

    @property
    def will_speak(self) -> bool:
        """Words wait: before them comes silence, in which the platform is brought up."""
        return self._speaks.is_set

    @property
    def will_resume(self) -> bool:
        """A set goes on by itself in a moment."""
        return self._resumes.is_set

    @property
    def words(self) -> tuple[Line, ...]:
        """What the lifter has to hear, in the order in which it is said."""
        return self._words

    def speak(self, now: float, delay: float, *words: Line) -> None:
        """Say these lines `delay` seconds after what is being said."""
        self._words = words

        def say(at: float) -> None:
            for line in words:
                self._saying.say_line(at, line)

        self._speaks.set(self._saying.floor.next_free(now) + delay, say)

    def resume(self, at: float) -> None:
        """Take the set up again at that moment."""
        self._resumes.set(at, self._resume)

    def stay(self) -> None:
        """No set goes on by itself."""
        self._resumes.cancel()

    def hold(self) -> None:
        """Nothing is said or done by itself; words that are said already count as owed if they are cut."""
        self._speaks.cancel()
        self._resumes.cancel()

    def forget(self) -> None:
        """Nothing waits, and nothing is owed."""
        self._words = ()
        self.hold()

    def give_way(self, now: float) -> tuple[Line, ...]:
        """The lifter spoke, outside a running set: fall silent. Returns what was to be heard and was not."""
        lost = {spoken.say.source for spoken in self._saying.silence(now)}
        waiting = self._speaks.is_set
        self._speaks.cancel()
        return tuple(line for line in self._words if waiting or line.id in lost)

    def make_good(self, now: float, owed: tuple[Line, ...]) -> None:
        """After an answer: say what the lifter has not heard of a correction, or of the way on."""
        owed = tuple(line for line in owed if not self._saying.floor.holds(line.id, now))
        if owed and self._words:
            self.speak(now, 0.0, *owed)
        if self._resumes.is_set:
            self.resume(self._saying.floor.next_free(now))
