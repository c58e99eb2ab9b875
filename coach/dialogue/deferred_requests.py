"""What the lifter asks for in a running set, if it can wait until the set is over.

Law: between the counts one word must be enough. What was deferred is carried out at the end of the set, in the order in
which it was said, each request once.
"""

from __future__ import annotations

from collections.abc import Callable

from coach.dialogue.context import Context, Scene
from coach.dialogue.counting import Counting


class DeferredRequests(Scene):
    """Owns what waits for the end of the set."""

    def __init__(self, context: Context, counting: Counting) -> None:
        super().__init__(context)
        self._counting = counting
        self._callbacks: dict[object, Callable[[float], None]] = {}

    def defer(self, now: float, prompt: str, key: object, callback: Callable[[float], None]) -> None:
        """Say the prompt in a gap. At the end of the set call `callback`; a later one with this `key` replaces it."""
        line = self._pack.prompts[prompt]
        self._callbacks[key] = callback
        self._counting.say_between(now, line, *line.say)

    def forget(self, key: object) -> None:
        """Forget what was deferred under `key`: the lifter asked for it again where it does not have to wait."""
        self._callbacks.pop(key, None)

    def carry_out(self, now: float) -> None:
        """The set is over: carry out what was deferred."""
        callbacks, self._callbacks = tuple(self._callbacks.values()), {}
        for callback in callbacks:
            callback(now)
