"""What makes words believed: their fit, their pace, and how much of the speech they explain."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from coach.adapters.second_opinion import Fit, Word, confidence, doubt, score

_PHONES = ("S", "T", "AA", "P")


def word(margin: float, frames: int = 40) -> Word:
    return Word(start=30, frames=frames, phones=_PHONES, margin=margin)


def fit(*margins: float, speech: int | None = None) -> Fit:
    words = tuple(word(margin) for margin in margins)
    return Fit(words, _PHONES * len(words), 40 * len(words) if speech is None else speech)


def test_no_words_are_not_believed() -> None:
    nothing = Fit((), (), 40)
    assert score(nothing, urgent=True) == -math.inf
    assert confidence(nothing, urgent=True) == 0.0
    assert doubt(nothing) == "none of the phrases came near"


@pytest.mark.parametrize("margin", [-1.0, -3.0, -5.0])
def test_an_urgent_phrase_is_believed_sooner(margin: float) -> None:
    assert score(fit(margin), urgent=True) > score(fit(margin), urgent=False)


def test_a_phrase_that_fits_is_believed_and_one_that_does_not_is_not() -> None:
    assert score(fit(-0.5, -0.8), urgent=False) > 0
    assert score(fit(-6.5, -6.0), urgent=True) < 0
    assert doubt(fit(-6.5, -6.0)) == "its sounds fit badly"


def test_one_bad_word_spoils_a_good_phrase() -> None:
    assert score(fit(-0.5, -0.5, -0.5), urgent=False) > score(fit(-0.5, -0.5, -4.0), urgent=False) + 1


def test_a_long_phrase_must_fit_better_than_a_short_one() -> None:
    assert score(fit(-4.0, -4.0, -4.0), urgent=False) < score(fit(-4.0), urgent=False)


def test_other_sounds_speak_against_a_phrase() -> None:
    other = replace(fit(-1.0), free=("M", "IY", "N", "UW"))
    assert score(other, urgent=False) < score(fit(-1.0), urgent=False) - 1
    assert doubt(other) == "other sounds were heard"
    assert score(replace(other, free=()), urgent=False) < score(other, urgent=False)


def test_a_word_stretched_over_something_else_stands_out() -> None:
    stretched = Fit((word(-1.0, 20), word(-1.0, 160)), _PHONES * 2, 180)
    assert score(stretched, urgent=False) < score(fit(-1.0, -1.0), urgent=False) - 2
    assert doubt(stretched) == "its words came at uneven pace"


def test_a_phrase_within_talk_counts_for_less_unless_it_is_urgent() -> None:
    within = fit(-0.5, speech=400)
    assert score(within, urgent=False) < 0 < score(within, urgent=True)
    assert doubt(within) == "more was said than that"


def test_confidence_rises_with_the_score_between_nought_and_one() -> None:
    values = [confidence(fit(margin), urgent=False) for margin in (-400.0, -4.0, -2.0, 0.0, 3.0)]
    assert values == sorted(values, key=float)
    assert 0.0 <= values[0] < 0.01 and 0.9 < values[3] < values[4] <= 1.0
