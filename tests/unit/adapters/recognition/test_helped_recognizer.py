"""What waits for a helper, what never does, and the order of the reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from threading import Event as Flag

import numpy as np

from coach.adapters.recognition.helped_recognizer import PATIENCE_SECONDS, HelpedRecognizer, Question
from coach.language.phrases import automaton
from coach.ports import Hypothesis, Pcm, Vocabulary

RATE = 16_000
BLOCK = RATE // 50
PHRASES = ("start set", "skip rest", "stop")
VOCABULARY = Vocabulary(PHRASES, automaton([tuple(phrase.split()) for phrase in PHRASES]))


@dataclass(slots=True)
class Scripted:
    """A recogniser that returns the hypotheses that a test gives."""

    name = "scripted"
    rate = RATE
    next: list[Hypothesis] = field(default_factory=list)
    closed: bool = False

    def listen_for(self, vocabulary: Vocabulary) -> None:
        """Do nothing."""

    def unknown_words(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        return ("odd",)

    def hear(self, pcm: Pcm) -> Sequence[Hypothesis]:
        told, self.next = self.next, []
        return told

    def reset(self) -> None:
        self.next = []

    def close(self) -> None:
        self.closed = True


@dataclass(slots=True)
class Asked:
    """A helper whose answers a test gives."""

    questions: list[Question] = field(default_factory=list)
    sounds: list[Pcm] = field(default_factory=list)
    there: bool = True

    def ask(self, pcm: Pcm) -> Question | None:
        if not self.there:
            return None
        self.sounds.append(pcm)
        self.questions.append(Question(Flag()))
        return self.questions[-1]

    def answer(self, words: str | None) -> None:
        self.questions[-1].words = words
        self.questions[-1].answered.set()

    def close(self) -> None:
        """Do nothing."""


class Heard:
    """A helped recogniser that hears a ramp, in blocks of 20 ms."""

    def __init__(self) -> None:
        self.own, self.helper = Scripted(), Asked()
        self.ears = HelpedRecognizer(self.own, self.helper, ("stop", "it hurts"), str.__eq__)
        self.ears.listen_for(VOCABULARY)
        self.given = 0

    @property
    def now(self) -> float:
        return self.given / RATE

    def block(self, *own: Hypothesis) -> list[Hypothesis]:
        self.own.next = list(own)
        pcm = (np.arange(self.given, self.given + BLOCK) // 16).astype(np.int16)
        self.given += BLOCK
        return list(self.ears.hear(pcm))

    def seconds(self, seconds: float) -> list[Hypothesis]:
        return [one for _ in range(round(seconds * RATE / BLOCK)) for one in self.block()]

    def final(self, text: str = "", guess: str = "start set", confidence: float = 0.4, number: int = 1) -> Hypothesis:
        return Hypothesis(number, text, self.now - 1.0, self.now, confidence, True, nearest=guess)


def test_a_final_that_is_not_sure_waits_for_the_answer() -> None:
    heard = Heard()
    heard.seconds(3)
    final = heard.final()
    assert heard.block(final) == []
    assert heard.seconds(0.2) == []
    heard.helper.answer("Start set.")
    (told,) = heard.block()
    assert (told.text, told.began, told.final) == ("start set", final.began, True)
    assert told.at == heard.now


def test_the_utterance_and_some_of_the_room_before_it_is_sent() -> None:
    heard = Heard()
    heard.seconds(25)
    heard.block(heard.final())
    (sound,) = heard.helper.sounds
    assert len(sound) == round(1.3 * RATE)
    assert sound[0] == round((25 - 1.3) * RATE) // 16


def test_without_an_answer_in_time_the_own_decision_stands() -> None:
    heard = Heard()
    heard.seconds(3)
    final = heard.final("start set", "", 0.6)
    heard.block(final)
    told = heard.seconds(PATIENCE_SECONDS + 0.1)
    assert [replace(one, at=final.at) for one in told] == [final]
    assert final.at + PATIENCE_SECONDS <= told[0].at <= final.at + PATIENCE_SECONDS + 0.05


def test_a_helper_that_fails_costs_no_time() -> None:
    heard = Heard()
    heard.seconds(3)
    heard.block(heard.final())
    heard.helper.answer(None)
    assert [one.text for one in heard.block()] == [""]
    heard.helper.there = False
    final = heard.final(number=2)
    assert heard.block(final) == [final]


def test_what_is_sure_urgent_or_unfinished_is_told_at_once() -> None:
    heard = Heard()
    heard.seconds(3)
    sure = heard.final("start set", "", 0.9)
    unsure_stop = heard.final("oh stop", "", 0.55, number=2)
    partial = replace(heard.final("start set", "", 0.6, number=3), final=False)
    for one in (sure, unsure_stop, partial):
        assert heard.block(one) == [one]
    assert heard.helper.sounds == []


def test_what_cannot_be_a_command_is_not_sent() -> None:
    """What people say to each other is not sent."""
    heard = Heard()
    heard.seconds(3)
    for one in (heard.final(confidence=0.05), heard.final(guess="", confidence=0.3)):
        assert heard.block(one) == [one]
    assert heard.helper.sounds == []


def test_the_final_of_an_utterance_with_a_safety_word_does_not_wait() -> None:
    heard = Heard()
    heard.seconds(3)
    heard.block(replace(heard.final("stop", "", 0.9), final=False))
    final = heard.final("", "stop", 0.3)
    assert heard.block(final) == [final]


def test_nothing_newer_overtakes_what_waits() -> None:
    """Otherwise "continue" would act after the "stop" that was said after it."""
    heard = Heard()
    heard.seconds(3)
    waiting = heard.final("start set", "", 0.6)
    heard.block(waiting)
    stop = replace(heard.final("stop", "", 0.9, number=2), final=False)
    told = heard.block(stop)
    assert [(one.utterance, one.text) for one in told] == [(1, "start set"), (2, "stop")]
    heard.helper.answer("Skip rest.")
    assert heard.seconds(2) == []


def test_what_waits_is_settled_with_the_phrases_of_that_moment() -> None:
    heard = Heard()
    heard.seconds(3)
    heard.block(heard.final())
    heard.ears.listen_for(Vocabulary(("stop",), automaton([("stop",)])))
    heard.helper.answer("Start set.")
    assert [one.text for one in heard.block()] == [""]


def test_clicks_and_endless_sound_are_not_sent() -> None:
    heard = Heard()
    heard.seconds(20)
    click = replace(heard.final(), began=heard.now + 0.2)
    long = replace(heard.final(), began=heard.now - 12)
    assert heard.block(click, long) == [click, long]
    assert heard.helper.sounds == []


def test_what_is_kept_is_bounded() -> None:
    heard = Heard()
    heard.seconds(60)
    assert sum(map(len, heard.ears._kept_sound)) < 20 * RATE


def test_reset_forgets_what_waits_and_close_frees_the_recogniser() -> None:
    heard = Heard()
    heard.seconds(3)
    heard.block(heard.final())
    heard.ears.reset()
    heard.given = 0
    assert heard.seconds(2) == []
    heard.ears.close()
    assert heard.own.closed
    assert heard.ears.unknown_words(VOCABULARY) == ("odd",)
