"""Vosk with its judge: the real engine, with a model that takes any sound for "stop", and the real Moonshine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from coach.adapters.recognition.moonshine.judge import Judge
from coach.adapters.recognition.vosk.recognizer import VoskRecognizer
from coach.adapters.recognition.vosk.tuning import tuned_copy
from coach.ports import Hypothesis, Pcm
from coach.settings import Hearing
from coach.wiring import engines, models, recognizers
from lab.rigs.speech import SPEAKERS, clip, finals, hear, model, talk, vocabulary
from lab.rigs.tone import RATE, ToneLanguage, write_model

pytestmark = pytest.mark.audio

ENGLISH = ("morning", "mother", "winter", "yellow", "seventeen")
"""The recogniser takes a model that knows these words for an English one."""
URGENT = ("stop", "it hurts")
COMMANDS = ("start set", "my back lifted", "continue", "skip rest", "it hurts")
TALK = ("did you see the game last night", "could you pass me that towel", "i should call my brother tomorrow")
LIVE = vocabulary(["stop", *COMMANDS])


def says(speaker: str, *texts: str, gap: float = 1.2) -> Pcm:
    return talk([(text, clip(speaker, text)) for text in texts], gap=gap)[0]


def humming(*words: str) -> ToneLanguage:
    """A language whose words all sound the same."""
    return ToneLanguage(words, dict.fromkeys(words, (0,) * 4), ())


def partials(hypotheses: Sequence[Hypothesis]) -> list[str]:
    return [one.text for one in hypotheses if not one.final]


@pytest.fixture(scope="session")
def hard_of_hearing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model that hears "stop" in any speech, about once in each quarter of a second."""
    folder = tmp_path_factory.mktemp("models") / "vosk-model-small-en-loud"
    return write_model(folder, humming("stop", *ENGLISH), any_sound=True)


