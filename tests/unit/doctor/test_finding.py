"""What `coach doctor` makes of sound, disk and clock."""

from __future__ import annotations

import json
import os
import shutil
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from coach import cli
from coach.audio.heard_back import heard_back
from coach.audio.microphone_level import MicrophoneLevel
from coach.doctor import CHECKS, machine
from coach.doctor.examination import Examination
from coach.doctor.finding import Status
from coach.ports import Pcm
from coach.settings import Settings

RATE = 16000


def noise(seconds: float, decibels: float, seed: int = 1) -> Pcm:
    level = 32768 * 10 ** (decibels / 20)
    wave = np.random.default_rng(seed).normal(0, level, round(seconds * RATE))
    return np.clip(np.rint(wave), -32768, 32767).astype(np.int16)


def hum(hertz: float, decibels: float) -> Pcm:
    wave = np.sin(np.arange(2 * RATE) * 2 * np.pi * hertz / RATE) * 32768 * 10 ** ((decibels + 3) / 20)
    return np.rint(wave).astype(np.int16)


@pytest.mark.parametrize(
    ("pcm", "told"),
    [
        (noise(2, -60), []),
        (noise(2, -90), ["the microphone is very soft (-90"]),
        (noise(2, -25), ["the microphone's noise is loud (-25 dBFS): turn"]),
        (noise(2, -3), ["the microphone clips", "the microphone's noise is loud"]),
        (noise(2, -60) + hum(50, -45), ["the microphone hums at 50 Hz"]),
        (noise(2, -60) + hum(180, -45), ["the microphone hums at 60 Hz"]),
        (noise(2, -50) + hum(50, -65), []),
        (np.zeros(2 * RATE, np.int16), []),
    ],
)
def test_what_a_quiet_moment_tells_of_a_microphone(pcm: Pcm, told: list[str]) -> None:
    advice = MicrophoneLevel.of(pcm, RATE).advice()
    assert len(advice) == len(told), advice
    assert all(one.startswith(begin) for one, begin in zip(advice, told, strict=True)), advice


def test_the_noise_is_that_of_the_pauses() -> None:
    talk = noise(2, -60)
    talk[: RATE // 2] += noise(0.5, -20, seed=2)
    level = MicrophoneLevel.of(talk, RATE)
    assert level.noise_dbfs == pytest.approx(-60, abs=2)
    assert level.peak_dbfs > -12


@pytest.mark.parametrize("echo", [-10.0, -30.0, -45.0])
def test_a_word_is_found_where_it_came_back_and_how_loud(echo: float) -> None:
    word = noise(0.4, -20, seed=7)
    heard = noise(3, -50, seed=8)
    heard[12345 : 12345 + len(word)] += np.rint(word * 10 ** ((echo + 20) / 20)).astype(np.int16)
    back = heard_back(heard, word, RATE)
    assert back is not None
    assert back.first == 12345
    assert back.dbfs == pytest.approx(echo, abs=1)


def test_a_word_that_did_not_come_back_is_not_found() -> None:
    word = noise(0.4, -20, seed=7)
    assert all(heard_back(noise(3, -50, seed=seed), word, RATE) is None for seed in range(20, 40))
    assert heard_back(np.zeros(3 * RATE, np.int16), word, RATE) is None


@pytest.mark.parametrize(("free_mb", "status"), [(20, Status.FIX), (200, Status.HINT), (20_000, Status.OK)])
def test_a_disk_that_is_full_is_told(monkeypatch: pytest.MonkeyPatch, free_mb: float, status: Status) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free_mb * 1e6))
    [found] = machine.disk(Examination(Settings()))
    assert found.status is status


def test_a_clock_that_starts_in_the_past_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 0.0)
    [found] = machine.clock(Examination(Settings()))
    assert found.status is Status.FIX
    assert "the day on which the coach was installed" in found.text


def test_faults_of_the_settings_are_lines_and_all_else_is_examined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "settings.toml").write_text("[page]\nonn = true\nport = 99999\n")
    monkeypatch.setattr("coach.doctor.CHECKS", tuple(one for one in CHECKS if one.name in ("settings", "disk")))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert cli.main(["doctor", "--json", "--settings", str(tmp_path / "settings.toml")]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["coaches"] is False
    assert [(one["part"], one["status"]) for one in told["found"][:2]] == [("settings", "fix")] * 2
    assert [one["part"] for one in told["found"][2:]] == ["disk"]
    assert os.fspath(tmp_path) in told["found"][0]["told"]
