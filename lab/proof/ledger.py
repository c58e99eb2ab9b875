"""Compares the journal with what was said: every number that the coach says must have been written."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import assert_never

from coach.commands import Say
from coach.content.model import Pack
from coach.language.numbers import in_words
from coach.language.speech import duration, load, repetitions, sets
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
from coach.training.past import UnfinishedWorkout
from coach.training.plan import MAX_LOAD, Plan, SetKind
from coach.training.plan_text import write
from lab.proof.laws import Law, LawBroken
from lab.proof.spoken_values import PREFERENCES, each_set, plan_preferences, slot_of
from lab.proof.timeline import sounded
from lab.rigs.said_lines import SaidLine

REP = "count.rep"
_MAX_LINES = 100
_ANSWERED_MS = 2500
"""Milliseconds within which the coach answers a repetition that the lifter says: after its current words."""


class Ledger:
    """Reads the records as they are written and the lines as they are said."""

    def __init__(self, pack: Pack, plan: Plan, left: UnfinishedWorkout | None = None) -> None:
        """`plan`: the plan at the beginning; `left`: the workout that the coach offers to continue."""
        self._pack = pack
        self._plan = plan
        self._left = left
        self._begun = False
        self.rep = 0
        """Written repetitions of the open set, of the current side."""
        self._counted: dict[str | None, int] = {}
        """Written repetitions of the open set, of each side."""
        self._logged: dict[str | None, int] = {}
        """Repetitions of each side in `SetEnded` records; a set has several records if its load or side changed."""
        self.done: list[int] = []
        """Repetitions of each set that was written."""
        self._warm_ups: list[bool] = []
        """For each set that was written, whether it was a warm-up."""
        self._cautious = False
        """Whether something was reported today after which no higher load may be proposed."""
        self._in_a_stage = False
        """Whether the open set has gone on to a later stage, as a drop set does."""
        self._warms_up = False
        """Whether the open set is a warm-up."""
        self._announced = False
        """Whether the next set was announced as a warm-up."""
        self._heaviest = 0.0
        """The highest working load since the set began."""
        self._amended: SetAmended | None = None
        """The last `SetAmended`, until the next set is written."""
        self._taken_back = 0
        """Repetitions of the set that was taken back last."""
        self._rest: str | None = None
        """The rest since the last set, in words; empty: its length is not known; None: there was no rest."""
        self._by_voice = False
        """Whether the rest was not announced, but the lifter asked for it where there was none, such as after pain."""
        self._resumed = False
        """Whether since the last set a workout was continued, or an undo may have removed the rest: the next set may
        then begin with a rest that was not announced, or without one."""
        self._wanted = plan_preferences(plan)
        """The plan as it was written: values by the names of preferences."""
        self._each = each_set(plan)
        """The plan as it was written: for each preference the values of the sets."""
        self._read_back: dict[str, Say] = {}
        """Lines of this event that read a preference back, by their source."""
        self._written: dict[int, int] = {}
        """The latest written repetitions, by their moment in milliseconds."""

    @property
    def total(self) -> int:
        return sum(self.done) + max(self._counted.values(), default=0)

    @property
    def _working(self) -> list[int]:
        """Repetitions of each set that was written, without the warm-ups."""
        return [reps for reps, warm_up in zip(self.done, self._warm_ups, strict=True) if not warm_up]

    def begin_set(self) -> None:
        """Begins a new set: its repetitions begin at one."""
        self.rep = 0
        self._in_a_stage = False
        self._counted, self._logged = {}, {}

    def write(self, record: Record, coming: list[SaidLine], stalled: bool, tempos: Collection[str]) -> None:
        """Checks one record. `coming`: the lines that sound at its moment; after a stall a count may be missing.

        `tempos`: the tempos that were asked for.
        """
        at = record.at
        if self._begun == isinstance(record, SessionBegan):
            began = "had" if self._begun else "had not"
            raise LawBroken(Law.JOURNAL, at, f"{record} was written, and the session {began} begun")
        self._weigh(record)
        match record:
            case SessionBegan():
                self._start(record)
            case SessionResumed():
                self._resume(record)
            case SetBegan():
                self._begin(record)
            case RepDone():
                self._count(record, coming, stalled)
            case SetEnded():
                self._close(record, tempos)
            case SetAmended():
                self._amend(record)
            case WorkoutEnded():
                self._end(record)
            case StopSaid() | GotStuck() | PainReported() | FaultReported():
                gravest = isinstance(record, FaultReported) and self._topic(record.what) == self._pack.gravest_topic
                self._cautious = self._cautious or isinstance(record, GotStuck | PainReported) or gravest
                wanted_place = (len(self.done) + 1, self.rep)
                if (record.set, record.rep) != wanted_place:
                    raise LawBroken(Law.JOURNAL, at, f"{record} was written in set, rep {wanted_place}")
            case PreferenceChanged() | ImportedExtra():
                # Records with a name and a value; `_wanted` has the plan by these names. If sets differ, the value has
                # a part for each set, and the last part is for all other sets.
                name = record.name.rpartition(".")[2]
                self._each[name] = record.value.split(", ")
                self._wanted[name] = self._each[name][-1]
                self._heaviest = max(self._heaviest, self._working_load)
            case _:
                assert_never(record)

    @staticmethod
    def _weigh(record: Record) -> None:
        """Checks that a written load is possible, and can be said."""
        match record:
            case SetEnded(load=amount) | SetAmended(load=amount) if amount is not None:
                pass
            case PreferenceChanged(name=name, value=value) if name.endswith(".load") and value:
                amount = float(value.split()[0])
            case _:
                return
        if not 0 < amount <= MAX_LOAD or amount * 4 % 1:
            raise LawBroken(Law.LOAD, record.at, f"{record} was written")

    def _start(self, record: SessionBegan) -> None:
        plan = self._plan
        wanted = SessionBegan(record.at, self._pack.id, plan.sets, plan.reps, plan.rest, str(plan.tempo), write(plan))
        if record != wanted:
            raise LawBroken(Law.JOURNAL, record.at, f"{record} was written, not {wanted}")
        self._begun = True

    def settle(self, now: float) -> None:
        """Checks, after an event has been carried out, that what was read back was written."""
        said, self._read_back = self._read_back, {}
        # A deferred load is written after everything that was said about it, so "load.is" is compared only here.
        on = said.pop("load.is", None)
        if on is not None and self._nearest(spoken := self._slot(on, "load").lower()) != spoken:
            instead = self._wanted.get("load", "")
            raise LawBroken(Law.JOURNAL, now, f"{on.text!r} was said, load is {instead!r} in the journal")
        for source, say in said.items():
            name, words = PREFERENCES[source]
            if name == "load" and self._in_a_stage:
                # A load that is set in a later stage is for this stage only, and is no preference.
                continue
            slot = "seconds" if name == "rest" else name
            value = self._wanted.get(name, "")
            known = [words(one) for one in self._each.get(name, [value]) if one]
            if self._slot(say, slot).lower() not in known:
                raise LawBroken(Law.JOURNAL, now, f"{say.text!r} was said, {name} is {value!r} in the journal")

    def _resume(self, record: SessionResumed) -> None:
        left = self._left
        if left is None or self.done or self.rep or record.earlier != left.last_session:
            raise LawBroken(Law.JOURNAL, record.at, f"{record} was written, and {left} was left")
        self._left = None
        self.done = [one.reps for one in left.sets]
        self._warm_ups = [one.kind is SetKind.WARM_UP for one in left.sets]
        self.rep = left.reps
        self._counted = {None: left.reps} if left.reps else {}
        self._resumed = True
        self._wanted, self._each = plan_preferences(left.plan), each_set(left.plan)

    def _begin(self, record: SetBegan) -> None:
        planned = None if record.rest is None else duration(record.rest)
        resumed, self._resumed = self._resumed, False
        self._by_voice = False
        self._warms_up, self._announced = record.sort == SetKind.WARM_UP, False
        self._heaviest = self._working_load
        if self._warms_up and self._working:
            raise LawBroken(Law.RAMP, record.at, f"{record} was written behind a working set")
        if record.set != len(self.done) + 1 or ((planned is None) != (self._rest is None) and not resumed):
            saw = f"{record} was written, not set={len(self.done) + 1}, behind a rest of {self._rest!r}"
            raise LawBroken(Law.JOURNAL, record.at, saw)
        if self._rest and planned != self._rest:
            raise LawBroken(Law.JOURNAL, record.at, f"{record} was written, {self._rest!r} was said")

    def _count(self, record: RepDone, coming: list[SaidLine], stalled: bool) -> None:
        at = record.at
        if record.side not in self._counted:
            self._begin_side(record)
        self.rep += 1
        self._counted[record.side] = self.rep
        if (record.set, record.rep) != (len(self.done) + 1, self.rep):
            raise LawBroken(Law.REPS, at, f"{record} was written, not set {len(self.done) + 1} rep {self.rep}")
        self._written[round(at * 1000)] = self.rep
        if len(self._written) > _MAX_LINES:
            del self._written[next(iter(self._written))]
        text = f"rep {in_words(self.rep)}"
        said = any(abs(line.say.at - at) < 0.0011 and line.say.text == text for line in coming)
        if not said and not stalled:
            raise LawBroken(
                Law.JOURNAL, at, f"rep {self.rep} was written and not said", f'at: {at:.3f}, counts: "{text}"'
            )

    def _close(self, record: SetEnded, tempos: Collection[str]) -> None:
        wanted = (len(self.done) + 1, self._counted.get(record.side, 0) - self._logged.get(record.side, 0))
        if record.set != wanted[0] or not 0 < record.reps <= wanted[1]:
            saw = f"{record} was written, not set={wanted[0]} reps={wanted[1]}"
            instead = f'journal: "set set={wanted[0]} reps={wanted[1]}"'
            raise LawBroken(Law.JOURNAL, record.at, saw, instead)
        if record.tempo not in tempos:
            raise LawBroken(Law.JOURNAL, record.at, f"{record} was written, the tempos were {sorted(tempos)}")
        if self._warms_up and record.load is not None and record.load >= self._heaviest > 0:
            raise LawBroken(Law.RAMP, record.at, f"{record} was written, the working load is {self._heaviest:g}")
        self._rest = self._amended = None
        self._logged[record.side] = self._logged.get(record.side, 0) + record.reps
        if self._logged == self._counted:
            self.done.append(max(self._counted.values()))
            self._warm_ups.append(self._warms_up)
            self.begin_set()

    def _begin_side(self, record: RepDone) -> None:
        """Checks that sides follow each other, each once in a set; both sides together count as one side."""
        self.rep = 0
        if self._counted and (record.side is None or None in self._counted or len(self._counted) > 1):
            raise LawBroken(Law.SIDES, record.at, f"{record} was written behind repetitions of {list(self._counted)}")

    @property
    def _working_load(self) -> float:
        return float(self._wanted.get("load", "").partition(" ")[0] or 0)

    def _amend(self, record: SetAmended) -> None:
        if record.set != len(self.done):
            raise LawBroken(Law.JOURNAL, record.at, f"{record} was written, and {len(self.done)} sets are done")
        self._amended = record
        if record.reps:
            self.done[-1] = record.reps
        else:
            self._taken_back = self.done.pop()
            self._warm_ups.pop()

    def _end(self, record: WorkoutEnded) -> None:
        wanted = (len(self.done), self.total)
        if (record.sets, record.reps) != wanted or self.rep:
            raise LawBroken(Law.JOURNAL, record.at, f"{record} was written, not {wanted}, {self.rep} left over")

    def sounded(self, line: SaidLine) -> None:
        """Checks for a line that was heard: a repetition that was said must be written."""
        if line.say.source == REP and sounded(line):
            at = round(line.say.at * 1000)
            # The journal rounds to the millisecond.
            rep = next((self._written[near] for near in (at, at - 1, at + 1) if near in self._written), None)
            if rep is None:
                # Without a beat the line answers a repetition that the lifter said a moment before.
                rep = next(
                    (one for then, one in reversed(self._written.items()) if then < at < then + _ANSWERED_MS), None
                )
            if rep is None or line.say.text != f"rep {in_words(rep)}":
                raise LawBroken(Law.JOURNAL, line.say.at, f"{line.say.text!r} was said, {rep} was written")

    def say(self, say: Say) -> None:
        """Checks that what a line says about the workout was written."""
        expected: dict[str, Callable[[], dict[str, str]]] = {
            # Before the first set, a rest may be that of a warm-up that did not begin.
            "rest.start": lambda: (
                {} if self._warms_up or not self.done else {"seconds": duration(int(self._wanted["rest"]))}
            ),
            # The number of a warm-up also counts warm-ups that were refused.
            "set.intro": lambda: {} if self._announced else {"set": in_words(len(self._working) + 1)},
            "set.intro_own": lambda: {} if self._announced else {"set": in_words(len(self._working) + 1)},
            "resume.intro": lambda: {"rep": in_words(self.rep + 1)},
            "resume.unrack": lambda: {"rep": in_words(self.rep + 1)},
            "set.finished": lambda: {"reps": repetitions(max(self._counted.values(), default=0))},
            "summary": self._summary,
            "summary.load": self._summary,
            "rest.over": lambda: {"set": in_words(len(self._working) + 1)},
            "left.next": lambda: {"set": in_words(len(self._working) + 1)},
            "log.reps": lambda: {"set": in_words(len(self._working)), "reps": repetitions(self.done[-1])},
            "log.set": lambda: {
                "set": in_words(len(self._working)),
                "reps": repetitions(self.done[-1]),
                "load": self._amended_load(),
            },
            "log.left": lambda: {"left": in_words(self._amended.left or 0) if self._amended else ""},
            "undo.set": lambda: {"set": in_words(len(self._working) + 1), "reps": repetitions(self._taken_back)},
            "status.sets_today": lambda: {"sets": sets(len(self._working))},
        }
        rises = say.source == "effort.choose" or (say.source == "effort.propose" and self._is_higher(say))
        if rises and self._cautious:
            raise LawBroken(Law.EFFORT, say.at, f"{say.text!r} was said")
        if say.source == "break.side":
            self.rep = 0
        elif say.source in ("break.drop", "break.lighter", "break.pause"):
            self._in_a_stage = True
        elif say.source == "set.warm_up":
            self._announced = True
        if say.source == "rest.start":
            self._rest = self._slot(say, "seconds").lower()
        elif say.source == "rest.none":
            self._rest = duration(0)
        elif say.source in ("rest.set_now", "rest.more") and self._rest is None:
            self._rest, self._by_voice = "", True
        if say.source in PREFERENCES or say.source == "load.is":
            self._read_back[say.source] = say
        elif say.source.startswith("undo."):
            self._read_back.clear()
        if say.source not in expected:
            return
        for name, words in expected[say.source]().items():
            if self._slot(say, name).lower() != words:
                raise LawBroken(Law.JOURNAL, say.at, f"{say.text!r} was said, {name} is {words!r} in the journal")

    def rest_changed(self, undone: bool) -> None:
        """Notes words that may have changed the rest: its length is not known then.

        `undone`: the words were an undo, which may also remove a rest that was only asked for.
        """
        self._resumed = self._resumed or (undone and self._by_voice)
        if self._rest is not None:
            self._rest = ""

    def _topic(self, what: str) -> str:
        return self._pack.corrections[what].topic

    def _is_higher(self, say: Say) -> bool:
        """Whether a proposed load is higher than the working load."""
        amount, _, unit = self._wanted.get("load", "").partition(" ")
        said = self._slot(say, "load").lower()
        return any(
            load(part / 4, unit) == said for part in range(int(4 * float(amount)) + 1, int(4 * float(amount)) + 81)
        )

    def _nearest(self, said: str) -> str:
        """Returns the load that may be on: `said` if it is not above the working load, else the working load.

        A warm-up and a drop set have lighter loads.
        """
        amount, _, unit = self._wanted.get("load", "").partition(" ")
        lighter = (load(part / 4, unit) for part in range(1, int(4 * float(amount or 0)) + 1))
        return said if said in lighter else self._wanted.get("load", "")

    def _summary(self) -> dict[str, str]:
        """Returns the slots of a summary: of the working sets, or of the warm-ups if there are no working sets."""
        done = self._working or self.done
        return {"sets": sets(len(done)), "reps": repetitions(sum(done))}

    def _amended_load(self) -> str:
        amended = self._amended
        return "" if amended is None or amended.load is None else load(amended.load, amended.unit or "")

    def _slot(self, say: Say, name: str) -> str:
        return slot_of(self._pack, say, name)
