"""Half an hour with a random lifter; `scripts/soak` performs a day, and live minutes."""

from __future__ import annotations

from lab.soak.simulated import census, soak_audio, soak_text


def test_half_an_hour_in_text_keeps_time_and_memory() -> None:
    told = soak_text(0.5, 1, lambda _: None)
    assert told.seconds >= 1800
    # The lifter soon reports pain twice, and then the training is over.
    assert told.counts > 50
    assert told.drift_s <= 1e-6
    assert told.grown == {}


def test_minutes_in_audio_keep_every_count_on_its_sample() -> None:
    told = soak_audio(0.05, 1, lambda _: None)
    assert told.placed > 30
    assert told.misplaced == []
    assert told.drift_s <= 1e-6


def test_the_census_finds_what_grows() -> None:
    class Leaky:
        __module__ = "coach.somewhere"

        def __init__(self) -> None:
            self.kept = [0] * 100

    assert census({"root": Leaky()}) == {"root.kept": 100}
