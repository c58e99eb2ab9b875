"""When a phrase is believed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach.language.acceptance import (
    Evidence,
    Question,
    content_words,
    contradicts,
    denies_next,
    features,
    probability,
    reason_against,
    without_repetition,
)

SAID = Evidence(
    text="ten reps",
    tokens=3,
    score=-0.5,
    score_over_noise=10.0,
    free_text="Ten reps.",
    free_tokens=3,
    free_score=-0.5,
    gap=10.0,
    seconds=0.7,
)


def test_a_phrase_that_is_heard_freely_too_is_believed() -> None:
    assert probability(SAID, Question.WHOLE) > 0.9
    assert probability(SAID, Question.WITHIN) > 0.9


def test_other_words_that_are_clear_refute_it() -> None:
    other = replace(SAID, score=-14.0, score_over_noise=-2.0, free_text="Ten ships.")
    assert probability(other, Question.WHOLE) < 0.3
    assert "Ten ships." in reason_against(other)


def test_the_same_deficit_says_less_in_noise() -> None:
    clear = replace(SAID, score=-9.0)
    unclear = replace(clear, free_score=-8.0, score=-16.5)
    assert features(clear)["refuted"] < features(unclear)["refuted"] == 0.0


def test_more_is_asked_while_somebody_speaks_on() -> None:
    so_so = replace(SAID, score_over_noise=3.0, gap=4.0)
    assert probability(so_so, Question.WHOLE_SO_FAR) < probability(so_so, Question.WHOLE)
    assert probability(so_so, Question.WITHIN_SO_FAR) < probability(so_so, Question.WITHIN)


@pytest.mark.parametrize("mode", Question)
def test_nobody_says_a_phrase_in_no_time(mode: Question) -> None:
    assert probability(replace(SAID, seconds=0.1), mode) == 0.0


def test_a_rival_is_named() -> None:
    assert reason_against(replace(SAID, gap=0.2)) == "another phrase is as likely"


def test_small_words_make_no_other_meaning() -> None:
    assert content_words("start the set") == content_words("start set")
    assert content_words("three sets") != content_words("two sets")
    assert content_words("pause pause") == content_words("pause")


@pytest.mark.parametrize("before", ["Don't", "I do not want to", "It doesn't", "I'm not in", "I didn't say"])
def test_denied(before: str) -> None:
    assert denies_next(before)


@pytest.mark.parametrize("before", ["", "No,", "Okay.", "Can you", "I want to", "No no no", "Why don't we all"])
def test_not_denied(before: str) -> None:
    assert not denies_next(before)


def test_a_clear_denial_says_the_opposite() -> None:
    hurts = replace(SAID, text="my knee hurts", score=-6.0, free_text="My knee doesn't hurt.", free_tokens=6)
    assert contradicts(hurts)
    assert not contradicts(replace(hurts, free_text="My knee hurts."))
    assert not contradicts(replace(hurts, score=-0.9))
    assert not contradicts(replace(hurts, text="my knee doesn't move"))


def test_who_repeats_himself_has_said_it_once() -> None:
    assert without_repetition("stop stop") == "stop"
    assert without_repetition("which set is this and which set is this") == "which set is this"
    assert without_repetition("faster no faster") == "faster no faster"
    assert without_repetition("ten reps") == "ten reps"
