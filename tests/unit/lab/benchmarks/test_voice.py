"""The benchmark of the voice: what counts as a word error, which sound is beside the voice, what is confused."""

from __future__ import annotations

import numpy as np
import pytest

from coach.adapters.recognition.moonshine.model import RATE
from coach.commands import Manner
from lab.benchmarks.voice import report, rooms
from lab.benchmarks.voice.counts import Choices, confused
from lab.benchmarks.voice.lines import Said, all_lines, between_beats, on_the_beat
from lab.benchmarks.voice.rooms import CLEAN, Place
from lab.benchmarks.voice.spelling import errors, words
from lab.benchmarks.voice.trials import Hearing, Outcome, rate


@pytest.mark.parametrize(
    ("said", "heard", "wrong"),
    [
        ("Rest now, ninety seconds.", "Rest now 90 seconds", 0),
        ("at one hundred and five pounds", "At 105 pounds.", 0),
        ("Goodbye. Nothing counted today.", "Good-bye, nothing counted to-day", 0),
        ("Squeeze your hamstrings", "Squeeze your ham strings", 0),
        ("Squeeze your hamstrings", "Squeeze your hamstring", 1),
        ("Squeeze your hamstrings", "Squeeze your hand-strings", 1),
        ("Say start set for set two", "Say start set for set, too", 0),
        ("Push up, slowly.", "A shop flowy", 3),
        ("Heels down", "", 2),
        ("Heels down", "Heels down on the pad", 3),
    ],
)
def test_what_sounds_alike_is_no_error(said: str, heard: str, wrong: int) -> None:
    assert errors(words(said), words(heard)) == wrong


def test_both_exercises_are_said_with_their_slots_filled() -> None:
    lines = all_lines()
    assert len(lines) == len(set(lines)) > 200
    assert not [said.text for said in lines if "{" in said.text]
    assert {said.text for said in lines} >= {"lower", "rise", "rep three"}
    assert 0.4 < sum(said.tunes for said in lines) / len(lines) < 0.6


def test_what_stands_on_a_beat_is_there_once() -> None:
    counts = on_the_beat()
    assert len(counts) == len(set(counts))
    assert {"lower", "hold", "push", "two", "eight", "rep one", "rep twelve"} <= set(counts)
    assert "Breathe in" in between_beats()


@pytest.mark.parametrize("snr", [10, 0])
def test_the_room_is_as_loud_as_it_is_named_and_shaping_does_not_change_it(snr: int) -> None:
    plain = 0.1 * np.sin(np.arange(2 * RATE) / 3)
    nothing = np.zeros_like(plain)
    with_voice = rooms.heard(plain, plain, Place("pink", snr), 0.2, "a", None)
    room = rooms.heard(nothing, plain, Place("pink", snr), 0.2, "a", None)
    assert len(room) == len(plain) + round(0.4 * RATE)
    around = round(0.2 * RATE)
    during = room[around:-around]
    assert 10 * np.log10(np.mean(plain**2) / np.mean(during**2)) == pytest.approx(snr, abs=0.1)
    assert np.allclose(with_voice[around:-around], plain + during)


def test_what_judges_is_other_noise_than_what_tuned() -> None:
    nothing, plain = np.zeros(RATE), np.ones(RATE)
    first, second = (
        rooms.heard(nothing, plain, Place("babble", 0), 0.0, "a", None, tuning=tuning) for tuning in (True, False)
    )
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.2


def outcome(step: int, place: Place, wrong: int, text: str = "Push with the whole foot") -> Outcome:
    return Outcome("joe", Said(text, Manner.SENTENCE), Hearing(step, place), "", wrong, len(text.split()))


def test_a_missed_bar_is_named() -> None:
    bike = Place("bike", 5)
    told = list(report.errors([outcome(0, CLEAN, 0), outcome(0, bike, 4), outcome(3, bike, 1)], "joe"))
    assert told[-1].endswith("clean kept, bike 5 dB MISSED")
    assert rate([outcome(0, CLEAN, 0), outcome(3, bike, 1)]) == 10


def test_confusions_are_told_by_word_and_other_word() -> None:
    found = [
        Choices("two", Place("bike", 5), (("two", 49), ("three", 1)), 0.3),
        Choices("six", Place("bike", 5), (("six", 47), ("seven", 3)), 0.3),
    ]
    assert list(confused(found)) == [("six", "seven", 6.0), ("two", "three", 2.0)]
    told = list(report.counts("counts", found))
    assert "96.0 % right; worst pair 6 %" in told[0]
    assert "MISSED" in told[0]
    assert told[1] == "    'six' taken for 'seven': 6 %"
