"""What `coach doctor` concludes from two seconds of sound."""

from __future__ import annotations

import pytest

from coach.adapters.sound.trial import TrialResult

GOOD = {"underflows": 0, "overflows": 0, "speaker_rate": 22_000.0, "microphone_rate": 16_100.0, "silent": False}


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({}, []),
        ({"speaker_rate": 0.0}, ["the loudspeaker does not run: choose another, or restart it"]),
        (
            {"microphone_rate": 17_420.0},
            ["the microphone runs at 17420 samples a second where 16000 were asked for: set one rate"],
        ),
        ({"underflows": 3, "overflows": 1}, ["sound stumbled in 2 s (3 times out, 1 times in): close other programs"]),
        ({"silent": True}, ["the microphone gives nothing at all, not even noise: is it muted, or the wrong one?"]),
        ({"silent": True, "microphone_rate": 0.0}, ["the microphone does not run: choose another, or restart it"]),
    ],
)
def test_what_is_wrong_with_it(other: dict[str, float], told: list[str]) -> None:
    faults = TrialResult(**{**GOOD, **other}).problems(22_050, 16_000)  # type: ignore[arg-type]
    assert len(faults) == len(told)
    assert all(fault.startswith(begin) for fault, begin in zip(faults, told, strict=True))
