"""A session played again from its journal: the lifter says what leads to the same records, when they were written.

Law: what comes by itself is waited for; for all else the words are said, in the same repetition and phase, or as long
after the record before as then. What does not come is left out, and told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

from coach.commands import Write
from coach.dialogue.states import MOVING, UNRACKING, State
from coach.ports import Happening
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
from coach.rehearsal.script import Step, StepKind
from coach.rehearsal.stage import REACTION_S, Stage
from coach.rehearsal.transcript import BEAT_S
from coach.rehearsal.wording import Wording
from coach.snapshot import Snapshot
from coach.training.tempo import Tempo

_BEFORE_THE_END_S = 0.2
"""What was reported in a phase is said before it ends."""
_AFTER_THE_BEAT_S = 0.1
"""On the beat itself nobody can tell which phase it is."""
_COUNTDOWN_S = 10.0
"""From "continue" to the first lowering, about."""
_PATIENCE_S = 900.0
"""What has not come so long after its time will not come: ten minutes is the longest rest."""
_MOST_TRIES = 3
_INTERRUPTED = (State.CORRECTING, State.PAUSED, State.STOPPED)
_DANGER = (State.HURT, State.STUCK)
_TOLD = (Correction, Stop, Pain, Stuck)
_SAME: Mapping[type[Record], tuple[str, ...]] = {
    SetBegan: ("set",),
    Rep: ("set", "rep", "side"),
    Set: ("set", "reps"),
    Amended: ("set", "reps", "left"),
    Correction: ("what", "set", "rep"),
    Pain: ("what", "set", "rep"),
    Stop: ("set", "rep"),
    Stuck: ("set", "rep"),
    Preference: ("name", "value"),
}
"""What must be the same in a record that is written again."""


def wishes(records: Sequence[Record]) -> list[Record]:
    """What is to be written again. Of an old or imported session, which does not tell, every set is begun."""
    found: list[Record] = []
    begun = 0
    told = any(isinstance(record, Began) and record.tempo for record in records)
    for record in records:
        if isinstance(record, Began | Extra):
            continue
        if not told and isinstance(record, Rep | Set | Correction | Stop | Stuck) and record.set > begun:
            begun = record.set
            found.append(SetBegan(found[-1].at if found else 0.0, begun))
        if isinstance(record, Preference) and found and isinstance(found[-1], SetBegan) and found[-1].at == record.at:
            # Said in one breath, and in a set it would wait for the end.
            found.insert(-1, record)
        else:
            found.append(record)
    return found


@dataclass(slots=True)
class Reenactor(Stage):
    """Plays the lifter; what the coach says is noted and held against nothing."""

    wording: Wording | None = None
    wanted: list[Record] = field(default_factory=list)
    """Not written yet, in order."""
    missed: list[Record] = field(default_factory=list)
    """Given up."""
    _before: tuple[float, float] = (0.0, 0.0)
    """When the record before was written: now, and then."""
    _seen: Snapshot | None = None
    _rep_done: float = 0.0
    """When the last one was."""
    _tries: int = 0
    """How often something was said for the record that is wanted next."""
    _spoke_in: str = ""
    """State in which that was."""

    def observe(self, happened: Happening) -> None:
        """Also what is written, and how it stands."""
        Stage.observe(self, happened)
        match happened:
            case Snapshot():
                self._seen = happened
            case Write(record):
                self._written(record)

    @property
    def over(self) -> bool:
        """All is written, or given up, and the coach has said what it had to say."""
        if self.wanted or not self._coming:
            return not self.wanted
        # A set that was not ended would be counted to its end.
        counting = self._seen is not None and self._seen.state.startswith(State.SET)
        return counting and self._now > self._before[0] + BEAT_S / 2

    def settle(self) -> None:
        """What waits in vain is given up."""
        while self.wanted and self._now > max(self._due_then(), self._before[0]) + _PATIENCE_S:
            self._give_up_next()

    def give_up(self, now: float) -> None:  # noqa: ARG002  as any stage
        """Nothing will happen by itself."""
        if self.wanted:
            self._give_up_next()

    def ended(self) -> None:
        """The conversation ended; what is still wanted does not come."""
        self.missed += self.wanted
        self.wanted = []

    def take_due(self, at: float) -> Step | None:
        """The words that are due."""
        text = self._words()
        if not text:
            self._give_up_next()
            return None
        self._tries += 1
        self._spoke_in = self._seen.state if self._seen is not None else ""
        self._mark = (at, at)
        return Step(0, StepKind.LIFTER, text, at=at)

    def _hold_against(self, line: object) -> None:
        """Everything may be said."""

    # --- what was written

    def _written(self, record: Record) -> None:
        if isinstance(record, Rep):
            self._rep_done = record.at
        if self.wording is not None:
            self.wording.note(record)
        place = next((place for place, one in enumerate(self.wanted) if _is_like(one, record)), None)
        if place is None or (place and isinstance(record, Rep | Preference | Amended)):
            return
        self.missed += self.wanted[:place]
        self._before = (record.at, self.wanted[place].at)
        self.wanted = self.wanted[place + 1 :]
        self._tries = 0

    def _give_up_next(self) -> None:
        self.missed.append(self.wanted.pop(0))
        self._tries = 0

    # --- what is said next, and when

    def _due_then(self) -> float:
        """When the next record comes if it takes as long as then."""
        now, then = self._before
        return now + max(0.0, self.wanted[0].at - then) if self.wanted else now

    def _moment(self) -> float | None:
        if not self.wanted or self._seen is None or self._tries >= _MOST_TRIES:
            return self._now if self.wanted and self._tries >= _MOST_TRIES and not self._coming else None
        wish = self.wanted[0]
        state = State(self._seen.state.partition(".")[0])
        quiet = None if self._coming else self._mark[1] + REACTION_S
        if self._tries and isinstance(wish, Rep | Set | Correction) and self._seen.state != self._spoke_in:
            # It goes on.
            self._tries = 0
        if self._tries:
            # It was said: what comes of it, and then once more, or yes to the question.
            return quiet
        if state is State.SET:
            return self._in_the_set(wish, quiet)
        match wish:
            case Rep() | Set() | Correction(phase=str()) if state in _INTERRUPTED or state in _DANGER:
                return quiet and max(quiet, self._due_then() - _COUNTDOWN_S)
            case Rep():
                return quiet
            case Correction() | Stop() | Pain() | Stuck():
                return max(self._now, self._due_then())
            case _:
                return quiet and max(quiet, self._due_then())

    def _in_the_set(self, wish: Record, quiet: float | None) -> float | None:
        """While the coach counts, or counts down."""
        seen = self._seen
        if seen is None:
            return None
        if seen.state == UNRACKING and self._own_pace and quiet is not None:
            return quiet
        match wish:
            case Rep() if seen.state == MOVING:
                return max(self._now, self._due_then())
            case Correction() | Stop() | Pain() | Stuck() if wish.set == seen.set:
                return self._in_the_rep(wish)
            case Set(reps=reps) if reps <= seen.rep < seen.plan.reps:
                return max(self._now, min(self._due_then(), self._rep_ends))
            case SetBegan(set=number) if number == seen.set:
                # The same set anew: "start over".
                return max(self._now, min(self._due_then(), self._rep_ends))
            case Preference() | Workout():
                return max(self._now, self._due_then())
        return None

    def _in_the_rep(self, wish: Correction | Stop | Pain | Stuck) -> float | None:
        """In its phase, so long after the repetition before as then; None: the phase is still to come."""
        seen = self._seen
        if seen is None or seen.rep < wish.rep:
            return None
        moment = max(self._now, min(self._due_then(), self._rep_ends))
        phase = wish.phase if isinstance(wish, Correction) else None
        counted = seen.phase
        if counted is None or seen.rep > wish.rep:
            return moment if phase is None or seen.rep > wish.rep else None
        ends = counted.began + counted.beats - _BEFORE_THE_END_S
        if phase == counted.name:
            return max(counted.began + _AFTER_THE_BEAT_S, min(moment, ends))
        return None if phase is not None else moment

    def _is_later(self, wish: Correction) -> bool:
        """It was told of a repetition that is not reached yet, or of the other side."""
        return wish.phase is not None or (self._seen is not None and wish.rep != self._seen.rep)

    @property
    def _own_pace(self) -> bool:
        """The lifter says when the set begins."""
        return self._sounding is not None and self._sounding.source in ("set.intro_own", "own.wait")

    @property
    def _rep_ends(self) -> float:
        """Just before the repetition is done that is being counted; never, where none is."""
        if self._seen is None or self._seen.phase is None or not self._seen.rep:
            return inf
        return self._rep_done + Tempo.parse(self._seen.plan.tempo).rep_seconds - _BEFORE_THE_END_S

    def _words(self) -> str:
        """For the record that is wanted next, in the state that it is."""
        seen, wording = self._seen, self.wording
        if seen is None or wording is None or not self.wanted or self._tries >= _MOST_TRIES:
            return ""
        wish = self.wanted[0]
        state = State(seen.state.partition(".")[0])
        if isinstance(wish, Resumed):
            return wording.saying("Yes")
        if state is State.SET and seen.state == UNRACKING and self._own_pace and not isinstance(wish, _TOLD):
            return wording.saying("Go")
        if self._tries and isinstance(wish, Set | Workout | Amended | Preference):
            return wording.saying("Yes")
        if isinstance(wish, Correction) and state in _INTERRUPTED and self._is_later(wish):
            return wording.saying("Resume")
        if isinstance(wish, (*_TOLD, Preference, Amended, Workout)):
            return wording.of(wish)
        if state in _DANGER:
            return wording.saying("Better")
        if isinstance(wish, Rep) and seen.state == MOVING:
            return wording.saying("RepUp")
        if isinstance(wish, Rep):
            return wording.saying("Resume") if state in _INTERRUPTED else wording.saying("StartSet")
        if isinstance(wish, SetBegan) and (state is State.SET or state in _INTERRUPTED):
            return wording.saying("StartOver" if wish.set == seen.set else "FinishSet")
        if isinstance(wish, Set) and state in _INTERRUPTED and wish.reps > seen.rep:
            return wording.saying("Resume")
        return wording.of(wish)


def _is_like(wish: Record, record: Record) -> bool:
    """Whether this is what was wanted, but for its time and what follows from the plan."""
    same = _SAME.get(type(wish), ())
    return type(wish) is type(record) and all(getattr(wish, name) == getattr(record, name) for name in same)
