"""What words do to a session: the moments in which people speak, and what their words mean in these moments.

Law: an effect is judged from outside, by what the coach says, counts and plans, and by its state, never by the words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from coach.commands import Manner
from coach.training.plan import Load
from lab.rigs.talk import PACK, Talk, plan_of

FILE = yaml.safe_load((Path(__file__).parent / "said" / "states.yaml").read_text())
DANGER = ("stops", "pain", "dizzy", "stuck")
"""Names of the effects of words of danger."""


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the file: words, and the effect that they should have in a moment."""

    part: str
    moment: str
    effect: str
    words: str


def lines() -> Iterator[Said]:
    for part, moments in FILE.items():
        for moment, effects in moments.items():
            for effect, texts in effects.items():
                yield from (Said(part, moment, effect, text) for text in texts)


# --- the moments


def _after(talk: Talk, words: str) -> Talk:
    """Say the words, and wait until everything that follows by itself was said."""
    talk.hears(words)
    for _ in range(3):
        talk.wait_until_quiet()
        talk.wait(2.5)
    talk.wait_until_quiet()
    return talk


def _countdown() -> Talk:
    talk = Talk(plan_of(reps=4))
    talk.hears("start set")
    talk.wait_for("set.countdown")
    talk.wait(0.5)
    return talk


def _without_beat() -> Talk:
    """A set without a beat: two repetitions are done, and the third one takes its time."""
    talk = Talk(plan_of(reps=8), wanted={"counts": "lifter"})
    talk.hears("start set")
    talk.wait_for("set.moving")
    for _ in range(2):
        talk.wait(8)
        talk.hears("up")
    talk.wait(7)
    return talk


def _interrupted(words: str) -> Talk:
    return _after(Talk(plan_of(reps=4)).in_set("set.lowering", 2), words)


def _ready() -> Talk:
    talk = _after(Talk(), "set up")
    while talk.state != "ready":
        _after(talk, "next")
    return talk


def _rest(sets: int = 3, rest: int = 60) -> Talk:
    talk = Talk(plan_of(reps=1, sets=sets, rest=rest))
    talk.hears("start set")
    talk.wait_for("resting" if sets > 1 else "finished")
    talk.wait(8)
    talk.wait_until_quiet()
    return talk


def _asked_how_many() -> Talk:
    talk = Talk(replace(plan_of(reps=1, sets=3), load=Load(80.0, "kg")))
    talk.hears("start set")
    talk.wait_for("resting")
    talk.wait(7)
    return talk


def _proposed(left: str) -> Talk:
    talk = _asked_how_many()
    talk.hears(f"{left} left")
    talk.wait(6)
    return talk


def _rest_held() -> Talk:
    return _after(_rest(), "pause the rest")


def _rest_over() -> Talk:
    talk = _rest()
    talk.wait_for("ready")
    talk.wait_until_quiet()
    return talk


MOMENTS: dict[str, Callable[[], Talk]] = {
    "countdown": _countdown,
    "set": lambda: Talk(plan_of(reps=8)).in_set("set.lowering", 2),
    "without a beat": _without_beat,
    "correcting": lambda: _interrupted("my back lifted"),
    "paused": lambda: _interrupted("pause"),
    "stopped": lambda: _interrupted("stop"),
    "stuck": lambda: _interrupted("i'm stuck"),
    "after pain": lambda: _interrupted("it hurts"),
    "idle": Talk,
    "ready": _ready,
    "set-up": lambda: _after(_after(Talk(), "set up"), "next"),
    "resting": _rest,
    "asked how many were left": _asked_how_many,
    "a choice": lambda: _proposed("two"),
    "more is proposed": lambda: _proposed("four"),
    "less is proposed": lambda: _proposed("none"),
    "rest held": _rest_held,
    "rest over": _rest_over,
    "finished": lambda: _rest(sets=1),
}


# --- the effects


def step_of(talk: Talk) -> int:
    """Number of the set-up's current step, from 0; the number of all steps when the set-up is over."""
    steps = [step.id for step in PACK.setup]
    return steps.index(talk.state) if talk.state in steps else len(steps)


@dataclass(slots=True)
class Aftermath:
    """What happened after the words."""

    talk: Talk
    at: float
    """When the words were said."""
    state: str
    """The state before the words."""
    tempo: str
    step: int

    @classmethod
    def of(cls, talk: Talk) -> Aftermath:
        """A course that begins now: the words are said next."""
        return cls(talk, talk.now, talk.state, talk.conversation.snapshot().plan.tempo, step_of(talk))

    @property
    def intent(self) -> str:
        understood = self.talk.conversation.snapshot().understood
        return understood.intent if understood is not None and understood.at == self.at else ""

    def wait(self, seconds: float) -> Aftermath:
        self.talk.wait_until(self.at + seconds)
        return self

    def counts(self, seconds: float) -> bool:
        """Whether something was counted within this time, except a word that was under way."""
        self.wait(seconds)
        found = [line for line in self.talk.lines if self.at + 1.0 < line.begins <= self.at + seconds]
        return any(line.say.manner is Manner.COUNT for line in found)

    @property
    def rep(self) -> int:
        """Repetitions done in the open set."""
        return self.talk.conversation.snapshot().rep

    def says(self, seconds: float = 6.0) -> bool:
        """Whether the coach said something within this time."""
        self.wait(seconds)
        return any(
            line.say.manner is not Manner.COUNT and self.at < line.begins <= self.at + seconds
            for line in self.talk.lines
        )

    @property
    def steps(self) -> int:
        """Number of steps by which the set-up has moved."""
        return step_of(self.talk) - self.step

    def asks_or_ends(self) -> bool:
        self.wait(4)
        if self.talk.ended_at is None:
            self.talk.hears("yes")
        return self.talk.ended_at is not None


