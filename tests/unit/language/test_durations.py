"""How durations are said."""

from __future__ import annotations

import pytest

from coach.language.durations import in_minutes, in_seconds


def test_a_minute_and_a_half() -> None:
    forms = in_minutes(90)
    assert {"one minute thirty", "a minute and thirty seconds", "a minute and a half"} <= set(forms)
    assert "one and a half minutes" in forms
    assert len(forms) == len(set(forms))


def test_half_a_minute() -> None:
    assert in_minutes(30) == ("half a minute", "a half minute")
    assert in_minutes(45) == ()


@pytest.mark.parametrize("seconds", range(60, 605, 5))
def test_every_form_names_the_minutes(seconds: int) -> None:
    assert in_minutes(seconds)
    assert all("minute" in form for form in in_minutes(seconds))


def test_one_thirty_may_be_a_minute_and_a_half_and_is_in_no_list() -> None:
    assert "one thirty" not in in_seconds(130)
    assert "one hundred and thirty" in in_seconds(130)
    assert in_seconds(90) == ("ninety",)
    assert "a hundred" in in_seconds(100)


def test_no_form_means_two_spans() -> None:
    forms = [form for seconds in range(10, 605, 5) for form in (*in_seconds(seconds), *in_minutes(seconds))]
    assert len(forms) == len(set(forms))
