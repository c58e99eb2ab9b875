"""Values with their nouns, and how long words take."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.commands import Manner
from coach.language.speaking_time import speaking_time, syllables
from coach.language.speech import digits, duration, load, repetitions, sets
from coach.training.plan import REPS, REST_S, SETS

reproducibly = settings(derandomize=True, deadline=None, database=None)
texts = st.text("abcdefgh yz'.,?", max_size=60)


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


@reproducibly
@given(texts, st.sampled_from(Manner))
def test_a_text_takes_longer_than_its_onset_and_more_text_longer_still(text: str, manner: Manner) -> None:
    length = speaking_time(text, manner)
    assert 0 < length.onset < length.total
    longer = speaking_time(f"{text} and more", manner)
    assert longer.total > length.total
    assert length.after_onset == length.total - length.onset


def test_a_count_is_crisper_than_a_sentence_and_a_cue_than_a_count() -> None:
    times = [speaking_time("knees over feet", manner).total for manner in (Manner.SENTENCE, Manner.COUNT, Manner.CUE)]
    assert times == sorted(times, reverse=True)


def test_a_count_leaves_room_on_its_beat() -> None:
    for word in ("lower", "hold", "push", "two", "rep twenty seven"):
        assert speaking_time(word, Manner.COUNT).total < 1.0


def test_times_are_whole_milliseconds() -> None:
    for text in ("Put your feet high on the platform.", "Why? Because, well; so: there!"):
        total = speaking_time(text, Manner.SENTENCE).total
        assert total == round(total, 3)


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
