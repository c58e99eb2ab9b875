"""The real Moonshine on spoken commands. Every bound is the measured value with a small margin."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import soundfile

from coach.adapters.recognition.moonshine.reader import load_search
from coach.adapters.recognition.moonshine.recognizer import MoonshineRecognizer
from coach.audio.segmenter import UtteranceBounds
from coach.ports import Automaton, HearingError, Hypothesis, Pcm, Vocabulary
from lab.rigs.needs import skip_or_fail
from lab.rigs.speech import (
    COMMANDS,
    COMMANDS_WITHOUT_NUMBERS,
    EVERYTHING,
    OTHERS,
    RATE,
    SPEAKERS,
    SpokenClip,
    answers,
    clip,
    finals,
    hear,
    model,
    talk,
    vocabulary,
)

pytestmark = pytest.mark.audio

URGENT = ("stop", "it hurts", "i feel dizzy", "help")


@cache
def _made(urgent: tuple[str, ...]) -> MoonshineRecognizer:
    return MoonshineRecognizer(model(), urgent=urgent)


def recognizer(live: Vocabulary = EVERYTHING, urgent: Iterable[str] = ()) -> MoonshineRecognizer:
    made = _made(tuple(urgent))
    made.reset()
    made.listen_for(live)
    return made


@pytest.fixture(scope="session")
def sessions() -> dict[str, tuple[list[SpokenClip], list[Hypothesis]]]:
    """Half of the commands by each voice, so every command by two voices."""
    heard = {}
    for number, speaker in enumerate(SPEAKERS):
        sound, said = talk((phrase, clip(speaker, phrase)) for phrase in COMMANDS[number % 2 :: 2])
        heard[speaker] = (said, hear(recognizer(urgent=URGENT), sound))
    return heard


Damage = Callable[[bytes], bytes]
Sessions = dict[str, tuple[list[SpokenClip], list[Hypothesis]]]


@pytest.mark.parametrize("speaker", SPEAKERS)
def test_every_voice_is_understood(sessions: Sessions, speaker: str) -> None:
    said, heard = sessions[speaker]
    missed = [(one.text, finals(answers(one, heard))) for one in said if finals(answers(one, heard)) != [one.text]]
    assert len(missed) <= 1, missed


def test_a_final_comes_within_half_a_second(sessions: Sessions) -> None:
    late = sorted(
        answer.at - one.ended
        for said, heard in sessions.values()
        for one in said
        for answer in answers(one, heard)
        if answer.final
    )
    assert late[len(late) // 2] < 0.3
    assert late[int(0.95 * len(late))] < 0.55


def test_a_partial_comes_first_and_never_takes_other_words_for_danger(sessions: Sessions) -> None:
    """Half of the partials come with the first look into the pause, 0.14 s after the word, or before: two looks agree
    on them.
    """
    delays = []
    utterances = 0
    for said, heard in sessions.values():
        for one in said:
            partials = [answer for answer in answers(one, heard) if not answer.final]
            delays += [partial.at - one.ended for partial in partials[:1]]
            utterances += 1
            assert {partial.text for partial in partials} & set(URGENT) <= {one.text}
    delays.sort()
    assert len(delays) >= 0.9 * utterances
    assert delays[len(delays) // 2] <= 0.16
    assert delays[int(0.95 * len(delays))] <= 0.25


@pytest.mark.parametrize("speaker", SPEAKERS)
def test_stop_is_heard_at_once(speaker: str) -> None:
    sound, said = talk([("stop", clip(speaker, "stop"))])
    first = hear(recognizer(urgent=URGENT), sound)[0]
    assert (first.text, first.final) == ("stop", False)
    assert first.at - said[0].ended <= 0.25


def test_times_numbers_and_confidence_are_sound(sessions: Sessions) -> None:
    for said, heard in sessions.values():
        assert [hypothesis.utterance for hypothesis in heard if hypothesis.final] == list(range(1, len(said) + 1))
        for one in said:
            for answer in answers(one, heard):
                assert 0.0 <= answer.confidence <= 1.0
                assert abs(answer.began - one.began) < 0.25


def test_other_talk_is_not_understood() -> None:
    sound, said = talk(((phrase, clip(speaker, phrase)) for phrase in OTHERS[::2] for speaker in SPEAKERS), gap=1.0)
    heard = finals(hear(recognizer(), sound))
    assert len(heard) >= len(said)
    assert sum(text != "" for text in heard) <= 1, heard


def test_commands_are_understood_in_noise() -> None:
    """White noise 20 dB below the speech."""
    sound, said = talk(((phrase, clip("kal", phrase)) for phrase in COMMANDS[::3]), snr=20)
    heard = hear(recognizer(), sound)
    assert sum(one.text in finals(answers(one, heard)) for one in said) >= 0.87 * len(said)


@pytest.mark.parametrize("level", [0.0, 16.0, 300.0])
def test_silence_and_noise_say_nothing(level: float) -> None:
    noise = np.random.default_rng(3).standard_normal(10 * RATE) * level
    heard = hear(recognizer(), noise.astype(np.int16))
    assert [hypothesis for hypothesis in heard if hypothesis.text] == []
    # The detector must first learn the level of the room.
    assert len(heard) <= 1


def test_after_a_reset_the_same_sound_gives_the_same_answers() -> None:
    sound, _ = talk((phrase, clip("awb", phrase)) for phrase in COMMANDS[:6])
    hears = recognizer()
    first = hear(hears, sound)
    hear(hears, sound[: len(sound) // 3])
    hears.reset()
    assert hear(hears, sound) == first


def test_blocks_of_any_length_give_the_same_answers() -> None:
    sound, _ = talk((phrase, clip("slt", phrase)) for phrase in ("stop", "my back lifted", "ten reps"))
    first = hear(recognizer(), sound)
    assert finals(first) == ["stop", "my back lifted", "ten reps"]
    for block in (160, 511, 1600):
        assert hear(recognizer(), sound, block) == first


def test_the_same_sound_gives_the_same_answers() -> None:
    sound, _ = talk(((phrase, clip("rms", phrase)) for phrase in ("it hurts", "how many left")), snr=15)
    assert hear(recognizer(), sound) == hear(recognizer(), sound)


def test_new_phrases_decide_the_utterance_under_way() -> None:
    sound, said = talk([("my back lifted", clip("slt", "my back lifted"))])
    hears = recognizer(vocabulary(["stop", "pause"]))
    middle = round((said[0].began + said[0].ended) / 2 * RATE)
    assert hear(hears, sound[:middle]) == []
    hears.listen_for(vocabulary(["my back lifted", "my hips lifted"]))
    heard = hear(hears, sound[middle:])
    assert finals(heard) == ["my back lifted"]
    assert abs(heard[-1].began - said[0].began) < 0.1


def test_phrases_that_are_no_longer_live_are_not_heard() -> None:
    sound, _ = talk([("continue", clip("slt", "continue")), ("pause", clip("slt", "pause"))])
    hears = recognizer(vocabulary(["continue", "pause"]))
    hears.listen_for(vocabulary(["pause", "finish set"]))
    assert finals(hear(hears, sound)) == ["", "pause"]


def test_with_nothing_to_listen_for_nothing_is_heard() -> None:
    sound, _ = talk([("stop", clip("slt", "stop"))])
    hears = recognizer(Vocabulary((), Automaton(0, 1, ())))
    assert hear(hears, sound) == []
    hears.listen_for(vocabulary(["stop"]))
    assert finals(hear(hears, sound)) == ["stop"]


def test_more_vocabularies_than_are_kept_loaded() -> None:
    sound, _ = talk([("stop", clip("slt", "stop"))])
    live = [vocabulary(["stop", phrase]) for phrase in COMMANDS_WITHOUT_NUMBERS[:7]]
    hears = recognizer(live[0])
    for each in (*live, live[0]):
        hears.listen_for(each)
    assert finals(hear(hears, sound)) == ["stop"]


def test_talk_without_end_is_decided_after_eight_seconds() -> None:
    one = np.concatenate([clip(speaker, phrase) for phrase in OTHERS[:3] for speaker in SPEAKERS])
    lengths = [
        hypothesis.at - hypothesis.began for hypothesis in hear(recognizer(), talk([("", one)])[0]) if hypothesis.final
    ]
    assert len(lengths) >= 2
    # Counted from the onset; a word may begin before it, by the lead.
    assert max(lengths) <= 8.0 + UtteranceBounds().lead_s + 0.02


@pytest.mark.parametrize("speaker", SPEAKERS)
@pytest.mark.parametrize("around", [("start set", "stop"), ("stop", "my back lifted"), ("how deep", "stop")])
def test_a_safety_phrase_is_found_among_other_words(speaker: str, around: tuple[str, str]) -> None:
    """Both phrases in one breath: the second follows after 50 ms."""
    one = np.concatenate([clip(speaker, phrase) for phrase in around])
    sound, _ = talk([(" ".join(around), one)])
    heard = hear(recognizer(urgent=URGENT), sound)
    assert "stop" in {hypothesis.text for hypothesis in heard}, heard


def test_a_number_is_heard_however_it_is_written() -> None:
    phrases = ("ten reps", "ninety kilos", "tempo three one two", "rest ninety seconds")
    sound, _ = talk((phrase, clip("slt", phrase)) for phrase in phrases)
    assert finals(hear(recognizer(), sound)) == list(phrases)


@pytest.mark.parametrize("name", ["encoder_model.ort", "tokenizer.bin"])
@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda data: b"x" * len(data), lambda _: b""])
def test_a_damaged_model_is_one_line_with_the_remedy(name: str, damage: Damage, tmp_path: Path) -> None:
    for file in model().iterdir():
        (tmp_path / file.name).symlink_to(file)
    (tmp_path / name).unlink()
    (tmp_path / name).write_bytes(damage((model() / name).read_bytes()))
    with pytest.raises(HearingError, match="cannot be used: run: coach models fetch"):
        MoonshineRecognizer(tmp_path)


def test_without_the_package_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = model()
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    # A model that is cached would not need the package.
    load_search.cache_clear()
    with pytest.raises(HearingError, match="pip install onnxruntime"):
        MoonshineRecognizer(folder)


def test_a_closed_recogniser_says_so() -> None:
    hears = MoonshineRecognizer(model())
    hears.close()
    hears.close()
    with pytest.raises(RuntimeError, match="closed"):
        hears.hear(np.zeros(320, np.int16))


@pytest.fixture(scope="session")
def people() -> Path:
    folder = os.environ.get("COACH_SPEECH_DATA")
    if folder is None:
        skip_or_fail("real people's speech is not part of the project: set COACH_SPEECH_DATA to its folder")
    return Path(folder)


def recording(path: Path) -> Pcm:
    pcm, rate = soundfile.read(path, dtype="int16")
    assert rate == RATE
    sound, _ = talk([("", np.asarray(pcm, dtype=np.int16))])
    return sound


def test_what_people_say_to_others_is_rarely_taken_for_a_command(people: Path) -> None:
    """Every fourth recording is heard."""
    hears = recognizer(urgent=URGENT)
    taken = {}
    said_to_others = sorted((people / "negatives").glob("*.flac"))[::4]
    assert said_to_others
    for path in said_to_others:
        texts = [text for text in finals(hear(hears, recording(path))) if text]
        if texts:
            taken[path.stem] = texts
    assert taken == {}


@pytest.mark.parametrize("word", ["stop", "yes"])
def test_real_people_are_understood(people: Path, word: str) -> None:
    heard = [
        word in finals(hear(recognizer(urgent=URGENT), recording(path)))
        for path in sorted((people / "positives").glob(f"{word}-*.flac"))
    ]
    assert heard and all(heard), heard
