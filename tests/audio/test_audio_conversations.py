"""Whole conversations in sound: whistled through the real Vosk engine; their recordings are examined.

Each is also a test of its own, real speech through Moonshine, made by `coach.pytest_plugin`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coach import cli
from coach.commands import Manner
from coach.rehearsal.performance import Performance
from coach.rehearsal.scripts.script import read_script
from coach.rehearsal.scripts.transcript import COUNT, LIFTER
from coach.settings import Hearing
from coach.wiring import engines, rehearsing
from coach.wiring.recognizers import EMBEDDED
from lab.rigs.folders import CONVERSATIONS
from lab.rigs.whistler import Whistler

pytestmark = pytest.mark.audio

SCRIPTS = sorted((CONVERSATIONS / "audio").glob("*.yaml"))


@pytest.fixture(scope="module")
def rehearsals() -> rehearsing.Rehearsals:
    """Rehearsals for all tests of this file, so that the voice is loaded once."""
    return rehearsing.Rehearsals(True, Hearing(EMBEDDED), pytest.fail)


@pytest.fixture(scope="module")
def demonstration(rehearsals: rehearsing.Rehearsals) -> Performance:
    """The conversation that is performed when the machine has no microphone."""
    return rehearsals.perform(rehearsing.DEMO, recording=False)[1]


def test_there_are_enough() -> None:
    assert len(SCRIPTS) >= 5


@pytest.fixture(scope="module")
def whistler(rehearsals: rehearsing.Rehearsals, tmp_path_factory: pytest.TempPathFactory) -> Whistler:
    """A whistler that knows every word of these scripts."""
    scripts = [read_script(script, rehearsals.plan) for script in [*SCRIPTS, rehearsing.DEMO]]
    return Whistler(tmp_path_factory.mktemp("models"), scripts)


@pytest.mark.parametrize("script", [*SCRIPTS, rehearsing.DEMO], ids=lambda path: path.stem)
def test_it_goes_as_written_when_whistled_to_vosk(
    script: Path, whistler: Whistler, rehearsals: rehearsing.Rehearsals
) -> None:
    played = whistler.perform(read_script(script, rehearsals.plan))
    assert played.failure is None, str(played.failure)
    assert whistler.complaints == []


def test_the_demonstration_goes_as_written(demonstration: Performance) -> None:
    assert demonstration.failure is None, str(demonstration.failure)
    assert 120 < demonstration.seconds < 400


def test_the_same_script_gives_the_same_sound(rehearsals: rehearsing.Rehearsals) -> None:
    stop = next(script for script in SCRIPTS if script.stem == "stop")
    once, again = (rehearsals.perform(stop, recording=False)[1] for _ in range(2))
    assert once.entries == again.entries
    assert once.stereo is not None and again.stereo is not None
    assert np.array_equal(once.stereo, again.stereo)


def test_lifter_and_coach_are_on_their_channels(demonstration: Performance, rehearsals: rehearsing.Rehearsals) -> None:
    """The left channel is silent where only the coach speaks, the right channel where only the lifter speaks."""
    assert demonstration.stereo is not None
    rate = rehearsals.rate
    assert len(demonstration.stereo) == pytest.approx(demonstration.seconds * rate, abs=rate * 0.05)
    greeting = demonstration.stereo[: rate * 4]
    # Resampling adds dither: one step of 32768.
    assert np.abs(greeting[:, 0].astype(int)).max() <= 1
    assert np.abs(greeting[:, 1].astype(int)).max() > 3000
    first = next(entry for entry in demonstration.entries if entry.who == LIFTER)
    asked = demonstration.stereo[round((first.at - 0.9) * rate) : round((first.at - 0.3) * rate)]
    assert np.abs(asked[:, 0].astype(int)).max() > 1000
    assert np.abs(asked[:, 1].astype(int)).max() == 0


def test_counts_are_a_second_apart_to_the_sample(demonstration: Performance, rehearsals: rehearsing.Rehearsals) -> None:
    counts = [round(entry.at * rehearsals.rate) for entry in demonstration.entries if entry.who == COUNT]
    steps = np.diff(counts)
    # More time passes between sets, and where the count was halted.
    assert set(steps[steps < rehearsals.rate * 1.5]) == {rehearsals.rate}
    assert np.sum(steps == rehearsals.rate) > 60


def test_nothing_of_the_coach_sounds_after_the_fade(rehearsals: rehearsing.Rehearsals) -> None:
    """A line is cut in mid-word: 20 ms after the next block there is digital silence until the next line."""
    back = next(script for script in SCRIPTS if script.stem == "back_lifted")
    _, played = rehearsals.perform(back, recording=False)
    assert played.stereo is not None
    stopped = next(entry.at for entry in played.entries if entry.who == LIFTER and entry.text == "my back lifted")
    answer = next(entry.at for entry in played.entries if entry.text == "Push up slowly, and brace.")
    clip = engines.voice(pytest.fail).render("Push up slowly, and brace.", Manner.SENTENCE)
    begins = round(answer * rehearsals.rate) - clip.onset
    silent = played.stereo[round((stopped + 0.02 + 0.02) * rehearsals.rate) : begins, 1]
    assert np.abs(silent.astype(int)).max(initial=0) == 0


def test_the_demonstration_is_left_as_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a shorter conversation: `demonstration` performs the real one."""
    monkeypatch.setattr(rehearsing, "DEMO", CONVERSATIONS / "audio" / "stop.yaml")
    out = tmp_path / "out"
    assert cli.main(["demo", "--engine", EMBEDDED, "--out", str(out)]) == 0
    told = capsys.readouterr().out
    assert sorted(path.name for path in out.iterdir()) == ["conversation.wav", "picture.svg", "transcript.txt"]
    for path in out.iterdir():
        assert str(path) in told
        assert path.stat().st_size > 500
