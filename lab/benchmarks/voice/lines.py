"""Everything that both exercises say, with filled slots, and everything that can be said on a beat."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from coach.commands import Manner
from coach.content.files import BUNDLED
from coach.content.model import Line
from coach.language.numbers import in_words
from coach.settings import WAKE_WORD
from coach.wiring.engines import exercise

PACKS = (BUNDLED, Path(__file__).parents[3] / "tests" / "packs" / "calf_raise")
_SLOTS = {
    "word": (WAKE_WORD,),
    "name": ("Anna", "Ben"),
    "rep": ("three", "seven"),
    "number": tuple(map(in_words, range(2, 9))),
    "seconds": ("ninety seconds", "one minute thirty"),
    "set": ("two", "three"),
    "load": ("ninety kilos", "one hundred and five pounds"),
    "reps": ("ten reps", "eight reps"),
    "sets": ("three sets", "two sets"),
    "side": ("left", "right"),
    "loads": ("thirty, fifty, seventy kilos", "twenty five, forty, fifty kilos"),
    "fault": ("Back lifted", "Knees caved"),
    "times": ("twice", "once, late"),
    "each": ("three times ten", "ten, ten, eight"),
    "plates": ("three times twenty, ten", "twenty five"),
    "left": ("two", "none"),
    "hint": ("Turn sooner", "Guide them out"),
    "beats": ("Five", "Three"),
    "tempo": ("four, one, two, zero", "three, one, two, zero"),
}
_REPS = 12
"""Highest repetition in the table of counts."""


@dataclass(frozen=True, slots=True)
class Said:
    """One line as it is spoken."""

    text: str
    manner: Manner

    @property
    def tunes(self) -> bool:
        """Whether the line may tune the shaping; the other lines judge it."""
        return crc32(self.text.encode()) % 2 == 0

    @property
    def is_short(self) -> bool:
        """Whether the line has one word or two: the ear cannot guess them from other words."""
        return len(self.text.split()) < 3


def all_lines() -> list[Said]:
    """Returns every line once."""
    packs = [exercise(folder)[0] for folder in PACKS]
    return list(dict.fromkeys(said for pack in packs for line in pack.lines() for said in _filled(line)))


def on_the_beat() -> list[str]:
    """Returns the counts: numbers, names of phases, numbers of repetitions, and the countdown."""
    packs = [exercise(folder)[0] for folder in PACKS]
    counts = [said for pack in packs for line in pack.lines() for said in _filled(line) if said.manner is Manner.COUNT]
    words = [said.text for said in counts if not said.text.startswith("rep ")]
    return list(dict.fromkeys(words)) + [f"rep {in_words(number)}" for number in range(1, _REPS + 1)]


def between_beats() -> list[str]:
    """Returns the cues without slots."""
    packs = [exercise(folder)[0] for folder in PACKS]
    lines = [line for pack in packs for line in pack.lines() if line.manner is Manner.CUE]
    return list(dict.fromkeys(text for line in lines for text in line.texts if "{" not in text))


def _filled(line: Line) -> Iterator[Said]:
    for text in line.texts:
        slots = re.findall(r"{(\w+)}", text)
        for turn in range(max((len(_SLOTS[slot]) for slot in slots), default=1)):
            yield Said(text.format(**{slot: _SLOTS[slot][turn % len(_SLOTS[slot])] for slot in slots}), line.manner)
