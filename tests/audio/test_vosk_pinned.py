"""The behaviour of the real Vosk that the coach relies on: the same with the tone model and with a real one, and odd
cases.

A real English model takes part when `VOSK_MODEL_PATH` names one; its lifter is a clip of the rehearsals' voices.
"""

from __future__ import annotations

import locale
import multiprocessing
import os
import re
import shutil
import subprocess
import sys
import wave
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from coach.adapters.files.sound import read_speech
from coach.adapters.recognition.vosk.model_files import find
from coach.adapters.recognition.vosk.recognizer import VoskRecognizer
from coach.adapters.recognition.vosk.tuning import tuned_copy
from coach.audio.resampling import Resampler
from coach.ports import Automaton, HearingError, Hypothesis, Pcm, Recognizer, Vocabulary
from coach.settings import Hearing
from coach.wiring import engines, rehearsing
from lab.rigs.folders import CHECKOUT
from lab.rigs.needs import skip_or_fail
from lab.rigs.tone import RATE, ToneLanguage, whistle, write_model
from lab.rigs.tone.model import frequencies

pytestmark = pytest.mark.audio

PACK, GRAMMAR, _ = engines.exercise()
EVERYTHING = GRAMMAR.vocabulary(GRAMMAR.intents)
WORDS = sorted({word for phrase in EVERYTHING.phrases for word in phrase.split()})
LANGUAGE = ToneLanguage.of([*WORDS, "the", "night"])
"""The language includes two words that no command has. As foreign words, one of them could by chance be nearest to the
melody of a safety word."""
URGENT = ("stop",)
COMMANDS = ("stop", "start set", "my back lifted", "continue", "how many left")
OTHER_TALK = ("did you see the game last night", "could you pass me that towel", "are you using this machine")
"""Texts of clips that exist. None of them is a command, but some of their words are in commands."""


def vocabulary(*phrases: str) -> Vocabulary:
    """A vocabulary with phrases only: Vosk does not read the automaton."""
    return Vocabulary(phrases, Automaton(0, 1, ()))


def silence(seconds: float) -> Pcm:
    return np.zeros(round(seconds * RATE), np.int16)


def spoken(text: str) -> Pcm:
    """A voice's clip without its 50 ms of silence at both ends."""
    clip = read_speech(rehearsing.VOICES / f"slt-{rehearsing.slug(text)}.flac", RATE)
    return clip[RATE // 20 : -RATE // 20]


@dataclass(frozen=True, slots=True)
class Lifter:
    """A model, and a lifter who speaks its language."""

    model: Path
    """Folder of the tuned copy."""
    word: Callable[[str], Pcm]
    """The sound of a word, without silence around it."""
    tolerance: float
    """Seconds by which a final's `began` may be wrong."""

    def recognizer(self, *phrases: str) -> VoskRecognizer:
        hears = VoskRecognizer(self.model, urgent=URGENT)
        hears.listen_for(vocabulary(*phrases) if phrases else EVERYTHING)
        return hears

    def says(self, *texts: str, before: float = 0.5, pause: float = 1.5) -> Pcm:
        """The texts one after the other, with a pause after each."""
        return np.concatenate(
            [silence(before), *(part for text in texts for part in (self.word(text), silence(pause)))]
        )


def hear(recognizer: Recognizer, sound: Pcm, block: int = 320) -> list[Hypothesis]:
    blocks = (sound[start : start + block] for start in range(0, len(sound), block))
    return [hypothesis for pcm in blocks for hypothesis in recognizer.hear(pcm)]


def finals(hypotheses: Sequence[Hypothesis]) -> list[str]:
    return [hypothesis.text for hypothesis in hypotheses if hypothesis.final]


def understood(hypotheses: Sequence[Hypothesis]) -> list[str]:
    """The texts that are commands."""
    return [one.text for one in hypotheses if GRAMMAR.understand(one.text, GRAMMAR.intents) is not None]


@pytest.fixture(scope="session")
def tone_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("models") / "vosk-model-small-en-tone", LANGUAGE)


