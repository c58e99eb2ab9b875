"""The benchmark of hearing: the noise has the stated level, words are judged as the lifter would judge."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from coach.audio.pcm import audible_span
from coach.language.grammar import Intent
from coach.ports import Pcm
from lab.benchmarks.hearing import conditions, headset, report
from lab.benchmarks.hearing.clips import RATE, Clip, Kind, all_clips
from lab.benchmarks.hearing.conditions import CLEAN, LEAD_S, Condition
from lab.benchmarks.hearing.plan import Extent, trials
from lab.benchmarks.hearing.trials import ALL, HeardTrial, Outcome, Trial, judged, meanings

OURS = list(all_clips(None))
"""The clips that can be heard without other people's recordings."""


def said(text: str, kind: Kind = Kind.COMMAND) -> Clip:
    return next(clip for clip in OURS if clip.text == text and clip.kind is kind)


def test_every_clip_is_there_and_named_once() -> None:
    assert all(file.is_file() for clip in OURS for file in clip.files)
    assert len({clip.name for clip in OURS}) == len(OURS)


def test_nothing_that_is_no_command_is_one() -> None:
    others = {clip.text for clip in OURS if clip.kind not in (Kind.COMMAND, Kind.AROUND)}
    assert [text for text in sorted(others) if meanings(replace(said("stop"), text=text), ALL)] == []


@pytest.mark.parametrize("decibels", [20, 5])
def test_noise_is_as_loud_as_it_is_named(decibels: int) -> None:
    clip = said("my back lifted")
    began, ended = (round(LEAD_S * RATE) + at for at in audible_span(clip.sound()))
    clean, last = conditions.heard_under(clip, CLEAN, None)
    noisy, _ = conditions.heard_under(clip, Condition(f"pink {decibels} dB", "pink", decibels), None)
    assert last == pytest.approx(ended / RATE)
    speech = clean[began:ended].astype(float)
    noise = noisy[began:ended] - speech
    # The hiss of the quiet room is in both.
    assert 10 * np.log10(np.mean(speech**2) / np.mean(noise**2)) == pytest.approx(decibels, abs=0.3)


def test_a_condition_sounds_the_same_every_time() -> None:
    babble = Condition("babble 10 dB", "babble", 10)
    once, again = (conditions.heard_under(said("stop"), babble, None)[0] for _ in range(2))
    assert np.array_equal(once, again)


def test_a_headset_passes_the_middle_of_speech_only() -> None:
    def level(hertz: float) -> float:
        tone: Pcm = np.rint(3000 * np.sin(2 * np.pi * hertz * np.arange(RATE) / RATE)).astype(np.int16)
        through = headset.through_headset(tone).astype(float)
        return float(20 * np.log10(np.std(through) / np.std(tone)))

    assert level(1000) == pytest.approx(0, abs=1)
    assert level(6000) < -20


@pytest.mark.parametrize(
    ("text", "kind", "acted", "outcome"),
    [
        ("ten reps", Kind.COMMAND, [Intent("SetReps", {"reps": 10})], Outcome.RIGHT),
        ("ten reps", Kind.COMMAND, [Intent("SetReps", {"reps": 7})], Outcome.WRONG),
        ("ten reps", Kind.COMMAND, [Intent("SetReps", {"reps": 10}), Intent("Stop")], Outcome.WRONG),
        ("ten reps", Kind.COMMAND, [], Outcome.MISSED),
        ("start set stop", Kind.AROUND, [Intent("Stop")], Outcome.RIGHT),
        ("start set stop", Kind.AROUND, [Intent("StartSet"), Intent("Stop")], Outcome.WRONG),
        ("start set pause", Kind.AROUND, [Intent("StartSet"), Intent("Pause")], Outcome.RIGHT),
        ("stop please i'm done", Kind.AROUND, [Intent("Stop"), Intent("Done")], Outcome.RIGHT),
        ("red", Kind.NEIGHBOUR, [Intent("Next")], Outcome.WRONG),
        ("red", Kind.NEIGHBOUR, [], Outcome.QUIET),
    ],
)
def test_what_is_right(text: str, kind: Kind, acted: list[Intent], outcome: Outcome) -> None:
    clip = said(text, kind)
    assert judged(clip, meanings(clip, ALL), acted) is outcome


def test_what_is_no_command_is_heard_in_a_few_conditions() -> None:
    planned = [trial for trial in trials(Extent((ALL,)), None) if isinstance(trial, Trial)]
    assert {one.condition for one in planned if one.clip.kind is Kind.TALK} <= set(conditions.FEW)
    assert any(one.condition.by_headset for one in planned if one.clip.kind is Kind.AROUND)


def test_misses_are_endlessly_late_and_an_earlier_run_stands_in_brackets() -> None:
    right = HeardTrial(
        state=ALL,
        condition="clean",
        kind=Kind.COMMAND.value,
        voices="flite",
        voice="slt",
        text="stop",
        meant="Stop",
        safety=True,
        acted=("Stop",),
        outcome=Outcome.RIGHT.value,
        grave=False,
        late_s=0.2,
        cpu_s=0.1,
        sound_s=3.0,
    )
    missed = replace(right, voice="kal", acted=(), outcome=Outcome.MISSED.value, late_s=None)
    shown = "\n".join(report.tables([right, missed], [right]))
    assert "50.0 (100.0)" in shown
    assert "kal 0" in shown
    assert "inf (200)" in shown
