"""What is said in one breath: a phrase or two, with fillers around them and corrections between them.

Law: a correction takes back the phrase before it. An intent that is named twice counts once, as it was said last. Two
adjacent numbers are one number. They never end one phrase and begin the next: "rest ninety five reps" means nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Protocol, TypeVar

from coach.language.habits import MAX_FILLERS, Habits
from coach.language.numbers import NUMBER_WORDS


class Named(Protocol):
    """An intent."""

    @property
    def name(self) -> str:
        """The intent's name."""


Meant = TypeVar("Meant", bound=Named)


FindPhrase = Callable[[int, int], Meant | None]
"""Takes `begin` and `end`; returns the intent of `words[begin:end]`, or None if these words are not a phrase."""


def meanings(
    words: Sequence[str], habits: Habits, phrase: FindPhrase[Meant], joined: FindPhrase[Meant] | None = None
) -> tuple[Meant, ...] | None:
    """The intents of an utterance in the order in which they were said; an empty tuple if it has fillers only.

    `phrase` finds a phrase that is alone in the utterance, `joined` one that shares it with a second; None: the same.

    Returns None if the words are anything other than one or two phrases with fillers around them. Where the words can
    be read in several ways, the reading with the fewest fillers counts.
    """
    begins = filler_ends(words, 0, habits.fillers)
    ends = [end for end in range(len(words), 0, -1) if len(words) in filler_ends(words, end, habits.fillers)]
    inner = sorted(((begin, end) for begin in begins for end in ends if begin < end), key=lambda one: one[0] - one[1])
    readings: Iterator[tuple[int, tuple[Meant, ...] | None]] = (
        (len(words) - end + begin, (one,)) for begin, end in inner if (one := phrase(begin, end)) is not None
    )
    skipped, best = next(readings, (len(words), None))
    if skipped and habits.pairs:
        for begin, end in inner:
            outside = len(words) - end + begin
            for between, pair in _pairs(words, begin, end, habits, joined or phrase):
                if outside + between < skipped:
                    skipped, best = outside + between, pair
    return () if best is None and len(words) in begins else best


def filler_ends(words: Sequence[str], at: int, tokens: tuple[str, ...]) -> tuple[int, ...]:
    """The indexes in `words` at which 0 to `MAX_FILLERS` tokens in a row from `at` on may end, the shortest first."""
    found = here = {at}
    by_word = _by_first_word(tokens)
    for _ in range(MAX_FILLERS):
        here = {
            place + len(token)
            for place in here
            if place < len(words)
            for token in by_word.get(words[place], ())
            if tuple(words[place : place + len(token)]) == token
        }
        found = found | here
    return tuple(sorted(found))


@lru_cache
def _by_first_word(tokens: tuple[str, ...]) -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for token in tokens:
        words = tuple(token.split())
        found.setdefault(words[0], []).append(words)
    return found


def _pairs(
    words: Sequence[str], begin: int, end: int, habits: Habits, phrase: FindPhrase[Meant]
) -> Iterator[tuple[int, tuple[Meant, ...]]]:
    """Every way to read these words as two phrases: the number of words between the phrases, and the intents."""
    for cut in range(end - 1, begin, -1):
        one = phrase(begin, cut)
        if one is None:
            continue
        joined = filler_ends(words, cut, habits.fillers + habits.joins)
        found = [
            (second, other)
            for second in filler_ends(words, cut, habits.between)
            if (other := phrase(second, end)) is not None
            and not (second == cut and cuts_number(*words[cut - 1 : cut + 1]))
        ]
        # Where a correction can be read between the phrases, it counts and the first phrase is dropped. In "ten reps
        # sorry three sets", "sorry three sets" is a phrase, too, but must not be read as the second one.
        corrected = [(second - cut, (other,)) for second, other in found if second not in joined]
        yield from corrected or (
            (second - cut, (other,) if one.name == other.name else (one, other)) for second, other in found
        )


def cuts_number(last: str, first: str) -> bool:
    """Whether the last word of a phrase and the first of another would be heard as one number."""
    return last in NUMBER_WORDS and first in NUMBER_WORDS
