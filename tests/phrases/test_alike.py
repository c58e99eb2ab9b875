"""Phrases that are live together and mean different things sound different, except a few confused without harm."""

from __future__ import annotations

import pytest

from coach import cli
from coach.adapters.synthesis import espeak
from coach.language.phones import Phones, distance
from coach.language.phones import phones as phones_of
from coach.language.similar_phrases import MAX_DISTANCE
from coach.wiring import inspection
from lab.rigs.talk import GRAMMAR, PACK

HARMLESS = {
    "question": "an answer is told, and nothing changes",
    "report": "the platform comes up either way, and the words name the part of the body",
    "safety": "either way the set is stopped; who said stop can resume, who is told to stay off can start a set",
}
"""Groups whose intents may be confused with each other."""
ACCEPTED = {
    ("RepsLeft", "WhichSet"): "a number is told with its noun, and nothing changes",
    ("SetReps", "SetSets"): "read back with its noun, and said again costs nothing",
    ("SetTempo", "SetTempo"): "read back",
    ("AddLoad", "SetLoad"): "what is on is read back",
    ("SetLoad", "TakeOffLoad"): "what is on is read back",
    ("StartOver", "StartSet"): "the repetition it begins with is said, and its countdown can be halted",
    ("WhatLoad", "WhichPlates"): "told, and nothing changes",
    ("SetLoad", "SetLoad"): "kilos and pounds are read back",
    ("Dizzy", "HeldBreath"): 'platform up; espeak leaves out a syllable of "didn\'t", in life they are apart',
    ("Dizzy", "LockedKnees"): "platform up either way",
    ("BackLifted", "Pain"): "platform up either way",
    ("Pain", "TooHeavy"): "platform up either way, and the catches in",
    ("Stuck", "TooFast"): "platform up either way",
    ("Done", "Pain"): "the set ends either way",
    ("Done", "FinishSet"): "the set ends either way",
    ("Better", "Stuck"): "nothing counts after either",
    ("Better", "Go"): "where a start is offered either is an answer to it; after pain only the first is live",
    (
        "Go",
        "Stop",
    ): '"start" and "stop": what is wrongly started begins with seconds of countdown, in which stop is live',
    ("Next", "StartSet"): "what lifters say; the set is announced, and its countdown can be halted",
    ("OneMore", "StartSet"): "the same is done",
    ("RepsLeft", "RestLeft"): "told with its noun, and nothing changes",
    ("WhatNow", "WhatWorks"): "told, and nothing changes",
    ("Back", "Next"): "a step of the set-up, said aloud either way",
    ("Faster", "Quieter"): "heard at once",
    ("Faster", "TalkFaster"): "heard at once",
    ("LessRest", "RestLeft"): "what is left is told, and scratch that takes it back",
    ("LessRest", "SetRest"): "what is left is told",
    ("MoreRest", "MoreRest"): "read back",
    ("MoreRest", "SetRest"): "read back",
    ("MoreRest", "Pain"): "at rest: the coach says to stay off the platform",
    ("Pause", "SetSets"): "read back",
    ("Repeat", "WhatLoad"): "told, and nothing changes",
    ("CorrectSet", "CorrectSet"): "read back",
    ("HowHard", "TooHeavy"): "at rest: a number is read back, or what to do is said",
    ("NotDeep", "RepsDone"): "at rest: a number is read back, or what to do is said",
    ("RepsDone", "RepsDone"): "read back",
    ("RepsDone", "RepsMore"): "read back",
    ("RepsDone", "SetReps"): "read back, what was done with its set",
    ("RepsMore", "StartSet"): "read back; or the set is announced, and its countdown can be halted",
    ("LastSet", "LastSet"): "read back",
    ("Lighter", "Slower"): "read back, the load or the tempo",
    ("LastSet", "ThisSet"): "read back",
    ("ThisSet", "ThisSet"): "read back",
    ("OneSide", "OneSide"): "read back, and the side is named again before each set",
    ("NoWarmUp", "SkipWarmUp"): "what comes instead is told",
    ("SetsToday", "WhichRep"): "told with its noun, and nothing changes",
    ("SetsToday", "WhichSet"): "told, and nothing changes",
    ("Better", "Pause"): "nothing counts after either",
    ("Skip", "SkipStage"): "in a set the same is done",
    ("WhichRep", "WhichSide"): "told with its noun, and nothing changes",
    ("WhichSet", "WhichSide"): "told with its noun, and nothing changes",
    ("SameLoad", "Skip"): "the load stays, or the rest is over: no set is begun by either",
    ("Skip", "SkipSetUp"): "the set-up goes on or ends; read aloud",
    ("TooFast", "WhichRep"): "what lifters say",
    ("WhichRep", "WhichSet"): "told with its noun, and nothing changes",
}
"""Pairs of intents that may be confused, and why this does no harm."""


