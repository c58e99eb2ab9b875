"""The layout of one repetition: counts on their beats, cues fitted into the gaps between them.

Law: a count is never moved. A cue that does not fit is shortened, moved to a later gap of its phase, or dropped; it is
never laid over a count and never cut. Times are those of audible onsets, in seconds since the repetition began.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from coach.commands import Manner
from coach.ports import Measure
from coach.training.tempo import Phase

GUARD_S = 0.05
"""Seconds of silence on either side of a cue: with less silence cue and count are heard as one word."""


@dataclass(frozen=True, slots=True)
class Count:
    """A word on a beat."""

    at: float
    phase: Phase
    text: str
    source: str
    """Id of the line that the word is from."""


@dataclass(frozen=True, slots=True)
class CueWish:
    """A cue that is wanted in a phase, with its wordings from the longest to the shortest."""

    phase: Phase
    texts: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line with its place in the repetition."""

    at: float
    phase: Phase
    text: str
    manner: Manner
    source: str


def lay_out(
    counts: Sequence[Count], following: Count, wishes: Sequence[CueWish], measure: Measure
) -> tuple[PlacedLine, ...]:
    """The counts and the cues that fit, in the order in which they are heard.

    `counts`: the counts of one repetition; `following`: the first count after it. `wishes` are placed in their order,
    so the most important cue must come first. A gap takes one cue.
    """
    lines = [PlacedLine(count.at, count.phase, count.text, Manner.COUNT, count.source) for count in counts]
    gaps = [
        (
            here.phase,
            here.at + measure(here.text, Manner.COUNT).after_onset + GUARD_S,
            there.at - measure(there.text, Manner.COUNT).onset - GUARD_S,
        )
        for here, there in pairwise((*counts, following))
    ]
    for wish in wishes:
        place = _find_gap(wish, gaps, measure)
        if place is not None:
            index, text = place
            _, begins, ends = gaps[index]
            length = measure(text, Manner.CUE)
            # The cue is in the middle of its gap: directly behind the count it sounded like the end of that word.
            onset = (begins + ends - length.total) / 2 + length.onset
            lines.append(PlacedLine(onset, wish.phase, text, Manner.CUE, wish.source))
            del gaps[index]
    return tuple(sorted(lines, key=lambda line: line.at))


def _find_gap(wish: CueWish, gaps: Sequence[tuple[Phase, float, float]], measure: Measure) -> tuple[int, str] | None:
    """The earliest gap of the phase in which the cue fits, with the longest wording that fits there."""
    for index, (phase, begins, ends) in enumerate(gaps):
        if phase is not wish.phase:
            continue
        for text in wish.texts:
            if measure(text, Manner.CUE).total <= ends - begins:
                return index, text
    return None
