"""Knows whether every thread that coaching needs still works.

Law: the ears' thread reports that all threads work, and only if every other thread has given a sign since the last
report. So a thread that hangs prevents the report.
"""

from __future__ import annotations

from collections.abc import Callable


class SignsOfLife:
    """A thread gives its sign when it has completed one turn of its work."""

    def __init__(self, alive: Callable[[], None]) -> None:
        """`alive` is called in the ears' thread."""
        self._alive = alive
        self._awaited: set[str] = set()
        self._given: set[str] = set()

    def of(self, name: str) -> Callable[[], None]:
        """The function with which one more thread gives its sign. Call this before that thread starts."""
        self._awaited.add(name)
        return lambda: self._given.add(name)

    def ears(self) -> None:
        """The sign of the ears: a block was heard, or a microphone that is lost was tried again."""
        if self._given >= self._awaited:
            self._given.clear()
            self._alive()
