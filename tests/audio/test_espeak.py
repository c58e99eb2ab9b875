"""The real engine: every render is whole, has its manner's pace, and prints nothing."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import soxr

from coach.adapters.recognition.moonshine.recognizer import MoonshineRecognizer
from coach.adapters.synthesis.espeak import VOICE, EspeakSynthesizer
from coach.audio.loudness import loudness
from coach.audio.onset import audible_onset
from coach.commands import Manner
from coach.ports import Clip, Pcm, Recognizer, VoiceError
from lab.rigs.speech import model, vocabulary

BEATS = ["lower", "two", "three", "four", "five", "six", "hold", "push"]
NUMBERS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
REPS = [f"rep {number}" for number in NUMBERS]
CUES = ["breathe in", "breathe out", "back flat", "whole foot", "brace", "hips down", "knees soft", "last one"]
SENTENCES = [
    "Hips and lower back flat on the pad.",
    "If your back lifts, your spine takes the load.",
    "Stop. Platform up, slowly. Catches in.",
]
LINES = (
    [(text, Manner.COUNT) for text in BEATS + REPS]
    + [(text, Manner.CUE) for text in CUES]
    + [(text, Manner.SENTENCE) for text in SENTENCES]
)


@pytest.fixture(scope="module")
def voice() -> EspeakSynthesizer:
    return EspeakSynthesizer()


@pytest.fixture(scope="module")
def clips(voice: EspeakSynthesizer) -> dict[tuple[str, Manner], Clip]:
    return {line: voice.render(*line) for line in LINES}


def python(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a fresh process: espeak starts once in each process."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", script, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_fifty_renders_are_whole_and_alike(voice: EspeakSynthesizer) -> None:
    """Manners change from one render to the next: nothing of the render before may remain."""
    rounds = [[voice.render(text, manner) for text, manner in LINES[::3]] for _ in range(5)]
    assert sum(map(len, rounds)) >= 50
    for again in zip(*rounds, strict=True):
        lengths = [len(clip.pcm) for clip in again]
        onsets = [clip.onset for clip in again]
        assert min(lengths) > 0.15 * voice.rate
        # espeak's pitch flutter runs on from line to line: it changes the length by 16 ms, the onset by 5 ms at most.
        assert max(lengths) - min(lengths) <= 0.03 * voice.rate
        assert max(onsets) - min(onsets) <= 0.01 * voice.rate


def test_each_manner_has_its_pace(voice: EspeakSynthesizer) -> None:
    """The pace of all words together: one word varies by some hundredths of a second from render to render."""
    words = ("two", "push", "hold", "lower", "brace")
    sentence, cue, count = (
        sum(len(voice.render(word, manner).pcm) for word in words)
        for manner in (Manner.SENTENCE, Manner.CUE, Manner.COUNT)
    )
    assert sentence > 1.1 * count
    assert count > 1.1 * cue


def test_counts_and_cues_are_over_in_half_a_second(clips: dict[tuple[str, Manner], Clip]) -> None:
    long = {
        text: round(clip.length.total, 2)
        for (text, manner), clip in clips.items()
        if manner is not Manner.SENTENCE and clip.length.total > 0.505
    }
    assert set(long) <= {"rep twelve"}
    assert all(seconds < 0.56 for seconds in long.values())


def test_lines_are_equally_loud_and_cues_two_decibels_softer(clips: dict[tuple[str, Manner], Clip]) -> None:
    for (text, manner), clip in clips.items():
        target = -22 if manner is Manner.CUE else -20
        assert loudness(clip.pcm, clip.rate) == pytest.approx(target, abs=0.2), text


def test_no_clip_clips_or_clicks(clips: dict[tuple[str, Manner], Clip]) -> None:
    for (text, _), clip in clips.items():
        assert np.abs(clip.pcm.astype(int)).max() < 0.9 * 32768, text
        assert np.abs(clip.pcm[[0, -1]]).max() < 10, text


def test_the_onset_of_a_count_lies_in_its_first_syllable(clips: dict[tuple[str, Manner], Clip]) -> None:
    onset = {text: clip.length.onset for (text, manner), clip in clips.items() if manner is Manner.COUNT}
    assert all(0.01 < seconds < 0.11 for seconds in onset.values()), onset
    # The longer the consonants, the later the vowel.
    assert onset["push"] < onset["two"] < onset["four"]
    assert onset["rep two"] < onset["lower"] < onset["three"]
    for clip in clips.values():
        assert clip.onset == audible_onset(clip.pcm, clip.rate)


def test_a_recogniser_understands_the_counts_and_cues(clips: dict[tuple[str, Manner], Clip]) -> None:
    """Which count or cue was said is recognised; whether it sounds like speech is not tested: the coach need not sound
    like a person.
    """
    spoken = {line: clip for line, clip in clips.items() if line[1] is not Manner.SENTENCE}
    hears = MoonshineRecognizer(model())
    hears.listen_for(vocabulary(text for text, _ in spoken))
    wrong = {text: heard for (text, _), clip in spoken.items() if (heard := _heard(hears, clip)) != text}
    assert len(wrong) <= 0.18 * len(spoken), wrong


def _heard(hears: Recognizer, clip: Clip) -> str:
    """What the recogniser hears in a quiet room: 20 dB above its noise."""
    speech = np.concatenate([np.zeros(clip.rate // 2), clip.pcm / 32768, np.zeros(clip.rate)])
    noise = np.random.default_rng(1).standard_normal(len(speech)) * np.std(clip.pcm / 32768) / 10
    pcm: Pcm = np.rint(soxr.resample(speech + noise, clip.rate, hears.rate) * 20000).astype(np.int16)
    hears.reset()
    finals = [hypothesis for hypothesis in hears.hear(pcm) if hypothesis.final]
    return " ".join(final.text or final.nearest for final in finals)


def test_rendering_prints_nothing(voice: EspeakSynthesizer, capfd: pytest.CaptureFixture[str]) -> None:
    voice.render("two", Manner.COUNT)
    assert capfd.readouterr() == ("", "")


def test_two_threads_may_ask_at_once(voice: EspeakSynthesizer) -> None:
    lengths: dict[Manner, set[int]] = {Manner.SENTENCE: set(), Manner.CUE: set()}

    def speak(manner: Manner) -> None:
        for _ in range(10):
            lengths[manner].add(len(voice.render("breathe in", manner).pcm))

    threads = [threading.Thread(target=speak, args=(manner,)) for manner in lengths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for seen in lengths.values():
        assert max(seen) - min(seen) <= 0.005 * voice.rate
    assert min(lengths[Manner.SENTENCE]) > max(lengths[Manner.CUE])


def test_fresh_processes_render_the_same_samples() -> None:
    script = """
