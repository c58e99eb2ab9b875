"""The journal held against what was said: every number the coach speaks is one that was written down."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import assert_never

from coach.commands import Say
from coach.content.model import Pack
from coach.language.numbers import in_words
from coach.language.speech import repetitions, sets
from coach.records import (
    Amended,
    Began,
    Correction,
    Extra,
    Pain,
    Preference,
    Record,
    Rep,
    Resumed,
    Set,
    SetBegan,
    Stop,
    Stuck,
    Workout,
)
from tests.proof.laws import Broken, Law
from tests.proof.timeline import Sounding

REP = "count.rep"
_KEPT = 100


class Ledger:
    """Reads the records as they are written and the lines as they are said."""

    def __init__(self, pack: Pack) -> None:
        self._pack = pack
        self.rep = 0
        """Repetitions written down in the open set."""
        self._parts = 0
        """Of these, the ones in lines of the log: a set in which the load was changed has several."""
        self.done: list[int] = []
        """Repetitions of the sets that were written down."""
        self._written: dict[int, int] = {}
        """Moment in milliseconds -> repetition, of the last ones."""

    @property
    def total(self) -> int:
        return sum(self.done) + self.rep

    def begin_set(self) -> None:
        """A new set: its repetitions begin at one."""
        self.rep = self._parts = 0

    def write(self, record: Record, coming: list[Sounding], stalled: bool) -> None:
        """One entry. `coming` holds what sounds at its moment; after a stall a count may have been left out."""
        at = record.at
        match record:
            case Rep():
                self.rep += 1
                if (record.set, record.rep) != (len(self.done) + 1, self.rep):
                    raise Broken(Law.REPS, at, f"{record} was written, not set {len(self.done) + 1} rep {self.rep}")
                self._written[round(at * 1000)] = self.rep
                if len(self._written) > _KEPT:
                    del self._written[next(iter(self._written))]
                text = f"rep {in_words(self.rep)}"
                said = any(abs(line.say.at - at) < 0.0011 and line.say.text == text for line in coming)
                if not said and not stalled:
                    raise Broken(
                        Law.JOURNAL, at, f"rep {self.rep} was written and not said", f'at: {at:.3f}, counts: "{text}"'
                    )
            case Set():
                wanted = (len(self.done) + 1, self.rep - self._parts)
                if record.set != wanted[0] or not 0 < record.reps <= wanted[1]:
                    saw = f"{record} was written, not set={wanted[0]} reps={wanted[1]}"
                    instead = f'journal: "set set={wanted[0]} reps={wanted[1]}"'
                    raise Broken(Law.JOURNAL, at, saw, instead)
                self._parts += record.reps
                if self._parts == self.rep:
                    self.done.append(self.rep)
                    self.begin_set()
            case Workout():
                self._end(record)
            case Stop() | Stuck() | Pain() | Correction():
                wanted = (len(self.done) + 1, self.rep)
                if (record.set, record.rep) != wanted:
                    raise Broken(Law.JOURNAL, at, f"{record} was written in set, rep {wanted}")
            case Began() | Resumed() | SetBegan() | Amended() | Preference() | Extra():
                # Nothing here is counted by them.
                pass
            case _:
                assert_never(record)

    def _end(self, record: Workout) -> None:
        wanted = (len(self.done), self.total)
        if (record.sets, record.reps) != wanted or self.rep:
            raise Broken(Law.JOURNAL, record.at, f"{record} was written, not {wanted}, {self.rep} left over")

    def sounded(self, line: Sounding) -> None:
        """A line was heard: a repetition that was said was written."""
        if line.say.source == REP and line.sounded():
            at = round(line.say.at * 1000)
            # The journal rounds to the millisecond.
            rep = next((self._written[near] for near in (at, at - 1, at + 1) if near in self._written), None)
            if rep is None or line.say.text != f"rep {in_words(rep)}":
                raise Broken(Law.JOURNAL, line.say.at, f"{line.say.text!r} was said, {rep} was written")

    def say(self, say: Say) -> None:
        """What a line tells about the workout is what was written."""
        told: dict[str, Callable[[], dict[str, str]]] = {
            "set.intro": lambda: {"set": in_words(len(self.done) + 1)},
            "set.intro_own": lambda: {"set": in_words(len(self.done) + 1)},
            "resume.intro": lambda: {"rep": in_words(self.rep + 1)},
            "resume.unrack": lambda: {"rep": in_words(self.rep + 1)},
            "set.finished": lambda: {"reps": repetitions(self.rep)},
            "summary": lambda: {"sets": sets(len(self.done)), "reps": repetitions(self.total)},
            "summary.load": lambda: {"sets": sets(len(self.done)), "reps": repetitions(self.total)},
            "rest.over": lambda: {"set": in_words(len(self.done) + 1)},
        }
        if say.source not in told:
            return
        for name, words in told[say.source]().items():
            if self._slot(say, name).lower() != words:
                raise Broken(Law.JOURNAL, say.at, f"{say.text!r} was said, {name} is {words!r} in the journal")

    def _slot(self, say: Say, name: str) -> str:
        """The words that stand in a slot of the line."""
        for wording in self._pack.prompts[say.source].say:
            pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(wording))
            found = re.fullmatch(pattern, say.text, re.IGNORECASE)
            if found:
                return found[name]
        return ""
