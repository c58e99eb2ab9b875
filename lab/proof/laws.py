"""The laws of every conversation, and the exception for a law that is broken."""

from __future__ import annotations

from enum import Enum

SLACK_S = 2e-6
"""Times are rounded to the microsecond."""


class Law(Enum):
    """The promises, in words for people."""

    STOP = "from every state, stop silences, and where a set is open it stops"
    NO_COUNT = "nothing is counted while stopped, paused or correcting"
    PAIN = "after pain, dizziness or a platform that is stuck nothing is counted without a yes"
    PLATFORM = "nothing is counted while the catches are in, nor before the platform is known to be up"
    SAFETY = "every question under the load leads to the catches by itself"
    OWED = "a safety line that was not heard is said again, before anything else"
    BREATH = "no breath is cued on full lungs, and none is held for ten seconds"
    LOCK = "nobody is told to lock the knees"
    REPS = "repetitions are numbered one after the other"
    SIDES = "one side is trained after the other, each once a set"
    RAMP = "warm-ups come before the working sets, and are lighter"
    EFFORT = "after pain, a stuck platform or the gravest fault no higher load is proposed"
    PLAN = "counts are never closer than the plan says"
    REST = "a rest is never less than nothing, ends when the coach said, and stands still while it is held"
    LOAD = "a load is more than nothing, at most as much as can be said, and exact to a quarter"
    LEAVE = "every state can be left by voice"
    MUTE = "the coach is never mute without a live command"
    QUESTION = "a question can be answered: the coach does not speak into it"
    JOURNAL = "the journal matches what was said"
    DANGER = "under the load the danger line is said, and said to its end"
    FLOOR = "no line lies over another"
    TIME = "what is due is done, and nothing is said into the past"
    CRASH = "no words and no fault of the world end the session"


class LawBroken(AssertionError):  # noqa: N818  named for what happened
    """A law was broken."""

    def __init__(self, law: Law, at: float, saw: str, *instead: str) -> None:
        """`at`: session second of the failing moment. `instead`: steps of a script for what should have happened."""
        super().__init__(f"{law.value}: at {at:.3f}: {saw}")
        self.law = law
        self.at = at
        self.saw = saw
        self.instead = instead


def silent_past(at: float) -> str:
    """Returns the step of a script that refuses a line of the coach with that onset."""
    return f"until: {at + 0.01:.3f}"
