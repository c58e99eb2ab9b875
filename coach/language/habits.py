"""What people say around the phrases of a grammar: fillers, corrections, denials.

Law: "no" is not a filler and denies nothing. It answers, or it corrects a number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from coach.settings import WAKE_WORD

MAX_FILLERS = 2
"""Largest number of fillers in a row. More fillers are hesitation, and each costs the recogniser computing time."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How the users of one grammar talk. Words are lower case, separated by one space."""

    fillers: tuple[str, ...] = ()
    """Words that mean nothing before a phrase, behind a phrase, or between two phrases."""
    corrections: tuple[str, ...] = ()
    """Words that take back the phrase before them, or the number in it."""
    joins: tuple[str, ...] = ()
    """Words that, like fillers, mean nothing between two phrases in one breath."""
    pairs: bool = False
    """Whether two phrases may be said in one breath."""
    wake_word: str = WAKE_WORD
    """The word said before a command in states where the coach does not take all talk as addressed to it."""

    @property
    def between(self) -> tuple[str, ...]:
        """What may stand between two phrases."""
        return tuple(dict.fromkeys(self.fillers + self.joins + self.corrections))


NO_HABITS = Habits()
"""No habits: the phrases alone."""
HESITATIONS = ("um", "uh", "er")
BASIC_HABITS = Habits((*HESITATIONS, "okay", "so", "well", "hey", "please", "now", "thanks", "thank you"))
"""For any grammar of any size: fillers alone cost nothing. It allows one phrase per utterance: programs that read other
people's intents expect that, and two phrases in a row out of 10^11 would be 10^22."""
LIFTER_HABITS = Habits(
    fillers=(
        *BASIC_HABITS.fillers,
        *("and", "then", "and then", "right", "alright", "all right", "just", "actually", "yes", "yeah", WAKE_WORD),
        *("but", "i think", "i said", "can you", "could you", "would you", "can we", "let's", "oh", "ah"),
        *("a bit", "right now", "already", "for me"),
    ),
    corrections=("no", "wait", "no wait", "sorry", "i mean", "i meant", "make that", "actually"),
    joins=("of", "at", "with"),
    pairs=True,
)
"""For the coach's own commands."""


def lifter_habits(wake_word: str) -> Habits:
    """`LIFTER_HABITS` with another wake word, which is a filler, too."""
    fillers = tuple(wake_word if filler == WAKE_WORD else filler for filler in LIFTER_HABITS.fillers)
    return replace(LIFTER_HABITS, wake_word=wake_word, fillers=fillers)


DENIALS = frozenset({"don't", "didn't", "doesn't", "won't", "isn't", "wasn't", "aren't", "not", "never"})
_UNDENYING = frozenset({"why", "can", "could"})
"""Words that undo the denial they precede: "why don't you stop", "i can not stop"."""
# fmt: off
_LINKS = frozenset((
    "a", "an", "any", "bit", "dare", "even", "feel", "feeling", "felt", "for", "going", "had", "have", "having", "in",
    "left", "little", "lower", "mean", "much", "my", "need", "needing", "of", "really", "right", "say", "the", "think",
    "to", "upper", "wanna", "want", "you",
))
# fmt: on
"""Words that may stand between a denial and what it denies: "i don't want to stop", "i'm not in any pain". With other
words between them the danger may not be part of what is denied: "i don't know what to do stop"."""


def is_denied(words: Sequence[str], at: int) -> bool:
    """Whether the phrase that begins at this word is denied."""
    before = at - 1
    while before >= 0 and words[before] in _LINKS:
        before -= 1
    if before < 0 or words[before] not in DENIALS:
        return False
    return before == 0 or words[before - 1] not in _UNDENYING
