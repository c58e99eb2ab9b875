"""Where a conversation left its script, told so that the eye finds it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile


@dataclass(frozen=True, slots=True)
class Failure:
    """What was expected beside what happened."""

    file: str
    line: int
    expected: str
    happened: str
    heard: str = ""
    """Set where `expected` are words of the coach: the words it said instead."""

    def __str__(self) -> str:
        """One line; about words three, with a mark under the first that differs."""
        place = f"{self.file}:{self.line}: "
        if not self.heard:
            return f"{place}expected {self.expected}; {self.happened}"
        expected, heard = self.expected.split(), self.heard.split()
        same = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(expected, heard, strict=False))))
        column = len(" ".join([*heard[:same], ""])) if same else 0
        mark = "^" * max(len(word) for word in (expected[same : same + 1] or [""]) + (heard[same : same + 1] or [""]))
        return (
            f"{place}{self.happened}\n  expected  {self.expected}\n  heard     {self.heard}\n{'':12}{'':{column}}{mark}"
        )
