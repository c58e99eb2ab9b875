"""How long a text takes to say, without a voice: for rehearsals in text.

The figures are those of the coach's own voice, fitted on its counts, cues and sentences; being a rule and not a
measurement, a text takes the same time on every machine, and rehearsed times are exact to the millisecond.
"""

from __future__ import annotations

import re
from functools import lru_cache

from coach.commands import Manner
from coach.ports import Length

_SYLLABLE_S = {Manner.SENTENCE: 0.19, Manner.COUNT: 0.15, Manner.CUE: 0.13}
_EDGE_S = {Manner.SENTENCE: 0.12, Manner.COUNT: 0.15, Manner.CUE: 0.15}
"""What the first attack and the last fading add."""
_PAUSE_S = {",": 0.15, ".": 0.35, "?": 0.35, ";": 0.25, ":": 0.25, "!": 0.35}
_ONSET_S = 0.03


@lru_cache(maxsize=4096)
def speaking_time(text: str, manner: Manner) -> Length:
    """The estimated length of a line."""
    syllables = sum(_syllables(word) for word in re.findall(r"[a-z']+", text.lower()))
    pauses = sum(_PAUSE_S.get(mark, 0.0) for mark in text.rstrip(" .?!,"))
    total = _EDGE_S[manner] + syllables * _SYLLABLE_S[manner] + pauses
    if manner is not Manner.SENTENCE:
        # A count or a cue of more than half a second is hurried, by an eighth at most.
        total = min(total, max(0.5, total * 0.87))
    return Length(_ONSET_S, round(total, 3))


def _syllables(word: str) -> int:
    """Groups of vowels, without the silent e at the end."""
    groups = len(re.findall(r"[aeiouy]+", word))
    silent = word.endswith("e") and not word.endswith(("le", "ee")) and groups > 1
    return max(1, groups - silent)
