"""`coach rehearse --audio` refuses a room, a sound file or a model that cannot be used, in one line."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from coach import cli
from coach.wiring.recognizers import EMBEDDED
from lab.rigs.command_line import error_line
from lab.rigs.folders import CONVERSATIONS

STOP = CONVERSATIONS / "stop.yaml"


def script(folder: Path, text: str) -> Path:
    path = folder / "talk.yaml"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--snr", "99", "snr 99: give -20 to 60"),
        ("--echo", "nan", "echo nan: give -60 to 20"),
        ("--noise", "brown", "no noise 'brown': give white, pink, babble, music, or a WAV or FLAC file"),
    ],
)
def test_a_room_that_cannot_be_is_one_line(
    option: str, value: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert error_line(capsys, "rehearse", "--audio", "--engine", EMBEDDED, str(STOP), option, value) == f"coach: {told}"


def _wav(path: Path, samples: int, rate: int = 16000, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.zeros(samples * channels, np.int16).tobytes())
    return path


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda path: _wav(path, 8000, channels=2), "has 2 channels: give one"),
        (lambda path: _wav(path, 0), "is empty"),
        (lambda path: _wav(path, 8000, rate=4000), "has 4000 samples a second"),
        (lambda path: path.write_bytes(_wav(path, 8000).read_bytes()[:5000]), "is cut short"),
        (lambda path: path.write_bytes(b"not sound at all, just text that is long enough"), "cannot read"),
    ],
)
def test_a_bad_sound_file_is_one_line_with_the_remedy(
    make: object, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert callable(make)
    make(tmp_path / "said.wav")
    path = script(tmp_path, "story: x\nscript:\n  - {lifter: stop, wav: said.wav, at: 0.5}\n")
    line = error_line(capsys, "rehearse", "--audio", "--engine", EMBEDDED, str(path))
    assert told in line
    assert "\n" not in line


def test_a_model_that_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = error_line(capsys, "rehearse", "--audio", "--model", str(tmp_path), str(STOP))
    assert str(tmp_path) in line
    assert cli.main(["models", "verify", str(tmp_path)]) == 1
