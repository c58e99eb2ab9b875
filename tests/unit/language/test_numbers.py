"""Numbers as words: the coach's own form, every form that a lifter may use, and no form twice."""

from __future__ import annotations

import pytest

from coach.language.numbers import LARGEST, in_words, spoken_forms

VALUES = [quarter / 4 for quarter in range(4, 4 * LARGEST + 1)]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "zero"),
        (0.5, "a half"),
        (1, "one"),
        (1.5, "one and a half"),
        (0.25, "a quarter"),
        (0.75, "three quarters"),
        (41.25, "forty one and a quarter"),
        (102.75, "one hundred and two and three quarters"),
        (13, "thirteen"),
        (20, "twenty"),
        (92.5, "ninety two and a half"),
        (100, "one hundred"),
        (100.5, "one hundred and a half"),
        (105, "one hundred and five"),
        (110, "one hundred and ten"),
        (340, "three hundred and forty"),
        (999, "nine hundred and ninety nine"),
        (1005, "one thousand and five"),
        (12_345, "twelve thousand three hundred and forty five"),
        (90.0, "ninety"),
    ],
)
def test_what_the_coach_says(value: float, words: str) -> None:
    assert in_words(value) == words


@pytest.mark.parametrize("value", [-1, -0.5, 1_000_000, 0.3, 92.49, float("nan"), float("inf")])
def test_what_has_no_words_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="is not a whole number, half or quarter from 0 to 999999"):
        in_words(value)


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (0, "oh"),
        (100, "a hundred"),
        (105, "one oh five"),
        (105, "a hundred and five"),
        (105, "one hundred five"),
        (120, "one twenty"),
        (125, "one twenty five"),
        (219, "two nineteen"),
        (92.5, "ninety two point five"),
        (41.25, "forty one point two five"),
        (41.75, "forty one point seven five"),
        (141.25, "one forty one and a quarter"),
        (102.5, "one oh two and a half"),
    ],
)
def test_what_a_lifter_may_say(value: float, form: str) -> None:
    assert form in spoken_forms(value)


def test_each_form_means_one_number() -> None:
    meant: dict[str, float] = {}
    for value in VALUES:
        forms = spoken_forms(value)
        assert forms[0] == in_words(value)
        assert len(set(forms)) == len(forms)
        for form in forms:
            assert meant.setdefault(form, value) == value, form


def test_words_are_plain() -> None:
    for value in VALUES:
        for form in spoken_forms(value):
            assert form == " ".join(form.split())
            assert form.replace(" ", "").isalpha()


def test_the_coachs_own_form_of_a_half_comes_first() -> None:
    assert spoken_forms(0.5)[0] == in_words(0.5)
