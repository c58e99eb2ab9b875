"""The sound that a recogniser gets of a recording."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from coach.adapters.files.sound import read_speech
from coach.commands import ListenFor
from coach.dialogue.utterances import Interpreter
from coach.hearing import Listener
from coach.ports import Hypothesis, Pcm, Vocabulary
from coach.wiring.rehearsing import VOICES
from lab.rigs.talk import GRAMMAR

RATE = 16_000


class Deaf:
    """A recogniser that hears nothing and keeps the sound."""

    name = "deaf"
    rate = RATE

    def __init__(self) -> None:
        self.sound: Pcm = np.zeros(0, np.int16)

    def listen_for(self, vocabulary: Vocabulary) -> None:
        """Do nothing."""

    def unknown_words(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        return ()

    def hear(self, pcm: Pcm) -> Sequence[Hypothesis]:
        self.sound = np.concatenate((self.sound, pcm))
        return []

    def reset(self) -> None:
        self.sound = np.zeros(0, np.int16)

    def close(self) -> None:
        """Do nothing."""


def given(sound: Pcm) -> Pcm:
    """The sound that a recogniser gets."""
    deaf = Deaf()
    live = frozenset({"Stop"})
    meaning = Interpreter(GRAMMAR, ListenFor(live), lambda _: False)
    Listener(deaf, GRAMMAR.vocabulary(live), meaning).hear_sound(sound)
    return deaf.sound


@pytest.mark.parametrize("clip", ["kal-stop", "slt-my-back-lifted", "awb-why"])
def test_a_recording_that_begins_with_a_word_has_silence_put_before_it(clip: str) -> None:
    sound = read_speech(VOICES / f"{clip}.flac", RATE)
    heard = given(sound)
    assert not np.any(heard[: 3 * RATE // 10])
    assert np.array_equal(heard[3 * RATE // 10 :][: len(sound)], sound)


def test_a_recording_that_begins_with_its_room_is_heard_as_it_is() -> None:
    sound = (np.random.default_rng(2).standard_normal(2 * RATE) * 300).astype(np.int16)
    assert np.array_equal(given(sound)[: len(sound)], sound)


@pytest.mark.parametrize("seconds", [0.0, 0.2, 2.0])
def test_silence_and_what_is_short_have_silence_before_them(seconds: float) -> None:
    sound = np.zeros(round(seconds * RATE), np.int16)
    assert len(given(sound)) == len(sound) + round(2.3 * RATE)
