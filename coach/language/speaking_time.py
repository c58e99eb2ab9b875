"""How long a text takes to say, without a voice: for rehearsals in text.

The figures are those of the coach's own voice. Sentences: fitted on half of 176 lines, judged on the other half (0.2 s
off, as root of the mean square, 0.03 s on average); counts and cues are 0.08 and 0.1 s off. Being a rule and not a
measurement, a text takes the same time on every machine, and rehearsed times are exact to the millisecond.
"""

from __future__ import annotations

import re
from functools import lru_cache

from coach.commands import Manner
from coach.language.speech_parts import parts
from coach.ports import Length

_LETTER_S = 0.054
_PART_S = 0.23
"""What the beginning and the end of a part add to its letters."""
_PAUSE_S = 0.38
"""At a mark within a part."""
_MARKS = ",;:"
_SYLLABLE_S = {Manner.COUNT: 0.15, Manner.CUE: 0.13}
_EDGE_S = 0.15
"""What the first attack and the last fading of a count or cue add."""
_ONSET_S = 0.03


@lru_cache(maxsize=4096)
def speaking_time(text: str, manner: Manner) -> Length:
    """The estimated length of a line."""
    if manner is Manner.SENTENCE:
        return Length(_ONSET_S, round(sum(_in_one_go(part.text) + part.pause for part in parts(text)), 3))
    total = _EDGE_S + sum(_syllables(word) for word in re.findall(r"[a-z']+", text.lower())) * _SYLLABLE_S[manner]
    # A count or a cue of more than half a second is hurried, by an eighth at most.
    return Length(_ONSET_S, round(min(total, max(0.5, total * 0.87)), 3))


def _in_one_go(text: str) -> float:
    pauses = sum(map(text.rstrip(_MARKS).count, _MARKS))
    return _PART_S + sum(map(str.isalpha, text)) * _LETTER_S + pauses * _PAUSE_S


def _syllables(word: str) -> int:
    """Groups of vowels, without the silent e at the end."""
    groups = len(re.findall(r"[aeiouy]+", word))
    silent = word.endswith("e") and not word.endswith(("le", "ee")) and groups > 1
    return max(1, groups - silent)
