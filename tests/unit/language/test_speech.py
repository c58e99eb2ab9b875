"""Values with their nouns."""

from __future__ import annotations

import pytest

from coach.language.speaking_time import syllables
from coach.language.speech import digits, duration, load, repetitions, sets
from coach.training.plan import REPS, REST_S, SETS


def test_nouns_agree_with_their_numbers() -> None:
    assert repetitions(1) == "one rep"
    assert repetitions(10) == "ten reps"
    assert repetitions(0) == "zero reps"
    assert sets(1) == "one set"
    assert sets(3) == "three sets"


@pytest.mark.parametrize(
    ("amount", "unit", "words"),
    [
        (1, "kg", "one kilo"),
        (92.5, "kg", "ninety two and a half kilos"),
        (105, "lb", "one hundred and five pounds"),
        (1, "lb", "one pound"),
    ],
)
def test_a_load(amount: float, unit: str, words: str) -> None:
    assert load(amount, unit) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "one second"),
        (10, "ten seconds"),
        (60, "one minute"),
        (90, "ninety seconds"),
        (119, "one hundred and nineteen seconds"),
        (120, "two minutes"),
        (200, "three minutes twenty seconds"),
        (181, "three minutes one second"),
        (600, "ten minutes"),
    ],
)
def test_a_duration(seconds: int, words: str) -> None:
    assert duration(seconds) == words


def test_digits_of_a_tempo() -> None:
    assert digits(4, 1, 2, 0) == "four, one, two, zero"


def test_every_number_of_a_plan_can_be_said() -> None:
    for bounds, say in ((REPS, repetitions), (SETS, sets), (REST_S, duration)):
        said = [say(number) for number in bounds]
        assert len(set(said)) == len(said)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Breathe in", 2),
        ("Knees over feet", 4),
        ("Whole foot", 2),
        ("Squeeze your hamstrings", 4),
        ("Resist", 2),
        ("Don't", 1),
        ("Goodbye", 2),
        ("Continue", 3),
    ],
)
def test_syllables(text: str, expected: int) -> None:
    assert syllables(text) == expected
