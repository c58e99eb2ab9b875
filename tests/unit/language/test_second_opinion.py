"""What another recogniser wrote, and which of the two recognisers is believed."""

from __future__ import annotations

import pytest

from coach.dialogue import policy
from coach.dialogue.conversation import SURE_CONFIDENCE
from coach.dialogue.states import State
from coach.language.acceptance import content_words
from coach.language.phrases import WordGraph
from coach.language.second_opinion import AGREED_CONFIDENCE, RESCUED_CONFIDENCE, combined
from coach.language.transcripts import phrase_of
from coach.ports import Hypothesis
from lab.rigs.talk import GRAMMAR, PACK

LIVE = WordGraph(GRAMMAR.vocabulary(policy.live_intents(PACK, State.IDLE, question_waits=False)).automaton)


@pytest.mark.parametrize(
    ("written", "phrase"),
    [
        ("Start set.", "start set"),
        ("  START SET! ", "start set"),
        ("90 kilos", "ninety kilos"),
        ("90kg.", "ninety kilos"),
        ("Tempo 3-1-2-0.", "tempo three one two zero"),
        ("Tempo 3120", "tempo three one two zero"),
        ("92.5 kg", "ninety two and a half kilos"),
        ("Setup.", "set up"),
        ("Start said.", ""),
        ("Start set. Thank you for watching.", ""),
        ("", ""),
        ("...", ""),
        ("start set " * 30, ""),
        ("9" * 400, ""),
        ("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16", ""),
        ("\u0663 \u00b2 \x00", ""),
    ],
)
def test_a_transcript_is_a_live_phrase_as_a_whole_or_none(written: str, phrase: str) -> None:
    assert phrase_of(written, LIVE) == phrase


def _alike(text: str, other: str) -> bool:
    return content_words(text) == content_words(other) or GRAMMAR.means_same(text, other)


def _final(text: str, guess: str = "", confidence: float = 0.6) -> Hypothesis:
    return Hypothesis(
        1, text, 1.0, 2.0, confidence, True, nearest=guess, reason="" if text else "it is not clear enough"
    )


def test_what_both_heard_is_sure_or_at_least_acts() -> None:
    for final in (_final("start set"), _final("", "start set", 0.3), _final("", "start the set", 0.3)):
        told = combined(final, "start set", "Start set.", _alike)
        sure = AGREED_CONFIDENCE if final.text else RESCUED_CONFIDENCE
        assert (told.text, told.confidence, told.reason) == (final.text or final.nearest, sure, "")
    assert RESCUED_CONFIDENCE < SURE_CONFIDENCE < AGREED_CONFIDENCE


def test_two_that_mean_different_things_are_nothing() -> None:
    told = combined(_final("skip rest"), "start set", "Start set.", _alike)
    assert (told.text, told.nearest, told.reason) == ("", "skip rest", "another ear heard 'Start set.'")


def test_one_ear_is_as_sure_as_it_was() -> None:
    for final in (_final("start set"), _final("", "start set"), _final("")):
        assert combined(final, "", "Start said.", _alike) is final
    for final in (_final("", "skip rest"), _final("")):
        assert combined(final, "start set", "Start set.", _alike) is final
