"""What makes words believed: their margin, their length, and how much of the speech they explain."""

from __future__ import annotations

import pytest

from coach.adapters.second_opinion import Word, believed, confidence, score


def word(margin: float, frames: int = 40, phones: int = 4) -> Word:
    return Word(start=30, frames=frames, phones=phones, margin=margin)


def test_no_words_are_not_believed() -> None:
    assert not believed([], speech=40, urgent=True)


@pytest.mark.parametrize(
    ("margin", "plain", "urgent"), [(-1.0, True, True), (-2.87, False, True), (-3.5, False, False)]
)
def test_an_urgent_phrase_is_believed_sooner(margin: float, plain: bool, urgent: bool) -> None:
    assert believed([word(margin)], speech=40, urgent=False) is plain
    assert believed([word(margin)], speech=40, urgent=True) is urgent


def test_one_bad_word_spoils_a_good_phrase() -> None:
    good = [word(-0.5), word(-0.5), word(-0.5)]
    assert believed(good, speech=120, urgent=False)
    assert not believed([*good, word(-6.0, frames=20)], speech=140, urgent=False)


@pytest.mark.parametrize("frames", [12, 13, 121, 200])
def test_a_word_squeezed_or_stretched_is_not_believed(frames: int) -> None:
    assert not believed([word(0.0, frames)], speech=frames, urgent=True)


def test_a_phrase_within_talk_counts_only_when_urgent() -> None:
    assert not believed([word(0.0)], speech=100, urgent=False)
    assert believed([word(0.0)], speech=100, urgent=True)


def test_confidence_rises_with_the_score_between_nought_and_one() -> None:
    scores = [[word(margin)] for margin in (-40.0, -4.0, -2.0, 0.0, 3.0)]
    values = [confidence(words) for words in scores]
    assert values == sorted(values, key=float)
    assert 0.0 <= values[0] < 0.01 and 0.98 < values[3] < values[4] <= 1.0
    assert [score(words) for words in scores] == sorted(score(words) for words in scores)