def _logs(left: str) -> Callable[[Aftermath], bool]:
    return lambda course: course.wait(1).talk.heard_since(course.at)[:1] == [f"So you had {left} left."]


def _load(kilos: int) -> Callable[[Aftermath], bool]:
    return lambda course: course.says(2) and course.talk.conversation.snapshot().plan.load == kilos


def _danger(intent: str) -> Callable[[Aftermath], bool]:
    return lambda course: course.intent == intent and course.says() and not course.counts(12) and _halted(course)


def _rest_of(course: Aftermath) -> int:
    return course.talk.conversation.snapshot().plan.rest


def _halted(course: Aftermath) -> bool:
    return course.talk.outer_state != "set"


EFFECTS: dict[str, Callable[[Aftermath], bool]] = {
    "third": lambda course: course.wait(1).rep == 3 and course.talk.heard_since(course.at)[:1] == ["rep three"],
    "not counted": lambda course: course.wait(1).rep == 2 and course.talk.state == "set.moving",
    "stops": _danger("Stop"),
    "pain": _danger("Pain"),
    "dizzy": _danger("Dizzy"),
    "stuck": _danger("Stuck"),
    "halts": lambda course: not course.counts(6),
    "pauses": lambda course: not course.counts(10) and course.talk.outer_state == "paused",
    "waits": lambda course: not course.counts(12),
    "finishes": lambda course: not course.counts(8) and course.wait(20).talk.outer_state in ("resting", "finished"),
    "ends": lambda course: course.asks_or_ends(),
    "goes_on": lambda course: course.counts(20),
    "starts": lambda course: course.wait(6).talk.outer_state == "set" and course.counts(25),
    "told": lambda course: course.says() and not course.counts(10),
    "again": lambda course: course.says() and not course.counts(10),
    "here": lambda course: course.says() and not course.counts(6),
    "better": lambda course: course.intent == "Better" and course.says() and not course.counts(20),
    "left": lambda course: course.intent in ("RepsLeft", "WhichRep", "RestLeft") and course.says(),
    "sets": lambda course: course.intent == "WhichSet" and course.says(),
    "load": lambda course: course.intent == "WhatLoad" and course.says(),
    "reps": lambda course: course.intent == "SetReps",
    "plan": lambda course: (
        course.says()
        and (course.talk.conversation.snapshot().plan.sets, course.talk.conversation.snapshot().plan.reps) == (3, 10)
    ),
    "slower": lambda course: course.wait(5).talk.conversation.snapshot().plan.tempo > course.tempo,
    "louder": lambda course: course.intent == "Louder",
    "next": lambda course: course.says() and course.steps == 1,
    "back": lambda course: course.says() and course.steps == -1,
    "over": lambda course: course.says() and step_of(course.talk) == 0,
    "skips": lambda course: course.says() and course.talk.state == "ready",
    "more": lambda course: course.says() and course.talk.state == "resting",
    "anew": lambda course: course.wait(8).talk.conversation.snapshot().rep == 0 and course.counts(20),
    "asks_anew": lambda course: (
        not course.counts(10)
        and course.talk.hears("yes") != []
        and course.wait(20).talk.conversation.snapshot().rep == 0
    ),
    "holds": lambda course: course.says() and course.wait(120).talk.state == "resting",
    "stands": lambda course: course.wait(120).talk.state == "resting",
    "runs": lambda course: course.says() and course.wait(60).talk.state == "ready" and not course.counts(70),
    "shorter": lambda course: (
        course.says() and course.talk.state == "resting" and course.wait(43).talk.state == "ready"
    ),
    "over_at_once": lambda course: course.says() and course.wait(1).talk.state == "ready",
    "stays_over": lambda course: course.says() and course.wait(30).talk.state == "ready",
    "thirty": lambda course: (
        course.wait(29).talk.state == "resting" and course.wait(31).talk.state == "ready" and _rest_of(course) == 30
    ),
    "zero": lambda course: course.says() and course.talk.outer_state in ("idle", "ready") and _rest_of(course) == 0,
    "none": _logs("none"),
    "one": _logs("one"),
    "two": _logs("two"),
    "three": _logs("three"),
    "four": _logs("four"),
    "one done": lambda course: course.wait(1).talk.heard_since(course.at)[:1] == ["One rep done."],
    "not known": lambda course: course.wait(1).talk.heard_since(course.at)[:1] == ["The load stays."],
    "asked again": lambda course: course.wait(1).talk.heard_since(course.at)[:1] == ["Say a number, or none."],
    "at 75": _load(75),
    "at 80": _load(80),
    "at 85": _load(85),
    "nothing": lambda course: not course.says(2) and course.talk.state == course.state,
}
"""A test for each effect. An effect that is the name of a report or question: it was understood, and the coach says
something about it."""


def does(talk: Talk, words: str, effect: str) -> bool:
    """Say the words now; return whether they have this effect."""
    course = Aftermath.of(talk)
    talk.hears(words)
    known = EFFECTS.get(effect)
    return known(course) if known is not None else course.intent == effect and course.says()