@pytest.fixture(scope="session")
def tuned(hard_of_hearing: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tuned_copy(hard_of_hearing, tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def made(tuned: Path) -> Iterator[VoskRecognizer]:
    hears = VoskRecognizer(tuned, urgent=URGENT, judge=lambda: Judge(model(), URGENT))
    yield hears
    hears.close()


@pytest.fixture
def judged(made: VoskRecognizer) -> VoskRecognizer:
    made.reset()
    made.listen_for(LIVE)
    return made


class TestVoices:
    @pytest.mark.parametrize("speaker", SPEAKERS)
    def test_what_both_hear_is_told_while_it_is_said(self, judged: VoskRecognizer, speaker: str) -> None:
        sound, (said,) = talk([("stop", clip(speaker, "stop"))], gap=1.5)
        partial, final = hear(judged, sound)
        assert [(one.text, one.final) for one in (partial, final)] == [("stop", False), ("stop", True)]
        assert partial.utterance == final.utterance == 1
        assert 0.5 <= partial.confidence < 1.0
        # The charter requires silence within 400 ms of the word's end, and 20 ms of them are the fade.
        assert partial.at <= said.ended + 0.38
        assert final.began == pytest.approx(said.began, abs=0.2)

    @pytest.mark.parametrize("speaker", SPEAKERS[:2])
    def test_what_vosk_mistook_is_corrected(self, judged: VoskRecognizer, speaker: str) -> None:
        heard = hear(judged, says(speaker, *COMMANDS))
        assert finals(heard) == list(COMMANDS)
        assert partials(heard) == []
        assert [one.utterance for one in heard] == list(range(1, len(COMMANDS) + 1))

    @pytest.mark.parametrize("speaker", SPEAKERS[:2])
    def test_talk_is_refused_and_the_nearest_phrase_named(self, judged: VoskRecognizer, speaker: str) -> None:
        heard = hear(judged, says(speaker, *TALK))
        assert partials(heard) == []
        assert set(finals(heard)) == {""}
        assert all(one.nearest in LIVE.phrases and one.reason and one.confidence < 0.5 for one in heard)


class TestTheLaws:
    def test_what_vosk_takes_for_talk_is_decided(self, tmp_path: Path) -> None:
        """This model hears "the", one of the common words of talk, in any speech."""
        talkative = write_model(tmp_path / "model", humming("the", *ENGLISH), any_sound=True)
        alone = VoskRecognizer(talkative, urgent=URGENT)
        judged = VoskRecognizer(talkative, urgent=URGENT, judge=lambda: Judge(model(), URGENT))
        for hears, expected in ((alone, [""] * 3), (judged, ["skip rest", "it hurts", ""])):
            hears.listen_for(LIVE)
            assert finals(hear(hears, says("slt", "skip rest", "it hurts", TALK[0], gap=1.5))) == expected
            hears.close()

    def test_new_phrases_decide_the_utterance_under_way(self, judged: VoskRecognizer) -> None:
        sound, (said,) = talk([("skip rest", clip("slt", "skip rest"))], gap=1.5)
        middle = round((said.began + said.ended) / 2 * RATE)
        judged.listen_for(vocabulary(["stop", "continue"]))
        heard = hear(judged, sound[:middle])
        judged.listen_for(LIVE)
        assert finals([*heard, *hear(judged, sound[middle:])]) == ["skip rest"]

    def test_what_was_told_is_closed_under_its_number(self, judged: VoskRecognizer) -> None:
        """The phrases change between the word and its final."""
        sound, (said,) = talk([("stop", clip("rms", "stop"))], gap=1.5)
        told = round((said.ended + 0.2) * RATE)
        heard = hear(judged, sound[:told])
        judged.listen_for(vocabulary(["stop", "continue", "yes"]))
        heard += hear(judged, sound[told:])
        assert [(one.text, one.utterance) for one in heard] == [("stop", 1)] * len(heard)
        assert [one.final for one in heard[-1:]] == [True]

    def test_blocks_of_any_length_give_the_same(self, judged: VoskRecognizer) -> None:
        sound = says("slt", "stop", "start set", TALK[0])
        first = hear(judged, sound)
        for block in (333, 8001):
            judged.reset()
            assert hear(judged, sound, block) == first

    def test_silence_and_a_loud_noise_are_no_phrase(self, judged: VoskRecognizer) -> None:
        assert hear(judged, np.zeros(5 * RATE, np.int16)) == []
        noise = np.random.default_rng(3).normal(0, 2000, RATE).astype(np.int16)
        heard = hear(judged, np.concatenate([noise, np.zeros(2 * RATE, np.int16)]))
        assert [(one.text, one.final) for one in heard] == [("", True)]


class TestWhoIsJudged:
    def test_an_english_model_is_and_every_word_is_known_then(
        self, hard_of_hearing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        assert self._heard(hard_of_hearing, pytest.fail) == ((), ["start set"])

    def test_a_model_of_another_language_is_not(self, tmp_path: Path) -> None:
        whistled = write_model(tmp_path / "vosk-model-small-en-tone", humming("stop"), any_sound=True)
        hears = VoskRecognizer(whistled, judge=lambda: pytest.fail("asked for a judge of English"))
        hears.listen_for(LIVE)
        assert set(" ".join(finals(hear(hears, says("slt", "start set")))).split()) == {"stop"}

    def test_without_moonshines_model_vosk_hears_alone(
        self, hard_of_hearing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self._fresh(tmp_path, monkeypatch)
        unknown, heard = self._heard(hard_of_hearing, pytest.fail)
        assert "start" in unknown
        assert set(" ".join(heard).split()) == {"stop"}

    def test_a_damaged_one_is_warned_of_and_vosk_hears_alone(
        self, hard_of_hearing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = model()
        damaged = shutil.copytree(whole, self._fresh(tmp_path, monkeypatch) / whole.name)
        (damaged / "tokenizer.bin").write_bytes(b"")
        warnings: list[str] = []
        unknown, _ = self._heard(hard_of_hearing, warnings.append)
        assert "start" in unknown
        (told,) = warnings
        assert told.startswith(f"no usable Moonshine model in {str(damaged)!r}: tokenizer.bin: 0 bytes")
        assert told.endswith("run: coach models fetch; until then nothing judges what vosk hears")

    def test_damage_that_only_the_engine_sees_does_not_take_the_coach_down(
        self, hard_of_hearing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        whole = model()
        damaged = shutil.copytree(whole, self._fresh(tmp_path, monkeypatch) / whole.name)
        encoder = damaged / "encoder_model.ort"
        encoder.write_bytes(encoder.read_bytes()[:16] + bytes(encoder.stat().st_size - 16))
        unknown, _ = self._heard(hard_of_hearing, pytest.fail)
        assert "start" in unknown
        assert "nothing judges what vosk hears" in caplog.text

    def test_the_doctor_says_that_vosk_is_judged(self, hard_of_hearing: Path, tmp_path: Path) -> None:
        environ = os.environ | {"VOSK_MODEL_PATH": str(hard_of_hearing), "XDG_CACHE_HOME": str(tmp_path)}
        told = subprocess.run(
            [sys.executable, "-m", "coach", "doctor"], capture_output=True, text=True, env=environ, check=False
        )
        assert f"ok   vosk hears with {hard_of_hearing}; its files are whole" in told.stdout
        judge = f"what vosk hears is decided again by moonshine with {model()}; its files are whole"
        assert f"ok   {judge}" in told.stdout
        assert "ok   vosk hears in a process of its own" in told.stdout

    @staticmethod
    def _fresh(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """The models' folder of a machine on which nothing was fetched."""
        for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
            monkeypatch.setenv(name, str(folder))
        monkeypatch.setattr(models, "PROJECT", folder)
        return folder / "voice_models"

    @staticmethod
    def _heard(vosk: Path, warn: recognizers.Warn) -> tuple[tuple[str, ...], list[str]]:
        """The words that the coach's own recogniser does not know, and what it hears in "start set"."""
        pack, grammar, _ = engines.exercise()
        hears = engines.recognizer(Hearing("vosk", vosk), pack, grammar, warn)
        hears.listen_for(LIVE)
        unknown, heard = hears.unknown_words(LIVE), finals(hear(hears, says("slt", "start set")))
        hears.close()
        return unknown, heard
