"""The real Vosk engine, hearing a whistled language: every answer is known beforehand."""

from __future__ import annotations

import logging
import shutil
import sys
from itertools import chain
from pathlib import Path

import numpy as np
import pytest

from coach.adapters.recognition.vosk.model_files import engine_finding
from coach.adapters.recognition.vosk.recognizer import VoskRecognizer
from coach.adapters.recognition.vosk.tuning import tuned_copy
from coach.ports import Automaton, HearingError, Hypothesis, Pcm, Vocabulary
from lab.rigs.speech import finals, hear
from lab.rigs.tone import RATE, ToneLanguage, whistle, write_model
from tests.unit.adapters.recognition.vosk.test_model_files import names_words

pytestmark = pytest.mark.audio

COMMANDS = ("stop", "go", "next", "start set", "my back lifted", "continue")
LANGUAGE = ToneLanguage.of([*chain(*map(str.split, COMMANDS)), "the", *(f"word{n}" for n in range(240))])


def vocabulary(*phrases: str) -> Vocabulary:
    arcs: list[tuple[int, int, str]] = []
    state = 1
    for phrase in phrases:
        words, here = phrase.split(), 0
        for word in words[:-1]:
            state += 1
            arcs.append((here, state, word))
            here = state
        arcs.append((here, 1, words[-1]))
    return Vocabulary(phrases, Automaton(0, 1, tuple(arcs)))


def say(text: str, *, before: float = 0.5, after: float = 1.5) -> Pcm:
    return whistle(text, LANGUAGE, before=before, after=after)


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("models") / "vosk-model-small-en-tone", LANGUAGE)


