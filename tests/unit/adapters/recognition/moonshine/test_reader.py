"""Several readings of the same words, combined into one."""

from __future__ import annotations

import pytest

from coach.adapters.recognition.moonshine.reader import combined
from coach.adapters.recognition.moonshine.search import Candidate, Reading


def reading(free_score: float, free: str, *found: tuple[str, float]) -> Reading:
    live = tuple(Candidate(text, evidence, evidence - 5.0) for text, evidence in found)
    return Reading(free, free_score, (1, 2), live, ())


def test_the_mean_evidence_decides() -> None:
    both = combined(
        [
            reading(-2.0, "Finish.", ("finish", 4.0), ("finish set", 3.0)),
            reading(-4.0, "Finish set.", ("finish set", 6.0), ("finish", 2.0)),
        ]
    )
    assert [(one.text, one.evidence, one.score) for one in both.live] == [
        ("finish set", 4.5, -0.5),
        ("finish", 3.0, -2.0),
    ]
    assert (both.free_text, both.free_score) == ("Finish.", -3.0)


def test_a_phrase_that_a_reading_does_not_hold_is_less_likely_there_than_all_that_it_holds() -> None:
    both = combined([reading(-2.0, "", ("stop", 4.0), ("up", 1.0)), reading(-2.0, "", ("up", 3.0))])
    assert [(one.text, one.evidence) for one in both.live] == [("stop", pytest.approx(2.5)), ("up", 2.0)]


def test_a_reading_that_found_nothing_does_not_count() -> None:
    both = combined([reading(-2.0, "", ("stop", 4.0)), reading(-2.0, "")])
    assert [(one.text, one.evidence) for one in both.live] == [("stop", 4.0)]
