"""Acceptance rule: whether a live phrase was said, or is only the phrase nearest to other words.

A search over the live phrases finds a phrase in any sound. The found phrase is compared with what the same recogniser
writes when it may write anything, and with the next likeliest phrase.

Law: pure. The weights are logistic regressions on what the recogniser read in 1,518 recordings: commands, safety
phrases among other words, fragments, rhymes, denials and talk, by flite, festival, espeak and one neural voice at
several pitches and speeds; clean, and with pink noise, an exercise bike, music and other voices 5 and 10 dB softer.
"refuted" and the bars were then set by hand, the bars by results for 14 neural lifters' voices and for other words of
120 real people. So results for those voices say little about the bars, and results for the exercise bike say little:
the weights were fitted with the same recording. The bar for a whole phrase was set again after two changes:
only phrases of another meaning count as rivals, and the recogniser reads unclear sound in four variants. Of 128
near-commands by 30 other neural voices this bar accepts 24 to 29; the bar before it accepted 34.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum

from coach.language.habits import DENIALS, LIFTER_HABITS, is_denied


class Question(Enum):
    """Which question about a phrase is answered."""

    WHOLE = "whole"
    """Whether the sound holds this phrase and nothing else. The voice pauses at the end of the sound."""
    WHOLE_SO_FAR = "whole so far"
    """Whether the sound so far holds this phrase and nothing else. Somebody is still speaking."""
    WITHIN = "within"
    """Whether the sound holds this safety phrase, with any words around it. The voice pauses at its end."""
    WITHIN_SO_FAR = "within so far"
    """Whether the sound so far holds this safety phrase, with any words around it. Somebody is still speaking."""


_MAX_NATS = 12.0
"""Largest gap that counts, and largest lead of the phrase over the free text, in nats."""
_REFUTED_NATS = -5.0
"""Contradiction in nats. Of phrases that were said and found, 5 % are contradicted more strongly than this; of phrases
that were not said, 95 %."""
_MIN_NATS = -15.0
"""Largest lead of the free text over the phrase that counts, in nats."""
_DENIED_NATS = -1.0
"""Contradiction in nats from which a denial among the freely written words counts."""
_SHORTEST_S = 0.13
"""Duration of the shortest word: a shorter sound is the rest of another word, or a click."""

_FUNCTION_WORDS = frozenset("the a an my it is in of to on this that please now coach um uh okay so i am me".split())  # noqa: SIM905
_WEIGHTS = {
    Question.WHOLE: (-0.7, 0.25, 0.0, 1.488, 0.046, 2.75, 0.456, 1.257),
    Question.WHOLE_SO_FAR: (-3.5, 0.25, 0.0, 1.272, 0.059, 2.472, 0.633, 1.538),
    Question.WITHIN: (-2.36, 0.0, 0.101, 1.182, 0.026, 0.349, 1.153, 0.0),
    Question.WITHIN_SO_FAR: (-3.9, 0.0, 0.086, 1.075, 0.0, 0.37, 1.196, 0.0),
}
"""The bar, then the weights of the features in the order of `Evidence.features`."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was heard for and against a phrase; scores are natural log-likelihoods of whole texts given the sound."""

    text: str
    tokens: int
    """Number of tokens of the phrase, in its likeliest writing."""
    score: float
    score_over_noise: float
    """`score` less a share of what the phrase would score over mere noise."""
    free_text: str
    """What the recogniser writes when it may write anything."""
    free_tokens: int
    free_score: float
    gap: float
    """`score_over_noise` of the phrase, minus that of the likeliest phrase of another meaning."""
    seconds: float
    """Duration of the speech, from its first sound to its last."""

    def features(self) -> dict[str, float]:
        """The numbers that the regressions weigh, by name."""
        letters = _letters(self.text)
        return {
            "refuted": min(0.0, self._contradiction() - _REFUTED_NATS),
            "worth": max(_MIN_NATS, min(_MAX_NATS, self.score_over_noise - self.free_score)),
            "evidence": self.score_over_noise / (self.tokens + 1),
            "gap": max(-_MAX_NATS, min(_MAX_NATS, self.gap)),
            # Logarithm of the phrase's share, out of this phrase and the next: -0.7 where both are equally likely.
            "share": -math.log1p(math.exp(-max(-_MAX_NATS, min(_MAX_NATS, self.gap)))),
            "tokens": math.log(self.tokens + 1),
            "alike": SequenceMatcher(None, _letters(self.free_text), letters, autojunk=False).ratio(),
        }

    def _contradiction(self) -> float:
        """Nats, 0 or less, by which the free text is likelier; near 0 where the free text itself is unclear."""
        behind = max(_MIN_NATS, min(0.0, self.score - self.free_score))
        return behind * math.exp(self.free_score / (self.free_tokens + 1))

    def contradicts(self) -> bool:
        """Whether the free text says the opposite of the phrase: "my knee doesn't hurt" is near to "my knee hurts"."""
        denials = DENIALS & {*_words(self.free_text)} - {*self.text.split()}
        return self._contradiction() < _DENIED_NATS and bool(denials)

    def probability(self, question: Question) -> float:
        """Probability, 0 to 1, that the phrase was said; the phrase is accepted from 0.5 on."""
        if self.seconds < _SHORTEST_S:
            return 0.0
        bar, *weights = _WEIGHTS[question]
        total = bar + sum(weight * value for weight, value in zip(weights, self.features().values(), strict=True))
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))

    def reason_against(self) -> str:
        """The strongest reason against a phrase, for people."""
        if self.gap < 1.0:
            return "another phrase is as likely"
        if self.score - self.free_score < -4.0:
            return f"it sounds more like {self.free_text!r}"
        return "it is not clear enough"


def _words(text: str) -> list[str]:
    return "".join(mark if mark.isalnum() or mark == "'" else " " for mark in text.lower()).split()


def _letters(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalpha())


def content_words(text: str) -> tuple[str, ...]:
    """The words of a phrase that carry its meaning. Two phrases with the same such words are not rivals: "start the
    set" and "start set", or a phrase and the same phrase said twice.
    """
    return tuple(word for word in without_repetition(text).split() if word not in _FUNCTION_WORDS)


def without_repetition(text: str) -> str:
    """The phrase without its repetition, if it was said twice or the model wrote it twice over noise.

    A filler may stand between the two, but not a correction: "faster no faster" has a meaning of its own.
    """
    words = text.split()
    for long in range(len(words) // 2, 0, -1):
        between = " ".join(words[long:-long])
        if words[:long] == words[-long:] and (not between or between in LIFTER_HABITS.fillers):
            return " ".join(words[:long])
    return text


def denies_next(before: str) -> bool:
    """Whether these words deny the safety phrase that follows them."""
    words = _words(before)
    return is_denied([*words, ""], len(words))
