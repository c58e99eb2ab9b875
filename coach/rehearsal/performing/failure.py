"""Where a conversation differs from its script, printed so that the eye finds the place."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile


@dataclass(frozen=True, slots=True)
class Failure:
    """What was expected, and what happened."""

    file: str
    line: int
    expected: str
    happened: str
    said_instead: str = ""
    """Words that the coach said instead; set only if `expected` is words of the coach."""

    def __str__(self) -> str:
        """Returns one line; if words differ, three more lines, with a mark under the first word that differs."""
        place = f"{self.file}:{self.line}: "
        if not self.said_instead:
            return f"{place}expected {self.expected}; {self.happened}"
        expected, heard = self.expected.split(), self.said_instead.split()
        same = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(expected, heard, strict=False))))
        column = len(" ".join([*heard[:same], ""])) if same else 0
        mark = "^" * max(len(word) for word in (expected[same : same + 1] or [""]) + (heard[same : same + 1] or [""]))
        lines = (f"{place}{self.happened}", f"  expected  {self.expected}", f"  heard     {self.said_instead}")
        return "\n".join([*lines, f"{'':12}{'':{column}}{mark}"])
