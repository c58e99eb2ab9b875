"""Whether a phrase was said, or the grammar only fitted something else to it.

A grammar decoder finds its best phrase in any sound. Beside it runs a search over free phones. How much the phrase's
words lose against the free phones, whether those are the same phones, how evenly the words run and how much of the
speech they explain tell a command from talk.

Law: pure. The weights are a logistic regression: commands of four flite voices and real people's single words, clean
and in pink noise, against what real people say in eight languages. Of words that came nearest, 3 % of the real ones
and 2 % of flite's are refused where it is quiet, 9 and 13 % in pink noise (at 10 and 20 dB); of 834 utterances of
other talk 6.3 % are taken. The best rule on mean and worst margin alone refused 14 % and took 7.
`scripts/bench rejection` draws the curve, docs/rejection.svg.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from coach.adapters.arpabet import Phones, distance

_BIAS = 0.35
_MEAN = 0.67
"""A nat a frame of the whole phrase's margin ..."""
_LENGTH = 0.237
"""... and more for every factor e in phones: a long phrase that fits badly throughout was not said."""
_WORST = 0.60
"""A nat a frame of the worst word's margin."""
_WEIGHTY = 3
"""Phones from which a word's margin counts in full: an "a" of 50 ms is 8 nats off in sentences that were said so."""
_COVER = 7.95
"""All of the speech explained, against none of it."""
_LITTLE = 8.5
"""And so much more below a half: a word that stands out from a long talk was not said to the coach."""
_OTHER = -5.2
"""A phone's distance, from 0 to 1, to what the free search heard; see `language.phones.distance`."""
_UNEVEN = -6.1
"""Standard deviation of the words' logarithmic pace: a word stretched over something else stands out."""
_URGENT = -0.4
"""The bar for what must not be missed; for the rest it is 0. Lower by this it takes a third more of other talk, and
refuses a third less of what was said."""
_WITHIN = 0.7
"""What is urgent may stand within talk: at least so much is taken for explained."""
_NOTHING = 2.0
"""Distance where the free search heard no phones at all."""
_TYPICAL = {"fit": -0.85, "worst": -1.2, "other": 0.4, "uneven": 0.05, "cover": 1.0}
"""Of commands, in the median: what a refusal is measured by."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word on the grammar's best path."""

    start: int
    """First frame of 10 ms since the utterance's first sample."""
    frames: int
    phones: Phones
    margin: float
    """Nats a frame by which the word outdoes free phones in the same frames; below zero as a rule."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A phrase as it was laid over the speech."""

    words: tuple[Word, ...]
    free: Phones
    """What the free search heard in their place."""
    speech: int
    """Frames of 10 ms of the utterance that hold speech."""

    @property
    def frames(self) -> int:
        """Of all words."""
        return sum(word.frames for word in self.words)

    @property
    def margin(self) -> float:
        """Mean of the words' margins, nats a frame."""
        return sum(word.margin * word.frames for word in self.words) / self.frames

    @property
    def worst(self) -> float:
        """Margin of the worst word; short ones count for less."""
        return min(word.margin * min(1.0, len(word.phones) / _WEIGHTY) for word in self.words)

    @property
    def other(self) -> float:
        """Distance of the free phones to the phrase's own, by the phone."""
        phones = sum((word.phones for word in self.words), ())
        return distance(phones, self.free) if phones and self.free else _NOTHING

    @property
    def uneven(self) -> float:
        """Standard deviation of the words' logarithmic pace, every phone counting once."""
        paces = [(math.log(word.frames / max(1, len(word.phones))), len(word.phones)) for word in self.words]
        phones = max(1, sum(count for _, count in paces))
        mean = sum(pace * count for pace, count in paces) / phones
        return math.sqrt(sum(count * (pace - mean) ** 2 for pace, count in paces) / phones)

    @property
    def cover(self) -> float:
        """Share of the speech that the words explain, at most 1."""
        return min(1.0, self.frames / max(1, self.speech))


def score(fit: Fit, urgent: bool) -> float:
    """Log-odds that the phrase was said; above 0 it is to be believed."""
    if not fit.words:
        return -math.inf
    phones = sum(len(word.phones) for word in fit.words)
    cover = max(fit.cover, _WITHIN) if urgent else fit.cover
    return (
        _BIAS
        + (_MEAN + _LENGTH * math.log(max(1, phones))) * fit.margin
        + _WORST * fit.worst
        + _COVER * cover
        + _LITTLE * min(0.0, cover - 0.5)
        + _OTHER * fit.other
        + _UNEVEN * fit.uneven
        - (_URGENT if urgent else 0.0)
    )


def confidence(fit: Fit, urgent: bool) -> float:
    """0 to 1, a half where the phrase is just believed."""
    odds = score(fit, urgent)
    return 1.0 / (1.0 + math.exp(-odds)) if odds > -500.0 else 0.0


def doubt(fit: Fit) -> str:
    """What speaks most against the phrase, for people."""
    if not fit.words:
        return "none of the phrases came near"
    worse = {
        "its sounds fit badly": _MEAN * (_TYPICAL["fit"] - fit.margin),
        "one of its words fits badly": _WORST * (_TYPICAL["worst"] - fit.worst),
        "other sounds were heard": -_OTHER * (fit.other - _TYPICAL["other"]),
        "its words came at uneven pace": -_UNEVEN * (fit.uneven - _TYPICAL["uneven"]),
        "more was said than that": _COVER * (_TYPICAL["cover"] - fit.cover),
    }
    return max(worse, key=worse.__getitem__)
