"""Random talks: whatever is said whenever, these things hold."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.commands import Command, End, Manner, Say, StopSpeaking
from coach.dialogue.desk import DANGER
from coach.events import Event, Heard, SessionStarted
from tests.talk import FADE_S, GRAMMAR, Talk, plan_of, spoken

WAITS = (0.0, 0.04, 0.3, 0.7, 1.0, 2.6, 5.0, 9.3, 31.0, 95.0)
TEMPOS = ("4-1-2-0", "2-0-1-0", "3-1-2-2", "3-0-x-0")
STARTS = {"StartSet", "Next", "Resume"}
"""Intents that may start the count."""
USUAL = sorted(
    [
        "Pause",
        "Resume",
        "Resume",
        "Stop",
        "BackLifted",
        "FinishSet",
        "SetReps",
        "RepsLeft",
        "WhichSet",
        "HowDeep",
        "Slower",
        "Faster",
        "EndWorkout",
        "Yes",
        "Skip",
        "Next",
        "Repeat",
        "Why",
        "Pain",
        "MoreRest",
        "SetRest",
        "SetSets",
        "SetTempo",
        "SetUp",
        "Help",
    ]
)
"""Intents that move the talk on."""
PHRASES = {intent: spoken(intent)[:: max(1, len(spoken(intent)) // 12)] for intent in GRAMMAR.intents}
EPSILON = 1e-6

KINDS = ("final", "live", "live", "usual", "usual", "usual", "count", "count", "partial", "grows", "unknown")
Walk = list[tuple[float, int, str]]
walks = st.lists(
    st.tuples(st.sampled_from(WAITS), st.integers(0, 10_000), st.sampled_from(KINDS)), min_size=4, max_size=20
)


def walk_of(seed: int) -> tuple[Walk, str]:
    """A long walk and a tempo; Hypothesis keeps its own ones short."""
    chance = Random(seed)
    steps = [(chance.choice(WAITS), chance.randrange(10_000), chance.choice(KINDS)) for _ in range(25)]
    return steps, chance.choice(TEMPOS)


@dataclass(slots=True)
class Watch:
    """Looks at every event of a talk and what it led to."""

    talk: Talk
    deaf: bool = False
    """On an open speaker words may be taken for an echo: what they would do is not expected."""
    latest: float = 0.0
    hurt: bool = False
    """Pain was told, and no new set asked for."""
    held: bool = False
    """A stop was asked for, and nothing to go on."""

    def __call__(self, event: Event, commands: tuple[Command, ...]) -> None:
        talk = self.talk
        assert event.at >= self.latest
        self.latest = event.at
        due = talk.conversation.next_deadline()
        assert due is None or due >= event.at, (due, event)
        silenced = max((index for index, one in enumerate(commands) if isinstance(one, StopSpeaking)), default=-1)
        for index, command in enumerate(commands):
            match command:
                case Say() if index > silenced:
                    assert command.at >= event.at, (command, event)
                    assert not re.search(r"(^|[.?!] )lock\b", command.text.lower()), command
                    if command.manner is Manner.COUNT:
                        assert talk.parent == "set", (command, talk.state)
                        assert not self.hurt, command
                        assert not self.held, command
                case End():
                    assert command.at >= max(line.ends for line in talk.lines) - EPSILON
        if talk.parent != "set":
            waiting = [line for line in talk.lines if line.begins > event.at and line.say.manner is not Manner.SENTENCE]
            assert waiting == [], (talk.state, waiting)

    def told(self, intent: str) -> None:
        """Before the words are received: what they allow or forbid."""
        self.talk.wait(0)
        if self.deaf:
            return
        if intent in ("Pain", "Dizzy"):
            self.hurt = True
        elif intent == "Stop":
            self.held = True
        elif intent in STARTS and intent in self.talk.live:
            self.held = False
            self.hurt = self.hurt and intent == "Resume"


def perform(walk: Walk, tempo: str, *, open_speaker: bool = False, late: bool = False) -> Talk:
    """The walk as a talk, every event of it watched.

    `late`: now and then the words come in one event with what fell due before them.
    """
    talk = Talk(plan_of(reps=3, sets=2, rest=40, tempo=tempo), open_speaker=open_speaker, greeted=False)
    watch = talk.after = Watch(talk, open_speaker)
    talk.receive(SessionStarted(0.0))
    utterance = 1000
    for wait, number, kind in walk:
        talk.wait(wait)
        if talk.ended_at is not None:
            break
        choice = sorted(GRAMMAR.intents if kind == "final" else talk.live or GRAMMAR.intents)
        if kind == "usual":
            choice = USUAL
        intent = "StartSet" if kind == "count" else choice[number % len(choice)]
        text = PHRASES[intent][number % len(PHRASES[intent])]
        utterance += 1
        if kind == "unknown":
            talk.hears("" if number % 2 else "we went to the lake")
            continue
        if kind == "grows":
            # The words that lead up to the phrase may be a phrase themselves, and come first.
            words = text.split()
            for end in range(1, len(words) + 1):
                part = " ".join(words[:end])
                meant = GRAMMAR.understand(part, talk.live or GRAMMAR.intents)
                if meant is not None:
                    watch.told(meant.name)
                talk.hears(part, final=False, utterance=utterance)
                talk.wait(0.1)
        if kind in ("partial", "grows"):
            watch.told(intent)
            talk.hears(text, final=False, utterance=utterance)
            talk.wait(0.2)
        due = talk.conversation.next_deadline()
        if late and number % 3 == 0 and due is not None and due < talk.now + 2.0:
            watch.deaf, watch.held, watch.hurt = True, False, False
            talk.receive(Heard(due + 0.01, due - 0.5, text, 1.0, utterance, final=True))
            continue
        watch.told(intent)
        talk.hears(text, utterance=utterance, confidence=1.0 if number % 5 else 0.6)
    return talk


def check_timeline(talk: Talk) -> None:
    """No line lies over another, counts keep their second, repetitions follow each other."""
    lines = sorted(talk.lines, key=lambda line: line.begins)
    for before, after in itertools.pairwise(lines):
        assert before.ends <= after.begins + EPSILON, (before, after)
    counts = sorted(line.say.at for line in lines if line.say.manner is Manner.COUNT)
    for earlier, later in itertools.pairwise(counts):
        assert later - earlier >= 1.0 - EPSILON, (earlier, later)
    expected = 1
    for entry in talk.records:
        if entry.kind == "rep":
            assert entry.fields["rep"] in (expected, 1), talk.records
            expected = int(entry.fields["rep"]) + 1
        elif entry.kind == "set":
            assert entry.fields["reps"] == expected - 1, talk.records
            expected = 1


often = settings(
    derandomize=True, deadline=None, max_examples=120, database=None, suppress_health_check=[HealthCheck.too_slow]
)


@often
@given(walks, st.sampled_from(TEMPOS))
def test_whatever_is_said_and_then_stop(walk: Walk, tempo: str) -> None:
    talk = perform(walk, tempo)
    if talk.ended_at is None:
        said = talk.now
        placed = len(talk.lines)
        watch = talk.after
        assert isinstance(watch, Watch)
        watch.told("Stop")
        talk.hears("stop")
        assert talk.state == "stopped"
        for line in talk.lines[:placed]:
            if line.say.line <= placed and line.say.source not in DANGER:
                assert line.ends <= said + FADE_S + EPSILON or line.begins >= said, line
        talk.wait(200)
        assert talk.state == "stopped"
        assert talk.counts_since(said) == []
    check_timeline(talk)


@pytest.mark.parametrize("open_speaker", [False, True])
def test_whatever_is_said(open_speaker: bool) -> None:
    for seed in range(100):
        walk, tempo = walk_of(seed)
        try:
            check_timeline(perform(walk, tempo, open_speaker=open_speaker))
        except Exception as fault:
            fault.add_note(f"in the walk of seed {seed}")
            raise