@pytest.fixture(scope="session")
def tuned(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tuned_copy(model, tmp_path_factory.mktemp("cache"))


@pytest.fixture
def recognizer(tuned: Path) -> VoskRecognizer:
    recognizer = VoskRecognizer(tuned)
    recognizer.listen_for(vocabulary(*COMMANDS))
    return recognizer


class TestHearing:
    @pytest.mark.parametrize("phrase", COMMANDS)
    def test_a_phrase_is_heard_with_its_time(self, recognizer: VoskRecognizer, phrase: str) -> None:
        *_, last = hear(recognizer, say(phrase))
        assert (last.text, last.final, last.utterance) == (phrase, True, 1)
        assert last.began == pytest.approx(0.5, abs=0.04)
        assert last.confidence > 0.9

    def test_after_a_reset_the_same_sound_gives_the_same_answers(self, recognizer: VoskRecognizer) -> None:
        sound = np.concatenate([say(phrase) for phrase in COMMANDS[:3]])
        first = hear(recognizer, sound)
        hear(recognizer, sound[: len(sound) // 2])
        recognizer.reset()
        assert hear(recognizer, sound) == first

    def test_two_hundred_words_are_live_at_once(self, tuned: Path) -> None:
        words = [f"word{number}" for number in range(200)]
        recognizer = VoskRecognizer(tuned)
        recognizer.listen_for(vocabulary(*words))
        sound = [say(word, before=0.2, after=0.6) for word in words[::4]]
        assert finals(hear(recognizer, np.concatenate(sound))) == words[::4]

    def test_noise_of_ten_decibels_below_is_borne(self, recognizer: VoskRecognizer) -> None:
        sound = [
            whistle(phrase, LANGUAGE, before=0.5, after=1.0, noise=0.066, seed=seed)
            for seed, phrase in enumerate(COMMANDS)
        ]
        assert finals(hear(recognizer, np.concatenate(sound))) == list(COMMANDS)

    @pytest.mark.parametrize("noise", [0.0, 0.001, 0.1])
    def test_silence_and_noise_are_nothing(self, recognizer: VoskRecognizer, noise: float) -> None:
        # 12 s: the engine itself ends an empty utterance every 5.
        assert hear(recognizer, whistle("", LANGUAGE, after=12.0, noise=noise)) == []

    def test_partials_come_before_the_final(self, recognizer: VoskRecognizer) -> None:
        heard = hear(recognizer, say("start set"))
        assert [(one.text, one.final) for one in heard] == [("start", False), ("start set", False), ("start set", True)]
        assert {one.utterance for one in heard} == {1}
        end = 0.5 + 0.7
        assert heard[0].at < end
        assert heard[1].at < end + 0.2
        assert end + 0.3 < heard[2].at < end + 0.5
        assert heard[2].began == pytest.approx(0.5, abs=0.04)
        assert 0.3 < heard[0].began == heard[1].began < 0.5

    def test_utterances_are_numbered_and_their_times_rise(self, recognizer: VoskRecognizer) -> None:
        heard = hear(recognizer, np.concatenate([say("stop"), say("go"), say("next")]))
        assert [(one.utterance, one.text) for one in heard if one.final] == [(1, "stop"), (2, "go"), (3, "next")]
        assert [one.at for one in heard] == sorted(one.at for one in heard)
        length = len(say("stop")) / RATE
        assert [one.began for one in heard if one.final] == pytest.approx(
            [0.5, 0.5 + length, 0.5 + 2 * length], abs=0.04
        )

    def test_blocks_of_any_size_give_the_same(self, tuned: Path) -> None:
        sound = np.concatenate([say("start set"), say("word1"), say("stop")])

        def heard(block: int) -> list[Hypothesis]:
            recognizer = VoskRecognizer(tuned)
            recognizer.listen_for(vocabulary(*COMMANDS))
            return hear(recognizer, sound, block)

        first = heard(160)
        assert finals(first) == ["start set", "", "stop"]
        assert all(heard(block) == first for block in (320, 441, 1600, 4000, len(sound)))

    def test_nothing_is_heard_before_it_is_told_what(self, tuned: Path) -> None:
        assert hear(VoskRecognizer(tuned), say("stop")) == []

    def test_closing_frees_it_twice_over(self, recognizer: VoskRecognizer) -> None:
        recognizer.hear(say("start"))
        recognizer.close()
        recognizer.close()
        assert recognizer._model is None


class TestRejection:
    @pytest.mark.parametrize("text", ["word7", "gibberish", "word7 word8 word9", "stop word7", "word7 stop"])
    def test_other_words_are_an_empty_final(self, recognizer: VoskRecognizer, text: str) -> None:
        assert finals(hear(recognizer, say(text))) == [""]

    def test_a_decoy_is_no_command(self, recognizer: VoskRecognizer) -> None:
        assert finals(hear(recognizer, say("the"))) == [""]

    def test_a_decoy_that_is_a_live_word_is_heard(self, recognizer: VoskRecognizer) -> None:
        recognizer.listen_for(vocabulary("the next"))
        assert finals(hear(recognizer, say("the next"))) == ["the next"]

    def test_foreign_sound_gives_no_partial(self, recognizer: VoskRecognizer) -> None:
        assert [one.final for one in hear(recognizer, say("word7 word8 word9"))] == [True]

    def test_an_urgent_phrase_is_taken_out_of_other_sound(self, tuned: Path) -> None:
        recognizer = VoskRecognizer(tuned, urgent=["stop"])
        recognizer.listen_for(vocabulary(*COMMANDS))
        heard = hear(recognizer, np.concatenate([say("word7 stop"), say("word7 next"), say("stop next")]))
        assert finals(heard) == ["stop", "", "stop next"]
        assert [(one.text, one.final) for one in heard[:2]] == [("stop", False), ("stop", True)]
        assert heard[1].began == pytest.approx(0.5 + 0.38, abs=0.04)

    def test_words_the_model_lacks_are_named(self, recognizer: VoskRecognizer) -> None:
        asked = vocabulary("stop", "unrack now", "Stop")
        assert recognizer.unknown_words(asked) == ("Stop", "now", "unrack")
        recognizer.listen_for(asked)
        assert finals(hear(recognizer, say("stop"))) == ["stop"]


class TestSwitching:
    def test_the_new_phrases_decide_an_utterance_under_way(self, recognizer: VoskRecognizer) -> None:
        recognizer.listen_for(vocabulary("stop", "go"))
        sound = say("continue")
        middle = round(0.66 * RATE)
        assert hear(recognizer, sound[:middle]) == []
        recognizer.listen_for(vocabulary("continue"))
        *_, last = hear(recognizer, sound[middle:])
        assert (last.text, last.utterance) == ("continue", 1)
        assert last.began == pytest.approx(0.5, abs=0.04)

    @pytest.mark.parametrize("after", [0.0, 0.1, 0.25])
    def test_no_moment_to_switch_loses_or_doubles_a_word(self, recognizer: VoskRecognizer, after: float) -> None:
        sound = np.concatenate([say("next", after=0.6), say("stop", before=0.3)])
        switch = round((0.5 + 0.32 + 0.4 + after) * RATE)
        heard = hear(recognizer, sound[:switch])
        recognizer.listen_for(vocabulary("stop", "next", "continue"))
        heard += hear(recognizer, sound[switch:])
        assert finals(heard) == ["next", "stop"]

    def test_a_partial_that_changes_the_phrases_ends_as_not_understood(self, recognizer: VoskRecognizer) -> None:
        sound = np.concatenate([say("start set", after=1.0), say("stop")])
        heard: list[Hypothesis] = []
        for start in range(0, len(sound), 320):
            new = recognizer.hear(sound[start : start + 320])
            if any(one.text == "start set" for one in new):
                recognizer.listen_for(vocabulary("stop", "my back lifted"))
            heard += new
        assert [(one.utterance, one.text) for one in heard if one.final] == [(1, ""), (2, "stop")]
        assert [one.at for one in heard] == sorted(one.at for one in heard)

    def test_what_the_new_engine_takes_for_silence_is_closed(self, model: Path, tmp_path: Path) -> None:
        # A model without [unk], as some are, and without decoys that could stand for the sound.
        bare = shutil.copytree(model, tmp_path / "bare")
        words = bare / "graph/words.txt"
        lines = words.read_text("utf-8").splitlines(keepends=True)
        kept = [line for line in lines if line.split()[0] not in ("[unk]", "the")]
        words.write_text("".join(kept), encoding="utf-8")
        recognizer = VoskRecognizer(bare)
        recognizer.listen_for(vocabulary("stop"))
        sound = say("stop", after=0.3)
        assert [one.final for one in hear(recognizer, sound)] == [False]
        recognizer.listen_for(vocabulary())
        assert [(one.utterance, one.text, one.final) for one in recognizer.hear(sound[:0])] == [(1, "", True)]
        assert hear(recognizer, say("stop")) == []

    def test_a_switch_keeps_the_clock(self, recognizer: VoskRecognizer) -> None:
        hear(recognizer, whistle("", LANGUAGE, after=7.0))
        recognizer.listen_for(vocabulary("stop", "next"))
        *_, last = hear(recognizer, say("next"))
        assert last.text == "next"
        assert last.began == pytest.approx(7.5, abs=0.04)

    def test_an_old_engine_is_replaced_while_idle(self, tuned: Path) -> None:
        recognizer = VoskRecognizer(tuned, lifetime=2.0)
        recognizer.listen_for(vocabulary(*COMMANDS))
        sound = np.concatenate([say(phrase, before=0.1, after=0.5) for phrase in COMMANDS * 2])
        heard = hear(recognizer, sound)
        assert finals(heard) == list(COMMANDS * 2)
        assert [one.at for one in heard] == sorted(one.at for one in heard)


class TestSmallModels:
    def test_words_in_the_graph_are_words(self, model: Path, tmp_path: Path) -> None:
        """Like the real small models, which have no `words.txt`."""
        small = shutil.copytree(model, tmp_path / "small")
        (small / "graph/words.txt").unlink()
        names_words(small / "graph/Gr.fst", LANGUAGE.words)
        recognizer = VoskRecognizer(tuned_copy(small, tmp_path / "cache"))
        assert recognizer.unknown_words(vocabulary("stop", "unrack now")) == ("now", "unrack")
        recognizer.listen_for(vocabulary(*COMMANDS))
        assert finals(hear(recognizer, say("start set"))) == ["start set"]


class TestBrokenModels:
    """Each fault is reported in one line, and this process survives to report it."""

    def test_a_missing_file_is_named(self, model: Path, tmp_path: Path) -> None:
        broken = shutil.copytree(model, tmp_path / "broken")
        (broken / "graph/Gr.fst").unlink()
        with pytest.raises(HearingError, match=r"graph/Gr\.fst: missing; .*coach models fetch"):
            VoskRecognizer(broken)

    def test_half_a_network_is_refused_by_the_engine(self, model: Path, tmp_path: Path) -> None:
        broken = shutil.copytree(model, tmp_path / "broken")
        network = (broken / "am/final.mdl").read_bytes()
        (broken / "am/final.mdl").write_bytes(network[: len(network) // 2])
        with pytest.raises(HearingError, match="vosk: failed to create a model; run: coach models verify"):
            VoskRecognizer(broken)
        assert "EOF" in (engine_finding(broken) or "")

    @pytest.mark.parametrize(
        ("file", "old", "new", "reason"),
        [
            ("conf/model.conf", "--beam=", "--banana=", "Invalid option --banana"),
            ("conf/model.conf", "silence-phones=1", "silence-phones=", "Assertion failed"),
            ("conf/fbank.conf", "bins=30", "bins=20", "got 20 but network expects 30"),
        ],
    )
    def test_the_health_check_tells_the_engines_own_reason(
        self, model: Path, tmp_path: Path, file: str, old: str, new: str, reason: str
    ) -> None:
        broken = shutil.copytree(model, tmp_path / "broken")
        text = (broken / file).read_text("utf-8")
        (broken / file).write_text(text.replace(old, new), encoding="utf-8")
        told = engine_finding(broken)
        assert told is not None
        assert reason in told
        assert told.endswith("run: coach models fetch vosk")
        assert "\n" not in told

    def test_no_known_word_and_no_unknown_word_is_a_fault(self, model: Path, tmp_path: Path) -> None:
        other = shutil.copytree(model, tmp_path / "other")
        (other / "graph/words.txt").write_text("<eps> 0\nhalt 1\n", encoding="utf-8")
        with pytest.raises(HearingError, match="none of the words to hear, 'stop' among them"):
            VoskRecognizer(other).listen_for(vocabulary("stop"))

    def test_no_package_is_a_fault_with_a_remedy(self, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "vosk", None)
        with pytest.raises(HearingError, match="pip install vosk"):
            VoskRecognizer(model)


class TestTuning:
    def test_a_sound_model_is_healthy(self, model: Path) -> None:
        assert engine_finding(model) is None

    def test_the_copy_answers_sooner(self, model: Path, tuned: Path) -> None:
        def times(folder: Path) -> list[float]:
            recognizer = VoskRecognizer(folder)
            recognizer.listen_for(vocabulary(*COMMANDS))
            return [one.at for one in hear(recognizer, say("stop")) if one.text == "stop"]

        partial, final = times(tuned)
        plain_partial, plain_final = times(model)
        assert partial < plain_partial
        assert final < plain_final - 0.2

    def test_the_model_is_left_alone(self, model: Path, tmp_path: Path) -> None:
        before = {file: (file.stat().st_mtime_ns, file.read_bytes()) for file in model.rglob("*") if file.is_file()}
        copy = tuned_copy(model, tmp_path)
        assert copy.parent == tmp_path
        assert (copy / "am/final.mdl").is_symlink()
        assert not (copy / "conf/model.conf").is_symlink()
        after = {file: (file.stat().st_mtime_ns, file.read_bytes()) for file in model.rglob("*") if file.is_file()}
        assert after == before
        assert tuned_copy(model, tmp_path) == copy
        assert [child.name for child in tmp_path.iterdir()] == [copy.name]

    def test_options_the_engine_refuses_are_told_and_remembered(
        self, model: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.WARNING):
            assert tuned_copy(model, tmp_path, {"banana": "1"}) == model
            (verdict,) = tmp_path.iterdir()
            written = verdict.stat().st_mtime_ns
            assert tuned_copy(model, tmp_path, {"banana": "1"}) == model
        assert verdict.stat().st_mtime_ns == written
        assert [record.getMessage().count("--banana") for record in caplog.records] == [1, 1]

    def test_a_cache_that_cannot_be_written_costs_only_speed(
        self, model: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        (tmp_path / "cache").write_text("a file where the folder should be", encoding="utf-8")
        assert tuned_copy(model, tmp_path / "cache") == model
        assert "half a second later" in caplog.text

    def test_a_model_that_does_not_work_at_all_is_a_fault(self, model: Path, tmp_path: Path) -> None:
        broken = shutil.copytree(model, tmp_path / "broken")
        options = broken / "conf/model.conf"
        options.write_text(options.read_text("utf-8") + "--banana=1\n", encoding="utf-8")
        with pytest.raises(HearingError, match="--banana=1"):
            tuned_copy(broken, tmp_path / "cache")
