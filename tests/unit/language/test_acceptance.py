"""When a phrase is accepted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coach.language.acceptance import Evidence, Question, content_words, denies_next, without_repetition

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
    assert SAID.probability(Question.WHOLE) > 0.9
    assert SAID.probability(Question.WITHIN) > 0.9


def test_other_words_that_are_clear_refute_it() -> None:
    other = replace(SAID, score=-14.0, score_over_noise=-2.0, free_text="Ten ships.")
    assert other.probability(Question.WHOLE) < 0.3
    assert "Ten ships." in other.reason_against()


def test_the_same_deficit_says_less_in_noise() -> None:
    clear = replace(SAID, score=-9.0)
    unclear = replace(clear, free_score=-8.0, score=-16.5)
    assert clear.features()["refuted"] < unclear.features()["refuted"] == 0.0


def test_more_is_asked_while_somebody_speaks_on() -> None:
    so_so = replace(SAID, score_over_noise=3.0, gap=4.0)
    assert so_so.probability(Question.WHOLE_SO_FAR) < so_so.probability(Question.WHOLE)
    assert so_so.probability(Question.WITHIN_SO_FAR) < so_so.probability(Question.WITHIN)


@pytest.mark.parametrize("mode", Question)
def test_nobody_says_a_phrase_in_no_time(mode: Question) -> None:
    assert replace(SAID, seconds=0.1).probability(mode) == 0.0


def test_a_rival_is_named() -> None:
    assert replace(SAID, gap=0.2).reason_against() == "another phrase is as likely"


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
    assert hurts.contradicts()
    assert not replace(hurts, free_text="My knee hurts.").contradicts()
    assert not replace(hurts, score=-0.9).contradicts()
    assert not replace(hurts, text="my knee doesn't move").contradicts()


def test_who_repeats_himself_has_said_it_once() -> None:
    assert without_repetition("stop stop") == "stop"
    assert without_repetition("which set is this and which set is this") == "which set is this"
    assert without_repetition("faster no faster") == "faster no faster"
    assert without_repetition("ten reps") == "ten reps"
