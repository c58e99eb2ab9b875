"""The real Piper through the real pyttsx3: always the same samples, paced by manner, one line for what is broken."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
import pyttsx3

from coach.adapters.synthesis.piper import driver as piper_driver
from coach.adapters.synthesis.piper import voices as piper_voices
from coach.adapters.synthesis.piper.synthesizer import PiperSynthesizer
from coach.adapters.synthesis.piper.voices import BUNDLED, PiperVoice
from coach.audio.loudness import loudness
from coach.audio.onset import audible_onset
from coach.commands import Manner
from coach.ports import Clip, VoiceError

COUNTS = ["lower", "two", "three", "four", "five", "six", "hold", "push", "rep one", "rep seven", "rep ten"]
CUES = ["Breathe in", "Breathe out", "Back flat", "Whole foot", "Brace", "Knees soft"]
LINES = (
    [(text, Manner.COUNT) for text in COUNTS]
    + [(text, Manner.CUE) for text in CUES]
    + [("Stop. Platform up, slowly. Catches in.", Manner.SENTENCE)]
)


def joe() -> PiperVoice:
    (voice,) = [voice for voice in piper_voices.installed(None) if voice.name == BUNDLED]
    return voice


@pytest.fixture(scope="module")
def voice() -> PiperSynthesizer:
    return PiperSynthesizer(joe())


@pytest.fixture(scope="module")
def clips(voice: PiperSynthesizer) -> dict[tuple[str, Manner], Clip]:
    return {line: voice.render(*line) for line in LINES}


def test_a_line_has_always_the_same_samples(voice: PiperSynthesizer, clips: dict[tuple[str, Manner], Clip]) -> None:
    for (text, manner), clip in reversed(clips.items()):
        again = voice.render(text, manner)
        assert np.array_equal(again.pcm, clip.pcm), text
        assert again.onset == clip.onset == audible_onset(clip.pcm, clip.rate)


def test_a_fresh_process_gives_the_same_samples(clips: dict[tuple[str, Manner], Clip]) -> None:
    script = """
import hashlib
from coach.adapters.synthesis.piper.synthesizer import PiperSynthesizer
from coach.commands import Manner
from tests.audio.test_piper import joe
clip = PiperSynthesizer(joe()).render("rep seven", Manner.COUNT)
print(hashlib.sha256(clip.pcm.tobytes()).hexdigest())
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert ran.stderr == ""
    assert ran.stdout.strip() == hashlib.sha256(clips["rep seven", Manner.COUNT].pcm.tobytes()).hexdigest()


def test_a_kept_clip_loads_no_engine(tmp_path: Path) -> None:
    script = """
import sys
from pathlib import Path
from coach.adapters.synthesis.clip_store import clip_folder
from coach.commands import Manner
from coach.wiring import engines
clip = engines.voice(print, "en_US-joe-medium", Path(sys.argv[1])).render("Set one, ten reps.", Manner.SENTENCE)
print(len(clip.pcm), "onnxruntime" in sys.modules, "pyttsx3" in sys.modules)
"""
    cold, warm = (
        subprocess.run(
            [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, timeout=60, check=True
        ).stdout
        for _ in range(2)
    )
    assert cold.endswith(" True True\n")
    assert warm == cold.replace(" True True", " False False")


def test_counts_and_cues_are_over_in_half_a_second(clips: dict[tuple[str, Manner], Clip]) -> None:
    lengths = {text: clip.length.total for (text, manner), clip in clips.items() if manner is not Manner.SENTENCE}
    assert max(lengths.values()) <= 0.505, lengths


def test_all_lines_are_equally_loud_and_cues_two_decibels_softer(clips: dict[tuple[str, Manner], Clip]) -> None:
    for (text, manner), clip in clips.items():
        assert loudness(clip.pcm, clip.rate) == pytest.approx(-22 if manner is Manner.CUE else -20, abs=0.3), text
        assert np.abs(clip.pcm.astype(int)).max() < 0.9 * 32768, text


def test_rendering_prints_nothing(voice: PiperSynthesizer, capfd: pytest.CaptureFixture[str]) -> None:
    voice.render("two", Manner.COUNT)
    assert capfd.readouterr() == ("", "")


class TestDriver:
    """The driver as any user of pyttsx3 gets it."""

    def test_it_writes_a_wav_file(self, tmp_path: Path) -> None:
        piper_driver.register()
        engine = pyttsx3.init("piper")
        engine.setProperty("voice", str(joe().model))
        messages: list[str] = []
        tokens = [
            engine.connect(topic, lambda name, topic=topic, **_: messages.append(f"{topic} {name}"))
            for topic in ("started-utterance", "finished-utterance", "error")
        ]
        engine.save_to_file("Ready.", str(tmp_path / "slow.wav"), "first")
        engine.setProperty("rate", 300)
        engine.save_to_file("Ready.", str(tmp_path / "fast.wav"), "second")
        engine.say("Ready.", "third")
        engine.runAndWait()
        for token in tokens:
            engine.disconnect(token)
        assert messages == [
            "started-utterance first",
            "finished-utterance first",
            "started-utterance second",
            "finished-utterance second",
            "error third",
        ]
        lengths = []
        for name in ("slow", "fast"):
            with wave.open(str(tmp_path / f"{name}.wav")) as file:
                assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (22050, 2, 1)
                lengths.append(file.getnframes())
        assert lengths[0] > 1.3 * lengths[1]
        with pytest.raises(KeyError):
            engine.getProperty("colour")


class TestDamaged:
    @pytest.fixture
    def copy(self, tmp_path: Path) -> PiperVoice:
        folder = piper_voices.folder_of("en_US-copy-medium", tmp_path)
        folder.mkdir()
        shutil.copy(joe().model, folder / "en_US-copy-medium.onnx")
        shutil.copy(joe().settings, folder / "en_US-copy-medium.onnx.json")
        return PiperVoice("en_US-copy-medium", folder / "en_US-copy-medium.onnx")

    def test_what_can_be_seen_is_one_line(self, copy: PiperVoice) -> None:
        assert piper_voices.finding(copy) is None
        copy.settings.write_text("{}")
        with pytest.raises(
            VoiceError, match=r"^the voice en_US-copy-medium is damaged \(.* is not a voice's settings\)"
        ):
            PiperSynthesizer(copy)
        copy.settings.unlink()
        with pytest.raises(VoiceError, match=r"onnx.json is missing\): fetch it again: coach voices fetch en_US-copy"):
            PiperSynthesizer(copy)
        copy.model.write_bytes(b"cut")
        copy.settings.write_bytes(joe().settings.read_bytes())
        with pytest.raises(VoiceError, match=r"\(en_US-copy-medium.onnx has 3 bytes\)"):
            PiperSynthesizer(copy)

    def test_what_cannot_be_seen_is_one_line_when_it_is_to_speak(self, copy: PiperVoice) -> None:
        with copy.model.open("r+b") as file:
            file.write(bytes(1000))
        with pytest.raises(VoiceError, match=r"^Piper cannot speak as .*; fetch it again") as error:
            PiperSynthesizer(copy).render("Ready.", Manner.SENTENCE)
        assert "\n" not in str(error.value)
