"""What a lifter can say: every wording belongs to one intent, can be heard, and starts nothing by accident."""

from __future__ import annotations

import pytest

from coach.content.commands_check import parts
from coach.content.loader import load_pack
from coach.content.schema import Group
from coach.dialogue.intents import INTENTS
from coach.language.grammar import Grammar

PACK = load_pack(INTENTS)
GRAMMAR = Grammar(PACK.commands)


def test_no_phrase_belongs_to_two_intents() -> None:
    owners: dict[tuple[str, ...], set[str]] = {}
    for intent in PACK.groups:
        for phrase in GRAMMAR.phrases(intent):
            owners.setdefault(phrase, set()).add(intent)
    assert {phrase: its for phrase, its in owners.items() if len(its) > 1} == {}


def test_every_intent_can_be_said_in_several_ways() -> None:
    few = {intent for intent in PACK.groups if len(GRAMMAR.phrases(intent)) < 2}
    assert few == set()


def test_no_other_phrase_holds_a_safety_phrase() -> None:
    """Safety acts on the beginning of an utterance: a phrase that begins with a safety phrase would never
    be finished.
    """
    safety = {intent for intent, group in PACK.groups.items() if group is Group.SAFETY}
    alarms = {phrase for phrase in GRAMMAR.anywhere() if GRAMMAR.understand(phrase, frozenset(safety))}
    assert alarms
    for intent in PACK.groups.keys() - safety:
        for phrase in GRAMMAR.phrases(intent)[:: 1 + len(GRAMMAR.phrases(intent)) // 40]:
            assert alarms.isdisjoint(parts(phrase)), phrase


@pytest.mark.parametrize(
    "word", ["so", "right", "come on", "push", "nice one", "light weight", "set", "you got this", "last one come on"]
)
def test_gym_talk_is_no_command(word: str) -> None:
    assert GRAMMAR.understand(word, GRAMMAR.intents) is None


SAID = {
    "Stop": "stop, stop it, emergency",
    "Stuck": "i'm stuck, it won't move, i can't, i can't get it up, i'm failing, i need help, spot me, help",
    "Pain": "it hurts",
    "Dizzy": "i feel dizzy, i can't breathe",
    "SetUp": "set up",
    "Next": "next",
    "Go": "go, ready, i'm ready, let's go",
    "Done": "done, i'm done, that's it",
    "Repeat": "repeat",
    "Why": "why",
    "Skip": "skip",
    "StartSet": "start set, start the next set",
    "Pause": "pause, hold on, wait a second",
    "Resume": "resume, continue",
    "FinishSet": "finish set",
    "SkipRest": "skip rest",
    "MoreRest": "more rest",
    "EndWorkout": "end workout, i want to quit",
    "Yes": "yes",
    "No": "no",
    "Help": "what can i say",
    "RepsLeft": "how many left",
    "WhichSet": "what set is this",
    "Slower": "slower",
    "Faster": "faster",
    "Louder": "louder",
    "Quieter": "quieter",
    "MoreCues": "more cues",
    "FewerCues": "fewer cues",
    "CountsOnly": "counts only",
    "WhyHighFeet": "why high feet",
    "WhyNarrow": "why narrow",
    "HowDeep": "how deep, how deep should i go, how far down",
    "HowBreathe": "how should i breathe",
    "WhatTempo": "what tempo",
    "WhatFeel": "what should i feel",
    "WhatMistakes": "what mistakes",
    "WhatWorks": "what does this work",
    "BackLifted": "my lower back rounded, my back came off the pad",
    "HipsLifted": "my hips lifted, my butt came up",
    "KneesIn": "my knees caved in, my knees went in",
    "KneesOut": "my knees flared, my knees went out",
    "Toes": "i pushed through my toes, my heels lifted",
    "LockedKnees": "i locked my knees, locked out",
    "TooHeavy": "it's too heavy",
    "TooFast": "i went too fast, i bounced it, i used momentum",
    "NoHamstrings": "i can't feel my hamstrings, i feel it in my quads",
    "HeldBreath": "i held my breath, i lost my breathing",
    "NotDeep": "i didn't go deep enough",
    "FeetPlacement": "my feet are too low, my stance is too wide",
}


@pytest.mark.parametrize(("intent", "phrases"), SAID.items())
def test_what_a_lifter_says(intent: str, phrases: str) -> None:
    for said in phrases.split(", "):
        meant = GRAMMAR.understand(said, GRAMMAR.intents)
        assert meant is not None, said
        assert meant.name == intent, said


@pytest.mark.parametrize(
    ("said", "slots"),
    [
        ("ten reps", {"reps": 10}),
        ("just one rep", {"reps": 1}),
        ("three sets", {"sets": 3}),
        ("rest ninety seconds", {"seconds": 90}),
        ("rest ninety", {"seconds": 90}),
        ("rest a minute and a half", {"seconds": 90}),
        ("two minutes rest", {"seconds": 120}),
        ("ninety kilos", {"load": 90, "unit": "kg"}),
        ("put on two hundred pounds", {"load": 200, "unit": "lb"}),
        ("set the weight to ninety two and a half kilos", {"load": 92.5, "unit": "kg"}),
        ("tempo three one two", {"eccentric": 3, "bottom": 1, "concentric": 2}),
        ("tempo four oh two zero", {"eccentric": 4, "bottom": 0, "concentric": 2, "top": 0}),
    ],
)
def test_numbers_a_lifter_says(said: str, slots: dict[str, object]) -> None:
    meant = GRAMMAR.understand(said, GRAMMAR.intents)
    assert meant is not None
    assert dict(meant.slots) == slots
