"""Compares the meanings of two texts in a recogniser's process, which reads the commands itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from coach.language.habits import Habits

if TYPE_CHECKING:
    from coach.language.grammar import Grammar


class SameMeaning:
    """Compares the meanings of two texts. Can be pickled if `make` can.

    The grammar is made when it is first needed: 0.3 s, imports included.
    """

    def __init__(self, make: Callable[[], Grammar]) -> None:
        self._make = make
        self._grammar: Grammar | None = None

    def __reduce__(self) -> tuple[type[SameMeaning], tuple[Callable[[], Grammar]]]:
        return SameMeaning, (self._make,)

    def prepare(self) -> bool:
        """Make the grammar if it was not made before; returns whether it was made now."""
        to_do = self._grammar is None
        self._made()
        return to_do

    def __call__(self, text: str, other: str) -> bool:
        """Whether both texts have a meaning and mean the same, with all intents live."""
        return self._made().means_same(text, other)

    def _made(self) -> Grammar:
        if self._grammar is None:
            self._grammar = self._make()
        return self._grammar


def read_commands(commands: Mapping[str, Any], habits: Habits) -> Grammar:
    """Make the grammar in another process. Imports late: a recogniser that has just started needs no grammar yet."""
    from coach.language.grammar import Grammar  # noqa: PLC0415

    return Grammar(commands, habits)
