"""Replays a session from its journal: the lifter says what leads to the same records, when they were written.

Law: a record that comes by itself is waited for. For every other record the lifter says the words, in the same
repetition and phase, or as long after the previous record as in the session. A record that does not come is left out
and reported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

from coach.commands import Write
from coach.dialogue.states import MOVING, UNRACKING, State
from coach.ports import Observed
from coach.records import (
    FaultReported,
    GotStuck,
    ImportedExtra,
    PainReported,
    PreferenceChanged,
    Record,
    RepDone,
    SessionBegan,
    SessionResumed,
    SetAmended,
    SetBegan,
    SetEnded,
    StopSaid,
    WorkoutEnded,
)
from coach.rehearsal.performing.stage import REACTION_S, PerformanceOver, Stage
from coach.rehearsal.replay.wording import Wording
from coach.rehearsal.scripts.script import Step, StepKind
from coach.rehearsal.scripts.transcript import BEAT_S
from coach.snapshot import Snapshot
from coach.training.tempo import Tempo

_BEFORE_THE_END_S = 0.2
"""A report of a phase is said at least this many seconds before the phase ends."""
_AFTER_THE_BEAT_S = 0.1
"""Seconds after a beat in which nothing is said: on the beat itself nobody can tell which phase it is."""
_COUNTDOWN_S = 10.0
"""Approximate seconds from "continue" to the first eccentric (lowering)."""
_PATIENCE_S = 900.0
"""A record is given up this many seconds after its time: ten minutes is the longest rest."""
_MAX_TRIES = 3
_MAX_UTTERANCES = 20
"""A record for which the lifter has spoken this often, in whatever states, is given up."""
_INTERRUPTED_STATES = (State.CORRECTING, State.PAUSED, State.STOPPED)
_DANGER_STATES = (State.HURT, State.STUCK)
_REPORTS = (FaultReported, StopSaid, PainReported, GotStuck)
_SAME_FIELDS: Mapping[type[Record], tuple[str, ...]] = {
    SetBegan: ("set",),
    RepDone: ("set", "rep", "side"),
    SetEnded: ("set", "reps"),
    SetAmended: ("set", "reps", "left"),
    FaultReported: ("what", "set", "rep"),
    PainReported: ("what", "set", "rep"),
    StopSaid: ("set", "rep"),
    GotStuck: ("set", "rep"),
    PreferenceChanged: ("name", "value"),
}
"""Fields that must be the same in a record that is written again."""


def wanted_records(records: Sequence[Record]) -> list[Record]:
    """Returns the records that must be written again.

    An old or imported session has no `SetBegan`: one is added for every set.
    """
    found: list[Record] = []
    begun = 0
    has_set_began = any(isinstance(record, SessionBegan) and record.tempo for record in records)
    for record in records:
        if isinstance(record, SessionBegan | ImportedExtra):
            continue
        if (
            not has_set_began
            and isinstance(record, RepDone | SetEnded | FaultReported | StopSaid | GotStuck)
            and record.set > begun
        ):
            begun = record.set
            found.append(SetBegan(found[-1].at if found else 0.0, begun))
        if (
            isinstance(record, PreferenceChanged)
            and found
            and isinstance(found[-1], SetBegan)
            and found[-1].at == record.at
        ):
            # Both were said in one breath. After the beginning, the preference would wait for the end of the set.
            found.insert(-1, record)
        else:
            found.append(record)
    return found


@dataclass(slots=True)
class Reenactor:
    """Directs a performance by a journal: plays the lifter; what the coach says is compared with nothing."""

    stage: Stage
    wording: Wording
    wanted_records: list[Record]
    """Records that have not been written again yet, in order."""
    snapshot: Snapshot
    """State of the conversation after the last event."""
    missed_records: list[Record] = field(default_factory=list)
    """Records that were given up."""
    _previous_at: tuple[float, float] = (0.0, 0.0)
    """When the previous record was written: in this replay, and in the session."""
    _rep_done: float = 0.0
    """When the last repetition was done."""
    _tries: int = 0
    """How often the lifter has spoken for the next record in the current state."""
    _utterances: int = 0
    """How often the lifter has spoken for the next record, in all states."""
    _spoke_in: str = ""
    """State in which the lifter last spoke for a record."""

    def observe(self, observed: Observed) -> None:
        """Takes snapshots and written records, as an observer of the session."""
        match observed:
            case Snapshot():
                self.snapshot = observed
            case Write(record):
                self._written(record)

    def next_at(self) -> float | None:
        """Gives up records that are `_PATIENCE_S` late; returns when the lifter speaks for the next record.

        PerformanceOver: every record is written or given up, and the coach has nothing more to say.
        """
        while self.wanted_records and self.stage.now > max(self._next_record_at(), self._previous_at[0]) + _PATIENCE_S:
            self._give_up_next()
        if self.wanted_records:
            return self._moment(self.wanted_records[0])
        # A set that was not ended would be counted to its end.
        counting = self.snapshot.state.startswith(State.SET)
        if not self.stage.coming_lines or (counting and self.stage.now > self._previous_at[0] + BEAT_S / 2):
            raise PerformanceOver
        return None

    def act(self) -> Step | None:
        """Returns the lifter's words that are due; gives up the next record if there are no words for it."""
        text = self._words()
        self._utterances += bool(text)
        if not text or self._utterances > _MAX_UTTERANCES:
            # Above `_MAX_UTTERANCES`, each word leads to a state in which another one is said, and nothing is written.
            self._give_up_next()
            return None
        self._tries += 1
        self._spoke_in = self.snapshot.state
        return Step(0, StepKind.LIFTER, text)

    def give_up(self, reason: str) -> None:  # noqa: ARG002  as any director
        """Gives up the next record: nothing more happens by itself."""
        if self.wanted_records:
            self._give_up_next()

    def coach_speaks(self) -> None:
        """Accepts every line: the coach may say anything."""
        self.stage.begin_line()

    # --- what was written

    def _written(self, record: Record) -> None:
        if isinstance(record, RepDone):
            self._rep_done = record.at
        self.wording.note(record)
        place = next((place for place, one in enumerate(self.wanted_records) if _is_same(one, record)), None)
        if place is None or (place and isinstance(record, RepDone | PreferenceChanged | SetAmended)):
            return
        self.missed_records += self.wanted_records[:place]
        self._previous_at = (record.at, self.wanted_records[place].at)
        self.wanted_records = self.wanted_records[place + 1 :]
        self._tries = self._utterances = 0

    def _give_up_next(self) -> None:
        self.missed_records.append(self.wanted_records.pop(0))
        self._tries = self._utterances = 0

    # --- what is said next, and when

    def _next_record_at(self) -> float:
        """Returns when the next record comes if it takes as long as in the session."""
        now, then = self._previous_at
        return now + max(0.0, self.wanted_records[0].at - then) if self.wanted_records else now

    def _moment(self, wanted: Record) -> float | None:
        """Returns when the lifter speaks for the wanted record; None if the coach must come first."""
        if self._tries >= _MAX_TRIES:
            return None if self.stage.coming_lines else self.stage.now
        state_name = self.snapshot.state
        state = State(self.snapshot.outer_state)
        after_coach = None if self.stage.coming_lines else self.stage.last_end + REACTION_S
        if self._tries and isinstance(wanted, RepDone | SetEnded | FaultReported) and state_name != self._spoke_in:
            # The state has changed: the tries are counted from the start.
            self._tries = 0
        if self._tries:
            # The words were said: wait for their effect, then say them again, or answer yes to the coach's question.
            return after_coach
        if state is State.SET:
            return self._in_the_set(wanted, after_coach)
        match wanted:
            case RepDone() | SetEnded() | FaultReported(phase=str()) if (
                state in _INTERRUPTED_STATES or state in _DANGER_STATES
            ):
                return after_coach and max(after_coach, self._next_record_at() - _COUNTDOWN_S)
            case RepDone():
                return after_coach
            case FaultReported() | StopSaid() | PainReported() | GotStuck():
                return max(self.stage.now, self._next_record_at())
            case _:
                return after_coach and max(after_coach, self._next_record_at())

    def _in_the_set(self, wanted: Record, after_coach: float | None) -> float | None:
        """Returns when the lifter speaks for a record in a set; `after_coach`: when the coach has said everything."""
        seen, due = self.snapshot, self._next_record_at()
        within_rep = max(self.stage.now, min(due, self._rep_ends))
        if seen.state == UNRACKING and self._lifter_begins and after_coach is not None:
            return after_coach
        match wanted:
            case FaultReported() | StopSaid() | PainReported() | GotStuck() if wanted.set == seen.set:
                return self._in_the_rep(wanted, within_rep)
            case SetEnded(reps=reps) if reps <= seen.rep < seen.plan.reps:
                return within_rep
            case SetBegan(set=number) if number == seen.set:
                # The same set from the start: "start over".
                return within_rep
            case RepDone() if seen.state == MOVING:
                return max(self.stage.now, due)
            case PreferenceChanged() | WorkoutEnded():
                return max(self.stage.now, due)
        return None

    def _in_the_rep(self, wanted: FaultReported | StopSaid | PainReported | GotStuck, moment: float) -> float | None:
        """Returns when a report is said: in its phase, as long after the previous record as in the session (`moment`).

        None: its repetition or phase is still to come.
        """
        seen = self.snapshot
        if seen.rep < wanted.rep:
            return None
        phase = wanted.phase if isinstance(wanted, FaultReported) else None
        counted = seen.phase
        if counted is None or seen.rep > wanted.rep:
            return moment if phase is None or seen.rep > wanted.rep else None
        ends = counted.began + counted.beats - _BEFORE_THE_END_S
        if phase == counted.name:
            return max(counted.began + _AFTER_THE_BEAT_S, min(moment, ends))
        return None if phase is not None else moment

    def _is_later(self, wanted: FaultReported) -> bool:
        """Whether the correction was reported in a phase, or in another repetition than the current one."""
        return wanted.phase is not None or wanted.rep != self.snapshot.rep

    @property
    def _lifter_begins(self) -> bool:
        """Whether the coach has just said that the lifter decides when the set begins."""
        line = self.stage.current_line
        return line is not None and line.say.source in ("set.intro_own", "own.wait")

    @property
    def _rep_ends(self) -> float:
        """Moment just before the end of the current repetition; infinity if no repetition is being counted."""
        if self.snapshot.phase is None or not self.snapshot.rep:
            return inf
        return self._rep_done + Tempo.parse(self.snapshot.plan.tempo).rep_seconds - _BEFORE_THE_END_S

    def _words(self) -> str:
        """Returns the words for the next record in the current state; empty if there are none."""
        seen, wording = self.snapshot, self.wording
        if self._tries >= _MAX_TRIES:
            return ""
        wanted = self.wanted_records[0]
        state = State(seen.outer_state)
        if isinstance(wanted, SessionResumed):
            return wording.phrase_of("Yes")
        if state is State.SET and seen.state == UNRACKING and self._lifter_begins and not isinstance(wanted, _REPORTS):
            return wording.phrase_of("Go")
        if self._tries and isinstance(wanted, SetEnded | WorkoutEnded | SetAmended | PreferenceChanged):
            return wording.phrase_of("Yes")
        if isinstance(wanted, FaultReported) and state in _INTERRUPTED_STATES and self._is_later(wanted):
            return wording.phrase_of("Resume")
        if isinstance(wanted, (*_REPORTS, PreferenceChanged, SetAmended, WorkoutEnded)):
            return wording.words_for(wanted)
        if state in _DANGER_STATES:
            return wording.phrase_of("Better")
        if isinstance(wanted, RepDone) and seen.state == MOVING:
            return wording.phrase_of("RepUp")
        if isinstance(wanted, RepDone):
            return wording.phrase_of("Resume") if state in _INTERRUPTED_STATES else wording.phrase_of("StartSet")
        if isinstance(wanted, SetBegan) and (state is State.SET or state in _INTERRUPTED_STATES):
            return wording.phrase_of("StartOver" if wanted.set == seen.set else "FinishSet")
        if isinstance(wanted, SetEnded) and state in _INTERRUPTED_STATES and wanted.reps > seen.rep:
            return wording.phrase_of("Resume")
        return wording.words_for(wanted)


def _is_same(wanted: Record, record: Record) -> bool:
    """Whether a record is the wanted one; its time, and values that follow from the plan, may differ."""
    same = _SAME_FIELDS.get(type(wanted), ())
    return type(wanted) is type(record) and all(getattr(wanted, name) == getattr(record, name) for name in same)
