"""Where lines are divided into parts."""

from __future__ import annotations

import pytest

from coach.language.speech_parts import Part, parts


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Listening.", ["Listening."]),
        ("Stop. Bring it up slowly. Catches in.", ["Stop.", "Bring it up slowly.", "Catches in."]),
        ("Set one, ten reps. Knees soft.", ["Set one,", "ten reps.", "Knees soft."]),
        ("Noted, ninety two and a half kilos.", ["Noted,", "ninety two and a half kilos."]),
        ("Noted, two hundred and five pounds.", ["Noted,", "two hundred and,", "five pounds."]),
        ("Noted, three minutes of rest.", ["Noted,", "three minutes of rest."]),
        ("Take three minutes twenty seconds.", ["Take three minutes,", "twenty seconds."]),
        ("Yours is four, one, two, zero. Lower slowly, push.", ["Yours is four,", "one,", "two,", "zero."]),
        ("Half your rest is gone.", ["Half your rest is gone."]),
    ],
)
def test_a_line_is_parted_at_its_sentences_and_around_its_numbers(text: str, found: list[str]) -> None:
    assert [part.text for part in parts(text)][: len(found)] == found


def test_pauses_are_those_of_the_marks() -> None:
    assert parts("Noted, two hundred and five kilos. Next?") == (
        Part("Noted,", 0.12),
        Part("two hundred and,", 0.0),
        Part("five kilos.", 0.35),
        Part("Next?", 0.0),
    )