import hashlib
from coach.adapters.synthesis.espeak import EspeakSynthesizer
from coach.commands import Manner
voice = EspeakSynthesizer()
for manner in Manner:
    clip = voice.render("rep seven", manner)
    print(hashlib.sha256(clip.pcm.tobytes()).hexdigest(), clip.onset)
"""
    one, other = python(script), python(script)
    assert one.returncode == 0, one.stderr
    assert (one.stdout, one.stderr) == (other.stdout, "")


def test_the_engine_starts_with_the_first_line_that_is_not_in_the_store(tmp_path: Path) -> None:
    script = """
import sys
from pathlib import Path
from coach.adapters.synthesis.clip_store import ClipStore
from coach.adapters.synthesis.espeak import EspeakSynthesizer
from coach.commands import Manner
store = ClipStore(EspeakSynthesizer(), Path(sys.argv[1]))
assert "pyttsx3" not in sys.modules
print(store.render("push", Manner.COUNT).length, "pyttsx3" in sys.modules)
"""
    cold, warm = python(script, str(tmp_path)), python(script, str(tmp_path))
    assert cold.stdout.endswith(" True\n"), cold.stderr
    assert warm.stdout == cold.stdout.replace(" True", " False")


HIDE_SYSTEM_LIBRARY = """
import ctypes, sys
from coach.adapters.synthesis.espeak import EspeakSynthesizer
from coach.commands import Manner
from coach.ports import VoiceError
load = ctypes.cdll.LoadLibrary
def hidden(name):
    if "espeak" in name:
        raise OSError(name)
    return load(name)
ctypes.cdll.LoadLibrary = hidden
"""
RENDER = """
try:
    EspeakSynthesizer().render("two", Manner.COUNT)
except VoiceError as fault:
    print(fault)
    assert ctypes.cdll.LoadLibrary is hidden
"""


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param('sys.modules["espeakng_loader"] = None', id="no wheel"),
        pytest.param(
            'import espeakng_loader\nespeakng_loader.get_library_path = lambda: "/no/libespeak-ng.so"',
            id="wheel for another machine",
        ),
        pytest.param('import espeakng_loader\nespeakng_loader.get_data_path = lambda: "/no/data"', id="no data"),
    ],
)
def test_a_missing_library_is_one_line_with_its_remedy(fault: str) -> None:
    ran = python(HIDE_SYSTEM_LIBRARY + fault + RENDER)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("no usable espeak-ng (")
    assert ran.stdout.count("\n") == 1
    assert "pip install espeakng-loader" in ran.stdout


def test_an_unknown_voice_is_named() -> None:
    with pytest.raises(VoiceError, match="'gmw/nobody'"):
        EspeakSynthesizer("gmw/nobody").render("two", Manner.COUNT)
    assert EspeakSynthesizer(VOICE).render("two", Manner.COUNT).onset > 0


@pytest.mark.parametrize("text", ["", " ", "...", "\u2014"])
def test_nothing_to_say_is_a_value_error_not_a_voice_error(voice: EspeakSynthesizer, text: str) -> None:
    with pytest.raises(ValueError, match="nothing to say"):
        voice.render(text, Manner.SENTENCE)
