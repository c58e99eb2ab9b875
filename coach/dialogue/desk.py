"""What every scene of the conversation works with: the plan, the progress, the floor, and the commands so far."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum

from coach.commands import Command, DropLines, Manner, Say, StopSpeaking, Write
from coach.content.model import Line, Pack
from coach.dialogue.deadlines import Deadlines
from coach.dialogue.floor import Floor, Spoken
from coach.dialogue.states import Moves
from coach.language.speech import load, repetitions, sets
from coach.ports import Measure
from coach.records import Record
from coach.training.plan import Plan, Progress


class Verbosity(Enum):
    """How much is said between the counts."""

    COUNTS_ONLY = 0
    FEW = 1
    FULL = 2


DANGER = frozenset({"stop.now", "pain.now", "pain.rest"})
"""Lines that nothing may cut."""


@dataclass(slots=True)
class Desk:
    """The one mutable object of a conversation; scenes share it, nothing outside `dialogue` sees it."""

    pack: Pack
    plan: Plan
    measure: Measure
    verbosity: Verbosity = Verbosity.FULL
    volume: float = 0.0
    """Decibels below full."""
    pace: int = 100
    """Per cent of the usual speed of sentences."""
    progress: Progress = field(default_factory=Progress)
    moves: Moves = field(init=False)
    floor: Floor = field(init=False)
    deadlines: Deadlines = field(default_factory=Deadlines)
    out: list[Command] = field(default_factory=list)
    """Commands of the event being received."""
    turn: list[Say] = field(default_factory=list)
    """What was said since the lifter last had the floor: the words of `repeat`."""
    now: float = 0.0
    """Of the event being received."""
    why: Line | None = None
    """The reason behind what was said last, for `why`."""
    _variants: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.moves = Moves([step.id.split(".", 1)[1] for step in self.pack.setup])
        self.floor = Floor(self.measure)

    def words(self, line: Line, **slots: str) -> str:
        """The line's wording for this time: variants take fixed turns, nothing is left to chance."""
        turn = self._variants.get(line.id, 0)
        self._variants[line.id] = turn + 1
        text = line.say[turn % len(line.say)].format(**slots)
        return text[0].upper() + text[1:] if line.manner is Manner.SENTENCE else text

    def say(self, now: float, prompt: str, **slots: str) -> float:
        """Say a prompt when the floor is free; returns when it will have been said."""
        return self.say_line(now, self.pack.prompts[prompt], **slots)

    def say_line(self, now: float, line: Line, **slots: str) -> float:
        """Say any line of the pack when the floor is free; returns when it will have been said."""
        return self.say_words(now, self.words(line, **slots), line.id)

    def say_words(self, now: float, text: str, source: str) -> float:
        """Say these words when the floor is free; returns when they will have been said."""
        say = self.floor.after_speech(max(now, self.now), text, Manner.SENTENCE, source)
        self.out.append(say)
        self.turn.append(say)
        return self.floor.next_free(now)

    def count(self, onset: float, text: str, manner: Manner, source: str, beat: str = "") -> None:
        """Say a word on a beat, or a cue between two; after a stall, what is past is left out, not caught up with."""
        if onset >= self.now:
            self.out.append(self.floor.at_onset(onset, text, manner, source, beat))

    def say_summary(self, now: float) -> None:
        """What was done today."""
        done = self.progress.done
        if not done:
            self.say(now, "summary.none")
            return
        told = {"sets": sets(len(done)), "reps": repetitions(self.progress.reps_done)}
        weight = done[-1].load
        if weight is None:
            self.say(now, "summary", **told)
        else:
            self.say(now, "summary.load", load=load(weight.amount, weight.unit), **told)

    def silence(self, now: float) -> tuple[Spoken, ...]:
        """Fall silent, but for a danger line; returns the lines that were not heard whole."""
        silenced = self.floor.silence(now, DANGER)
        if silenced.lost and silenced.goes_on:
            self.out.append(DropLines(frozenset(spoken.say.line for spoken in silenced.lost)))
        elif silenced.lost:
            self.out.append(StopSpeaking(now))
        return silenced.lost

    def record(self, record: Record) -> None:
        """Write this down, its time to the millisecond."""
        self.out.append(Write(replace(record, at=round(record.at, 3))))