@pytest.fixture(scope="session")
def tone(tone_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Lifter:
    return Lifter(tuned_copy(tone_model, tmp_path_factory.mktemp("cache")), partial(whistle, language=LANGUAGE), 0.04)


@pytest.fixture(scope="session", params=["tone", "real"])
def lifter(request: pytest.FixtureRequest, tone: Lifter, tmp_path_factory: pytest.TempPathFactory) -> Lifter:
    if request.param == "tone":
        return tone
    named = os.environ.get("VOSK_MODEL_PATH")
    if not named:
        pytest.skip("no real English model: fetch one and name it in VOSK_MODEL_PATH (README.md)")
    model = find(None, {"VOSK_MODEL_PATH": named, "HOME": str(tmp_path_factory.mktemp("home"))}, None)
    if model is None:
        pytest.fail(f"VOSK_MODEL_PATH names no English model: {named!r}")
    return Lifter(tuned_copy(model, tmp_path_factory.mktemp("cache")), spoken, 0.15)


class TestEveryModel:
    """Tests that do not depend on what a word sounds like."""

    @pytest.mark.parametrize("phrase", COMMANDS)
    def test_a_command_is_heard_among_all_of_them(self, lifter: Lifter, phrase: str) -> None:
        heard = hear(lifter.recognizer(), lifter.says(phrase))
        assert finals(heard) == [phrase]
        assert heard[-1].began == pytest.approx(0.5, abs=lifter.tolerance)
        assert {one.utterance for one in heard} == {1}

    def test_its_partial_comes_before_its_final(self, lifter: Lifter) -> None:
        heard = hear(lifter.recognizer(), lifter.says("stop"))
        partial_stop = next(one for one in heard if one.text == "stop")
        ends = 0.5 + len(lifter.word("stop")) / RATE
        assert not partial_stop.final
        # The charter requires silence within 400 ms of the word's end, and 20 ms of them are the fade.
        assert partial_stop.at <= ends + 0.38
        assert partial_stop.at < heard[-1].at <= ends + 1.0

    @pytest.mark.parametrize("text", OTHER_TALK)
    def test_a_phrase_outside_the_grammar_is_nothing(self, lifter: Lifter, text: str) -> None:
        """Live words in the text may be heard, because Vosk decodes pairs of words; they make no command."""
        heard = hear(lifter.recognizer(), lifter.says(text))
        assert finals(heard)
        assert understood(heard) == []

    def test_two_utterances_without_a_pause_are_both_heard(self, lifter: Lifter) -> None:
        sound = np.concatenate([lifter.says("start set", pause=0.0), lifter.says("stop", before=0.0)])
        heard = hear(lifter.recognizer(), sound)
        assert " ".join(finals(heard)) == "start set stop"
        ends = (len(sound) - len(silence(1.5))) / RATE
        assert any(one.text.endswith("stop") and not one.final and one.at <= ends + 0.38 for one in heard)

    def test_silence_is_nothing(self, lifter: Lifter) -> None:
        assert hear(lifter.recognizer(), silence(12.0)) == []

    def test_new_phrases_decide_the_utterance_under_way(self, lifter: Lifter) -> None:
        sound = lifter.says("my back lifted")
        middle = round(0.5 * RATE) + len(lifter.word("my back lifted")) // 2
        hears = lifter.recognizer("stop", "continue")
        heard = hear(hears, sound[:middle])
        hears.listen_for(vocabulary("stop", "my back lifted"))
        heard += hear(hears, sound[middle:])
        assert finals(heard) == ["my back lifted"]
        assert heard[-1].began == pytest.approx(0.5, abs=lifter.tolerance)

    def test_blocks_of_any_length_give_the_same(self, lifter: Lifter) -> None:
        sound = lifter.says("start set", "stop", pause=1.0)
        first = hear(lifter.recognizer(), sound)
        assert finals(first) == ["start set", "stop"]
        # One sample, and three sizes that do not divide into steps.
        assert all(hear(lifter.recognizer(), sound, block) == first for block in (1, 333, 512, 8001))
        ragged = np.random.default_rng(5).integers(0, 900, 200)
        hears = lifter.recognizer()
        parts = np.split(sound, np.cumsum(ragged)[np.cumsum(ragged) < len(sound)])
        assert [one for part in parts for one in hears.hear(part)] == first
        every_other = np.repeat(sound, 2)[::2]
        assert not every_other.flags.c_contiguous
        assert hear(lifter.recognizer(), every_other) == first

    def test_threads_of_their_own_do_not_disturb_each_other(self, lifter: Lifter) -> None:
        """Four recognisers on one folder, each changing its phrases while the others hear."""

        def session(number: int) -> list[Hypothesis]:
            hears = lifter.recognizer("stop", "continue")
            heard = []
            for turn in range(3):
                phrase = COMMANDS[(number + turn) % len(COMMANDS)]
                hears.listen_for(vocabulary("stop", phrase))
                heard += hear(hears, lifter.says(phrase, pause=1.0))
            hears.close()
            return heard

        alone = [session(number) for number in range(4)]
        assert [len(finals(heard)) for heard in alone] == [3] * 4
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(session, range(4))) == alone


