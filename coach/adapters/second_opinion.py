"""Whether a phrase was said, or the grammar only fitted something else to it.

A grammar decoder finds its best phrase in any sound. Beside it runs a search over free phones: what a phrase's
words lose against the free phones in likelihood, how long they last and how much of the speech they explain tell
a command from talk.

Law: pure. The bounds come from one curve: the commands of four flite voices with the leg press's grammar as it is
in a set, against 120 recordings of people who say "alexa" or "computer".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

_SCORE = -4.2
"""Nats a frame. Commands believed / false ones: -4.3 gives 98 / 8 %, -4.2 97 / 8 %, -4.0 95 / 6 %, -3.7 93 / 5 %."""
_URGENT_SCORE = -4.4
"""For what must not be missed: real people's "stop" goes down to -4.33. At -4.4 three of the 120 are taken for
urgent, at -5.4 twice as many."""
_WORST_WEIGHT = 0.5
"""Share of the worst word in the score: alone the mean lets 28 of 134 false ones through where this lets 20."""
_SHORTEST = 3.3
"""Frames a phone. Commands take 3.7 or more; the model cannot go below three: a word there was squeezed in."""
_LONGEST = 30.0
"""Frames a phone. Commands reach 28, a drawn-out "go" 32, other talk under one short word 88."""
_COVER = 0.6
"""Least share of the frames with speech that the words explain. Commands 0.73 or more, other sentences 0.7 in
the middle. Urgent words may stand anywhere in talk."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word on the grammar's best path."""

    start: int
    """First frame of 10 ms since the utterance's first sample."""
    frames: int
    phones: int
    margin: float
    """Nats a frame by which the word outdoes free phones in the same frames; below zero as a rule."""


def score(words: Sequence[Word]) -> float:
    """Mean margin and a share of the worst word's, in nats a frame."""
    frames = sum(word.frames for word in words)
    mean = sum(word.margin * word.frames for word in words) / frames
    return mean + _WORST_WEIGHT * min(word.margin for word in words)


def believed(words: Sequence[Word], speech: int, urgent: bool) -> bool:
    """Whether the words were said; `speech` counts the utterance's frames of 10 ms that hold speech."""
    if not words:
        return False
    pace = [word.frames / max(1, word.phones) for word in words]
    if min(pace) < _SHORTEST or max(pace) > _LONGEST:
        return False
    if not urgent and sum(word.frames for word in words) < _COVER * speech:
        return False
    return score(words) >= (_URGENT_SCORE if urgent else _SCORE)


def confidence(words: Sequence[Word]) -> float:
    """0 to 1, a half where an ordinary phrase is just believed."""
    return 1.0 / (1.0 + math.exp(_SCORE - score(words)))
