"""The journal held against what was said: every number the coach speaks is one that was written down."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import astuple
from typing import assert_never

from coach.commands import Say
from coach.content.model import Pack
from coach.dialogue.preferences import told_plan
from coach.language.numbers import in_words
from coach.language.speech import digits, duration, load, repetitions, sets
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
from coach.training.past import Left
from coach.training.plan import HEAVIEST, Kind, Plan
from coach.training.written import write
from tests.proof.laws import Broken, Law
from tests.proof.timeline import Sounding

REP = "count.rep"
_KEPT = 100
_ANSWERED_MS = 2500
"""So soon a repetition that the lifter has told is answered: behind the words that the coach is saying."""
_WANTED: dict[str, tuple[str, Callable[[str], str]]] = {
    "reps.set": ("reps", lambda text: repetitions(int(text))),
    "sets.set": ("sets", lambda text: sets(int(text))),
    "rest.set": ("rest", lambda text: duration(int(text))),
    "rest.set_now": ("rest", lambda text: duration(int(text))),
    "load.set": ("load", lambda text: load(float(text.split()[0]), text.split()[1])),
    "tempo.set": ("tempo", lambda text: digits(*map(int, text.split("-")))),
}
"""Lines that read a preference back: its name, and how its value is said."""


class Ledger:
    """Reads the records as they are written and the lines as they are said."""

    def __init__(self, pack: Pack, plan: Plan, left: Left | None = None) -> None:
        """`plan`: at the beginning; `left`: what the coach offers to go on with."""
        self._pack = pack
        self._plan = plan
        self._left = left
        self._begun = False
        self.rep = 0
        """Repetitions written down in the open set, of the side under way."""
        self._counted: dict[str | None, int] = {}
        """Those of each side."""
        self._logged: dict[str | None, int] = {}
        """Of these, the ones in lines of the log: a set has several where load or side were changed in it."""
        self.done: list[int] = []
        """Repetitions of the sets that were written down."""
        self._warm_ups: list[bool] = []
        """Which of these were warm-ups."""
        self._cautious = False
        """Something was told today after which no higher load is proposed."""
        self._in_a_stage = False
        """A drop set is open and has been dropped."""
        self._warms_up = False
        """The open set is a warm-up."""
        self._announced = False
        """The next set was told to be a warm-up."""
        self._heaviest = 0.0
        """The working load, the highest since the set began."""
        self._amended: Amended | None = None
        """The last one, until the next set is written down."""
        self._taken_back = 0
        """Repetitions of the set that was taken back last."""
        self._rest: str | None = None
        """The rest since the last set, in words; None: there was none."""
        self._by_voice = False
        """That rest was not announced: the lifter asked for it where there was none, as after pain."""
        self._resumed = False
        """Since the last set began: a rest that is set then begins with it."""
        self._wanted = _wanted(plan)
        self._each = _each(plan)
        """The plan by the names of preferences, as it was written down."""
        self._read_back: dict[str, Say] = {}
        """Source -> what was said of a preference in this event."""
        self._written: dict[int, int] = {}
        """Moment in milliseconds -> repetition, of the last ones."""

    @property
    def total(self) -> int:
        return sum(self.done) + max(self._counted.values(), default=0)

    @property
    def _working(self) -> list[int]:
        """Repetitions of the sets that were written down, without the warm-ups."""
        return [reps for reps, warm_up in zip(self.done, self._warm_ups, strict=True) if not warm_up]

    def begin_set(self) -> None:
        """A new set: its repetitions begin at one."""
        self.rep = 0
        self._in_a_stage = False
        self._counted, self._logged = {}, {}

    def write(self, record: Record, coming: list[Sounding], stalled: bool, tempos: Collection[str]) -> None:
        """One entry. `coming` holds what sounds at its moment; after a stall a count may have been left out.

        `tempos`: those that were asked for.
        """
        at = record.at
        if self._begun == isinstance(record, Began):
            began = "had" if self._begun else "had not"
            raise Broken(Law.JOURNAL, at, f"{record} was written, and the session {began} begun")
        self._weigh(record)
        match record:
            case Began():
                self._start(record)
            case Resumed():
                self._resume(record)
            case SetBegan():
                self._begin(record)
            case Rep():
                self._count(record, coming, stalled)
            case Set():
                self._close(record, tempos)
            case Amended():
                self._amend(record)
            case Workout():
                self._end(record)
            case Stop() | Stuck() | Pain() | Correction():
                first_law = isinstance(record, Correction) and self._topic(record.what) == self._pack.first_law
                self._cautious = self._cautious or isinstance(record, Stuck | Pain) or first_law
                wanted_place = (len(self.done) + 1, self.rep)
                if (record.set, record.rep) != wanted_place:
                    raise Broken(Law.JOURNAL, at, f"{record} was written in set, rep {wanted_place}")
            case Preference() | Extra():
                # What has a name and a value; the plan is told by its names. Where sets differ each has a value, and
                # the last one is that of all others.
                name = record.name.rpartition(".")[2]
                self._each[name] = record.value.split(", ")
                self._wanted[name] = self._each[name][-1]
                self._heaviest = max(self._heaviest, self._working_load)
            case _:
                assert_never(record)

    @staticmethod
    def _weigh(record: Record) -> None:
        """A load that is written down can be on, and be said."""
        match record:
            case Set(load=amount) | Amended(load=amount) if amount is not None:
                pass
            case Preference(name=name, value=value) if name.endswith(".load") and value:
                amount = float(value.split()[0])
            case _:
                return
        if not 0 < amount <= HEAVIEST or amount * 4 % 1:
            raise Broken(Law.LOAD, record.at, f"{record} was written")

    def _start(self, record: Began) -> None:
        plan = self._plan
        wanted = Began(record.at, self._pack.id, plan.sets, plan.reps, plan.rest, str(plan.tempo), write(plan))
        if record != wanted:
            raise Broken(Law.JOURNAL, record.at, f"{record} was written, not {wanted}")
        self._begun = True

    def settle(self, now: float) -> None:
        """The event has been carried out: what was read back has been written down."""
        said, self._read_back = self._read_back, {}
        # A load that was put off is written down behind all that was said of it.
        on = said.pop("load.is", None)
        if on is not None and self._nearest(spoken := self._slot(on, "load").lower()) != spoken:
            instead = self._wanted.get("load", "")
            raise Broken(Law.JOURNAL, now, f"{on.text!r} was said, load is {instead!r} in the journal")
        for source, say in said.items():
            name, words = _WANTED[source]
            if name == "load" and self._in_a_stage:
                # It holds for this stage of the set alone, and is no preference.
                continue
            slot = "seconds" if name == "rest" else name
            value = self._wanted.get(name, "")
            told = [words(one) for one in self._each.get(name, [value]) if one]
            if self._slot(say, slot).lower() not in told:
                raise Broken(Law.JOURNAL, now, f"{say.text!r} was said, {name} is {value!r} in the journal")

    def _resume(self, record: Resumed) -> None:
        left = self._left
        if left is None or self.done or self.rep or record.earlier != left.session:
            raise Broken(Law.JOURNAL, record.at, f"{record} was written, and {left} was left")
        self._left = None
        self.done = [one.reps for one in left.sets]
        self._warm_ups = [one.kind is Kind.WARM_UP for one in left.sets]
        self.rep = left.reps
        self._counted = {None: left.reps} if left.reps else {}
        self._resumed = True
        self._wanted, self._each = _wanted(left.plan), _each(left.plan)

    def _begin(self, record: SetBegan) -> None:
        planned = None if record.rest is None else duration(record.rest)
        resumed, self._resumed = self._resumed, False
        self._by_voice = False
        self._warms_up, self._announced = record.sort == Kind.WARM_UP, False
        self._heaviest = self._working_load
        if self._warms_up and self._working:
            raise Broken(Law.RAMP, record.at, f"{record} was written behind a working set")
        if record.set != len(self.done) + 1 or ((planned is None) != (self._rest is None) and not resumed):
            saw = f"{record} was written, not set={len(self.done) + 1}, behind a rest of {self._rest!r}"
            raise Broken(Law.JOURNAL, record.at, saw)
        if self._rest and planned != self._rest:
            raise Broken(Law.JOURNAL, record.at, f"{record} was written, {self._rest!r} was said")

    def _count(self, record: Rep, coming: list[Sounding], stalled: bool) -> None:
        at = record.at
        if record.side not in self._counted:
            self._begin_side(record)
        self.rep += 1
        self._counted[record.side] = self.rep
        if (record.set, record.rep) != (len(self.done) + 1, self.rep):
            raise Broken(Law.REPS, at, f"{record} was written, not set {len(self.done) + 1} rep {self.rep}")
        self._written[round(at * 1000)] = self.rep
        if len(self._written) > _KEPT:
            del self._written[next(iter(self._written))]
        text = f"rep {in_words(self.rep)}"
        said = any(abs(line.say.at - at) < 0.0011 and line.say.text == text for line in coming)
        if not said and not stalled:
            raise Broken(Law.JOURNAL, at, f"rep {self.rep} was written and not said", f'at: {at:.3f}, counts: "{text}"')

    def _close(self, record: Set, tempos: Collection[str]) -> None:
        wanted = (len(self.done) + 1, self._counted.get(record.side, 0) - self._logged.get(record.side, 0))
        if record.set != wanted[0] or not 0 < record.reps <= wanted[1]:
            saw = f"{record} was written, not set={wanted[0]} reps={wanted[1]}"
            instead = f'journal: "set set={wanted[0]} reps={wanted[1]}"'
            raise Broken(Law.JOURNAL, record.at, saw, instead)
        if record.tempo not in tempos:
            raise Broken(Law.JOURNAL, record.at, f"{record} was written, the tempos were {sorted(tempos)}")
        if self._warms_up and record.load is not None and record.load >= self._heaviest > 0:
            raise Broken(Law.RAMP, record.at, f"{record} was written, the working load is {self._heaviest:g}")
        self._rest = self._amended = None
        self._logged[record.side] = self._logged.get(record.side, 0) + record.reps
        if self._logged == self._counted:
            self.done.append(max(self._counted.values()))
            self._warm_ups.append(self._warms_up)
            self.begin_set()

    def _begin_side(self, record: Rep) -> None:
        """One side after the other, each once a set; both at once is a side of its own."""
        self.rep = 0
        if self._counted and (record.side is None or None in self._counted or len(self._counted) > 1):
            raise Broken(Law.SIDES, record.at, f"{record} was written behind repetitions of {list(self._counted)}")

    @property
    def _working_load(self) -> float:
        return float(self._wanted.get("load", "").partition(" ")[0] or 0)

    def _amend(self, record: Amended) -> None:
        if record.set != len(self.done):
            raise Broken(Law.JOURNAL, record.at, f"{record} was written, and {len(self.done)} sets are done")
        self._amended = record
        if record.reps:
            self.done[-1] = record.reps
        else:
            self._taken_back = self.done.pop()
            self._warm_ups.pop()

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
            if rep is None:
                # Without a beat it is the answer to what was said a moment before.
                rep = next(
                    (one for then, one in reversed(self._written.items()) if then < at < then + _ANSWERED_MS), None
                )
            if rep is None or line.say.text != f"rep {in_words(rep)}":
                raise Broken(Law.JOURNAL, line.say.at, f"{line.say.text!r} was said, {rep} was written")

    def say(self, say: Say) -> None:
        """What a line tells about the workout is what was written."""
        told: dict[str, Callable[[], dict[str, str]]] = {
            "rest.start": lambda: {} if self._warms_up else {"seconds": duration(int(self._wanted["rest"]))},
            # The number of a warm-up counts those that were refused, too.
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
            raise Broken(Law.EFFORT, say.at, f"{say.text!r} was said")
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
        if say.source in _WANTED or say.source == "load.is":
            self._read_back[say.source] = say
        elif say.source.startswith("undo."):
            self._read_back.clear()
        if say.source not in told:
            return
        for name, words in told[say.source]().items():
            if self._slot(say, name).lower() != words:
                raise Broken(Law.JOURNAL, say.at, f"{say.text!r} was said, {name} is {words!r} in the journal")

    def bent(self, undone: bool) -> None:
        """Something was said by which the rest may be another one: how long it is now was not said.

        `undone`: a rest that was only asked for may be gone again.
        """
        self._resumed = self._resumed or (undone and self._by_voice)
        if self._rest is not None:
            self._rest = ""

    def _topic(self, what: str) -> str:
        return self._pack.corrections[what].topic

    def _is_higher(self, say: Say) -> bool:
        """A proposal: the load is more than the working load."""
        amount, _, unit = self._wanted.get("load", "").partition(" ")
        told = self._slot(say, "load").lower()
        return any(
            load(part / 4, unit) == told for part in range(int(4 * float(amount)) + 1, int(4 * float(amount)) + 81)
        )

    def _nearest(self, told: str) -> str:
        """What is on is the working load, or less: in a warm-up, in a drop set."""
        amount, _, unit = self._wanted.get("load", "").partition(" ")
        lighter = (load(part / 4, unit) for part in range(1, int(4 * float(amount or 0)) + 1))
        return told if told in lighter else self._wanted.get("load", "")

    def _summary(self) -> dict[str, str]:
        """Of the working sets; of the warm-ups where there is nothing else."""
        done = self._working or self.done
        return {"sets": sets(len(done)), "reps": repetitions(sum(done))}

    def _amended_load(self) -> str:
        amended = self._amended
        return "" if amended is None or amended.load is None else load(amended.load, amended.unit or "")

    def _slot(self, say: Say, name: str) -> str:
        return slot_of(self._pack, say, name)


def slot_of(pack: Pack, say: Say, name: str) -> str:
    """The words that stand in a slot of the line."""
    for wording in pack.prompts[say.source].say:
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(wording))
        found = re.fullmatch(pattern, say.text, re.IGNORECASE)
        if found:
            return found[name]
    return ""


def _wanted(plan: Plan) -> dict[str, str]:
    """A plan by the names of preferences."""
    found = {"reps": str(plan.reps), "sets": str(plan.sets), "rest": str(plan.rest)}
    found["tempo"] = "-".join(map(str, astuple(plan.tempo)))
    if plan.load is not None:
        found["load"] = f"{plan.load.amount:g} {plan.load.unit}"
    return found


def _each(plan: Plan) -> dict[str, list[str]]:
    """The same where sets differ: the value of each set that has its own, and last that of all others."""
    return {name: text.split(", ") for name, text in told_plan(plan).items() if text}