class TestTheStart:
    def test_words_the_model_lacks_are_named(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Phrases without these words are heard."""
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        lacking = ToneLanguage.of([word for word in WORDS if word not in ("dizzy", "hamstrings")])
        model = write_model(tmp_path / "vosk-model-small-en-tone", lacking)
        warnings: list[str] = []
        hears = engines.recognizer(Hearing("vosk", model), PACK, GRAMMAR, pytest.fail)
        engines.warn_of_unknown_words(hears, EVERYTHING, warnings.append)
        assert hears.name == "vosk"
        (told,) = warnings
        assert told.endswith(": dizzy, hamstrings")
        hears.listen_for(EVERYTHING)
        sound = [whistle(text, lacking, before=0.5, after=1.0) for text in ("i feel dizzy", "it hurts")]
        # What it makes of the unknown word depends on which other word sounds nearest.
        assert "it hurts" in understood(hear(hears, np.concatenate(sound)))

    @pytest.mark.parametrize(
        ("name", "cut"),
        [
            *product(
                [
                    *("am/final.mdl", "conf/model.conf", "conf/fbank.conf"),
                    *("graph/HCLr.fst", "graph/Gr.fst", "graph/words.txt"),
                ],
                [False, True],
            ),
            # This file is empty in every model.
            ("graph/disambig_tid.int", False),
        ],
    )
    def test_every_file_in_turn_is_told_and_survived(
        self, tone_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, cut: bool
    ) -> None:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
        broken = shutil.copytree(tone_model, tmp_path / "broken")
        whole = (broken / name).read_bytes()
        (broken / name).unlink()
        hearing = Hearing("vosk", broken)
        if cut:
            # Cut in mid-line: a word list that is cut at the end of a line is only noticed by the words it lacks.
            (broken / name).write_bytes(whole[: len(whole) // 2].rstrip(b"\n"))
        with pytest.raises(HearingError, match=r"coach models fetch vosk$") as error:
            engines.recognizer(hearing, PACK, GRAMMAR, pytest.fail)
        assert str(broken) in str(error.value)
        assert "\n" not in str(error.value)

    def test_without_the_phones_places_words_are_heard_all_the_same(self, tone_model: Path, tmp_path: Path) -> None:
        model = shutil.copytree(tone_model, tmp_path / "model")
        (model / "graph/phones/word_boundary.int").unlink()
        hears = VoskRecognizer(model)
        hears.listen_for(EVERYTHING)
        assert finals(hear(hears, whistle("how many left", LANGUAGE, before=0.5, after=1.5))) == ["how many left"]


class TestEndpoints:
    """Seconds from the last tone to the final. Decoding every 120 ms adds up to that much to the rule's silence."""

    @pytest.mark.parametrize(
        ("text", "rule"),
        [
            ("stop", 0.3),
            ("my back lifted", 0.3),
            # No phrase is this text, but some phrases end with it.
            ("my back", 0.3),
            ("gibberish", 0.3),
        ],
    )
    def test_a_final_comes_after_the_silence_of_its_rule(self, tone: Lifter, text: str, rule: float) -> None:
        *_, last = hear(tone.recognizer(), tone.says(text))
        assert last.final
        assert rule < last.at - 0.5 - len(tone.word(text)) / RATE < rule + 0.22

    def test_the_model_as_it_is_waits_longer(self, tone_model: Path, tone: Lifter) -> None:
        *_, last = hear(Lifter(tone_model, tone.word, 0.04).recognizer(), tone.says("stop"))
        assert 0.5 < last.at - 0.5 - len(tone.word("stop")) / RATE < 0.5 + 0.34

    def test_talk_without_a_pause_is_ended_after_twenty_seconds(self, tone: Lifter) -> None:
        first, *_ = (one for one in hear(tone.recognizer(), tone.says("continue " * 50)) if one.final)
        # The engine may hear a word that is cut as another word.
        assert set(first.text.split()[:-1]) <= {"continue"}
        assert 20.0 < first.at < 20.5


class TestSources:
    """A lifter's recording, or a microphone, at another rate. At 8000 samples a second there is nothing above 4 kHz."""

    LOW = tuple(
        phrase
        for phrase in EVERYTHING.phrases
        if max(frequencies()[tone] for word in phrase.split() for tone in LANGUAGE.melody(word)) < 3500
    )[:3]

    @pytest.mark.parametrize("rate", [8_000, 16_000, 44_100, 48_000])
    def test_files_and_microphones_of_any_rate_are_heard(self, tone: Lifter, tmp_path: Path, rate: int) -> None:
        assert len(self.LOW) == 3
        sound = tone.says(*self.LOW, pause=1.0)
        native = Resampler(RATE, rate).whole(sound) if rate != RATE else sound
        with wave.open(str(tmp_path / "said.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(rate)
            file.writeframes(native.tobytes())
        assert finals(hear(tone.recognizer(), read_speech(tmp_path / "said.wav", RATE))) == list(self.LOW)
        live, hears = Resampler(rate, RATE), tone.recognizer()
        blocks = (live.resample(native[start : start + rate // 50]) for start in range(0, len(native), rate // 50))
        assert finals([one for block in blocks for one in hears.hear(block)]) == list(self.LOW)


class TestTheProcess:
    @pytest.fixture
    def decimal_comma(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """A locale with a decimal comma, such as a user-interface library may set; made here if the system has none."""
        before = locale.setlocale(locale.LC_NUMERIC)
        if not _set_numbers("de_DE.UTF-8"):
            monkeypatch.setenv("LOCPATH", str(tmp_path))
            maker = shutil.which("localedef")
            if maker is not None:
                command = [maker, "-i", "de_DE", "-f", "UTF-8", str(tmp_path / "de_DE.UTF-8")]
                subprocess.run(command, check=False, capture_output=True)
            if not _set_numbers("de_DE.UTF-8"):
                skip_or_fail("no locale with a decimal comma, nor localedef, which makes one")
        assert locale.localeconv()["decimal_point"] == ","
        yield
        locale.setlocale(locale.LC_NUMERIC, before)

    def test_a_decimal_comma_changes_nothing(
        self, tone: Lifter, tone_model: Path, tmp_path: Path, request: pytest.FixtureRequest
    ) -> None:
        sound = tone.says("start set", "stop")
        expected = hear(tone.recognizer(), sound)
        request.getfixturevalue("decimal_comma")
        assert hear(tone.recognizer(), sound) == expected
        fresh = Lifter(tuned_copy(tone_model, tmp_path / "cache"), tone.word, 0.04)
        assert hear(fresh.recognizer(), sound) == expected

    @pytest.mark.parametrize("sign", [",", "\N{ARABIC DECIMAL SEPARATOR}"])
    def test_any_decimal_sign_is_read(self, tone: Lifter, monkeypatch: pytest.MonkeyPatch, sign: str) -> None:
        import vosk  # noqa: PLC0415  only to change what the engine writes

        sound = tone.says("start set", "gibberish", "stop")
        expected = hear(tone.recognizer(), sound)
        result = vosk.KaldiRecognizer.Result
        monkeypatch.setattr(
            vosk.KaldiRecognizer, "Result", lambda engine: re.sub(r"(\d)\.(\d)", rf"\1{sign}\2", result(engine))
        )
        assert hear(tone.recognizer(), sound) == expected

    def test_the_engine_is_silent(self, tone: Lifter) -> None:
        """Words that the model lacks, and talk that is cut off after 20 s: the engine would warn of both."""
        child = subprocess.run(
            [sys.executable, "-c", "from tests.audio import test_vosk_pinned as it; it.talk_in_vain()", tone.model],
            capture_output=True,
            text=True,
            cwd=CHECKOUT,
            check=False,
        )
        assert (child.returncode, child.stdout, child.stderr) == (0, "", "")

    def test_memory_is_flat(self, tone: Lifter) -> None:
        """Ten minutes with an engine for each minute; `scripts/bench vosk` does an hour. One engine grows by 10 MB in
        ten minutes.
        """
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            megabytes = pool.submit(memory_over_time, tone.model, 10).result()
        assert max(megabytes[2:]) - megabytes[1] < 2.0, megabytes


def _set_numbers(name: str) -> bool:
    try:
        locale.setlocale(locale.LC_NUMERIC, name)
    except locale.Error:
        return False
    return True


def talk_in_vain() -> None:
    """Run in a process of its own: `sys.argv[1]` is the model."""
    hears = VoskRecognizer(Path(sys.argv[1]))
    hears.listen_for(vocabulary("stop", "no such gibberish"))
    hears.listen_for(EVERYTHING)
    hear(hears, whistle("continue " * 50, LANGUAGE, after=1.0))
    hears.close()


def memory_over_time(model: Path, minutes: int) -> list[float]:
    """Run in a process of its own: megabytes resident after each minute of silence, noise, talk and a command."""
    hears = VoskRecognizer(model, lifetime=60.0)
    hears.listen_for(EVERYTHING)
    parts = [whistle("", LANGUAGE, after=40.0), whistle("stop", LANGUAGE, after=8.0, noise=0.01)]
    minute = np.concatenate([*parts, whistle("gibberish next", LANGUAGE, after=11.0)])
    megabytes = []
    for _ in range(minutes):
        assert "stop" in finals(hear(hears, minute))
        megabytes.append(resident())
    return megabytes


def resident() -> float:
    """Megabytes of memory that this process has resident."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    ps = subprocess.run(["ps", "-o", "rss=", "-p", str(os.getpid())], capture_output=True, check=True)
    return int(ps.stdout) / 1e3