def phones(text: str) -> Phones:
    return tuple(phone for word in text.split() for phone in phones_of(espeak.ipa(word)))


def apart(one: str, other: str) -> float:
    return distance(phones(one), phones(other))


def test_no_new_pair_sounds_alike() -> None:
    alike = inspection.sounding_alike()
    new = [
        pair
        for pair in alike
        if (pair.intent, pair.other_intent) not in ACCEPTED
        and (pair.other_intent, pair.intent) not in ACCEPTED
        and not (PACK.groups[pair.intent] == PACK.groups[pair.other_intent] and PACK.groups[pair.intent] in HARMLESS)
    ]
    assert new == []
    found = {frozenset((pair.intent, pair.other_intent)) for pair in alike}
    assert {pair for pair in ACCEPTED if frozenset(pair) not in found} == set(), "accepted for nothing: take it out"


@pytest.mark.parametrize(
    "pair", ["start the set, stop the set", "hip hurts, it hurts", "butt lifted, back lifted", "next set, next step"]
)
def test_what_was_confused_is_near(pair: str) -> None:
    assert apart(*pair.split(", ")) < MAX_DISTANCE


@pytest.mark.parametrize("pair", ["stop, pause", "skip rest, next", "yes, no", "resume, finish set", "stop, start set"])
def test_what_is_never_confused_is_far(pair: str) -> None:
    assert apart(*pair.split(", ")) > 1.8 * MAX_DISTANCE


def test_it_is_a_distance() -> None:
    one, other = phones("my back lifted"), phones("it's too heavy")
    assert distance(one, one) == 0
    assert distance(one, other) == pytest.approx(distance(other, one))
    # pat/bat differ by voicing, pat/sat by more, pat/mow in all phones: the nearer the phones, the nearer the phrases.
    assert 0 < apart("pat", "bat") < apart("pat", "sat") < apart("pat", "mow") <= 1


def test_the_shorter_of_two_is_compared_whole() -> None:
    """The phones that only the longer phrase has cost something: the shorter one is not matched with a part of it."""
    assert apart("pause", "pause the set") > 0.3
    assert apart("no", "no thanks") > 0.3


@pytest.mark.parametrize(
    ("word", "sounds"),
    [
        ("stop", "s t ɑ p"),
        ("bottom", "b ɑ t ə m"),
        ("change", "tʃ eɪ n dʒ"),
        ("hear", "h ɪ ɹ"),
        ("quiet", "k w aɪ ə t"),
        ("wasn't", "w ə z ə n t"),
        ("thwomp", "θ w ɑ m p"),
    ],
)
def test_any_word_has_sounds(word: str, sounds: str) -> None:
    """espeak's signs for sounds are reduced to fewer, and no word needs a dictionary."""
    assert phones(word) == tuple(sounds.split())


def test_no_sign_of_espeaks_is_left_out_but_marks() -> None:
    words = {word for intent in PACK.groups for phrase in GRAMMAR.plain_phrases(intent) for word in phrase.split()}
    signs = "".join(espeak.ipa(word) for word in sorted(words))
    assert {sign for sign in signs if not phones_of(sign)} <= set("_ˈˌːʰ\u0329")


def test_they_are_printed_with_their_distances(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["commands", "--alike", "--state", "stuck"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [float(line[:4]) for line in lines] == sorted(float(line[:4]) for line in lines)
    assert any("KneesOut: my knees went out  |  KneesIn: my knees went in" in line for line in lines)
    assert not any("SkipRest" in line for line in lines)
