"""What is meant to be done and what was: values, replaced and never edited."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from coach.training.tempo import Tempo

REPS = range(1, 31)
SETS = range(1, 11)
REST_S = range(601)
BREAK_S = range(5, 121)
"""Between two stages of a set."""
HEAVIEST = 999
"""Of either unit; as much as can be said to the coach."""
UNITS = ("kg", "lb")
KILOS_OF_A_POUND = 0.45359237
SWITCH_S = 8
"""From one side to the other, usually."""


class Kind(StrEnum):
    """What a set is."""

    WARM_UP = "warm_up"
    WORKING = "working"
    DROP = "drop"
    """A working set that goes on with less load."""
    REST_PAUSE = "rest_pause"
    """A working set that goes on after a few breaths, with the same load."""


class Side(StrEnum):
    """Of the body, where one is trained at a time."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> Side:
        """The one that comes second."""
        return Side.RIGHT if self is Side.LEFT else Side.LEFT


def name_of(side: Side | None) -> str | None:
    """As records have it; None: both."""
    return None if side is None else side.value


@dataclass(frozen=True, slots=True)
class Load:
    """What is on the platform."""

    amount: float
    unit: str
    """kg or lb"""

    @property
    def text(self) -> str:
        """As it is written: "92.5 kg"."""
        return f"{self.amount:g} {self.unit}"

    def in_unit(self, unit: str) -> float:
        """How much that is in kg or lb."""
        if unit == self.unit:
            return self.amount
        return self.amount * KILOS_OF_A_POUND if unit == "kg" else self.amount / KILOS_OF_A_POUND

    def is_lighter(self, than: Load) -> bool:
        """Kilos and pounds are compared."""
        return self.in_unit(than.unit) < than.amount

    @property
    def rounded(self) -> Load:
        """To half a kilo or a whole pound, as a load is told that was converted; never to nothing."""
        step = 0.5 if self.unit == "kg" else 1.0
        return Load(max(step, round(self.amount / step) * step), self.unit)

    @property
    def quartered(self) -> Load:
        """To the nearest quarter, as it is said."""
        return Load(round(self.amount * 4) / 4, self.unit)


def amount_and_unit(load: Load | None) -> tuple[float, str] | tuple[None, None]:
    """As records have them; None twice: the lifter has not said."""
    return (None, None) if load is None else (load.amount, load.unit)


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of a set that is counted without a break."""

    reps: int
    """Number of its last repetition. From stage to stage of a side the numbers go on: 10, 15, 20."""
    load: Load | None = None
    side: Side | None = None
    """None: both at once."""
    wait: int = 0
    """Seconds of break before it; 0 for the first."""


@dataclass(frozen=True, slots=True)
class SetPlan:
    """One set, as it is meant to be done."""

    kind: Kind
    number: int
    """From 1, among the warm-ups or among the others: the number that is spoken."""
    stages: tuple[Stage, ...]
    tempo: Tempo
    rest: int
    """Seconds behind it."""

    @property
    def reps(self) -> int:
        """Of each side, in all stages."""
        return max(stage.reps for stage in self.stages)

    @property
    def sort(self) -> str | None:
        """Its kind as records have it; None: a working set."""
        return None if self.kind is Kind.WORKING else self.kind.value

    @property
    def one_side(self) -> tuple[Stage, ...]:
        """The stages of the side that is trained first; those of the other one are alike."""
        return tuple(stage for stage in self.stages if stage.side is self.stages[0].side)

    @property
    def sides(self) -> tuple[Side | None, ...]:
        """In the order in which they are trained; None alone: both at once."""
        return tuple(dict.fromkeys(stage.side for stage in self.stages))


@dataclass(frozen=True, slots=True)
class More:
    """What a drop set or a rest-pause set goes on with."""

    reps: int
    load: Load | None = None
    """None: that of the stage before."""
    wait: int | None = None
    """Seconds of break before it; None: as usual."""


@dataclass(frozen=True, slots=True)
class Own:
    """What one set has of its own; None: as the plan has it."""

    kind: Kind | None = None
    reps: int | None = None
    load: Load | None = None
    tempo: Tempo | None = None
    rest: int | None = None
    more: tuple[More, ...] = ()
    """Empty: as usual for its kind."""

    def with_usual_load(self, load: Load | None) -> Own:
        """Without a load of its own: that of the plan, `load`, holds. Drops that would be heavier lose theirs, too."""
        more = tuple(
            part if part.load is None or load is None or part.load.is_lighter(load) else replace(part, load=None)
            for part in self.more
        )
        return replace(self, load=None, more=more)


@dataclass(frozen=True, slots=True)
class Plan:
    """Sets of one exercise; checked on construction (ValueError)."""

    reps: int
    """Of a working set, as all that follows."""
    sets: int
    rest: int
    """Seconds between sets; 0: the next set may begin at once."""
    tempo: Tempo
    load: Load | None = None
    warm_up: bool = False
    """A ramp of lighter sets comes first."""
    side: Side | None = None
    """One side at a time, beginning with this one."""
    last: Kind = Kind.WORKING
    """What the last working set is."""
    own: tuple[Own, ...] = ()
    """What the working sets have of their own, from the first on."""
    ramp: tuple[Own, ...] = ()
    """The warm-ups, each with repetitions; empty: `training/structure.py` makes them from the working load."""
    switch: int = SWITCH_S
    """Seconds from one side to the other."""
    name: str = ""
    """Of the file it came from, in one word with a digest of it; empty: it came from none."""

    def __post_init__(self) -> None:
        for name, value, bounds in (
            ("reps", self.reps, REPS),
            ("sets", self.sets, SETS),
            ("rest", self.rest, REST_S),
        ):
            if value not in bounds:
                raise ValueError(f"{name} {value!r}: give {bounds[0]} to {bounds[-1]}")

    def own_of(self, number: int) -> Own:
        """What the working set of that number has of its own."""
        return self.own[number - 1] if number <= len(self.own) else Own()

    def with_own(self, number: int, own: Own) -> Plan:
        """The working set of that number has this of its own."""
        sets = [*self.own, *[Own()] * (number - len(self.own))]
        sets[number - 1] = own
        return replace(self, own=tuple(sets))

    def with_kind(self, number: int, kind: Kind) -> Plan:
        """The working set of that number is of that kind, and goes on as usual for it."""
        return self.with_own(number, replace(self.own_of(number), kind=kind, more=()))

    def with_reps(self, reps: int) -> Plan:
        """The same repetitions in every working set."""
        return replace(self, reps=reps, own=tuple(replace(one, reps=None) for one in self.own))

    def with_rest(self, rest: int) -> Plan:
        """The same rest behind every working set."""
        return replace(self, rest=rest, own=tuple(replace(one, rest=None) for one in self.own))

    def with_tempo(self, tempo: Tempo) -> Plan:
        """The same tempo in every working set."""
        return replace(self, tempo=tempo, own=tuple(replace(one, tempo=None) for one in self.own))

    def with_load(self, load: Load | None, number: int = 1) -> Plan:
        """That load in the working set of this number, and in the later ones that were to have the same load.

        A drop that would be heavier is none.
        """
        before = self.own_of(number).load or self.load
        usual = load if self.load == before else self.load
        own = []
        for place, one in enumerate(self.own, 1):
            its = one.load or self.load
            if place < number:
                own.append(one)
            elif its == before:
                own.append(replace(one.with_usual_load(load), load=None if usual == load else load))
            else:
                own.append(replace(one, load=its))
        return replace(self, load=usual, own=tuple(own))

    def with_last(self, kind: Kind) -> Plan:
        """The last working set is of that kind; what it goes on with stays only if it was of that kind before."""
        own, place = self.own, self.sets - 1
        if place < len(own):
            more = own[place].more if (own[place].kind or self.last) is kind else ()
            own = (*own[:place], replace(own[place], kind=None, more=more), *own[self.sets :])
        return replace(self, last=kind, own=own)

    def taken_back(self, before: Plan, after: Plan) -> Plan:
        """What differs between `before` and `after` is as it was before; all else stays."""
        names = [one.name for one in fields(Plan) if getattr(before, one.name) != getattr(after, one.name)]
        return replace(self, **{name: getattr(before, name) for name in names})


@dataclass(frozen=True, slots=True)
class SetDone:
    """A set that is over, or a part of one with one load."""

    reps: int
    """Of the side that did more."""
    load: Load | None
    left: int | None = None
    """Repetitions that the lifter could still have done, if the lifter said so."""
    kind: Kind = Kind.WORKING
    side: Side | None = None
    """Of a part."""


def reps_by_side(parts: Iterable[SetDone]) -> dict[Side | None, int]:
    """Repetitions of each side, in the order in which they were done."""
    sides: dict[Side | None, int] = {}
    for part in parts:
        sides[part.side] = sides.get(part.side, 0) + part.reps
    return sides


def reps_of(parts: Iterable[SetDone]) -> int:
    """Repetitions of a set, counted as a lifter does: of the side that did more."""
    return max(reps_by_side(parts).values(), default=0)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the workout stands."""

    done: tuple[SetDone, ...] = ()
    rep: int = 0
    """Repetitions done in the open set, on the side under way."""
    open: bool = False
    """A set was begun and is not over."""
    kind: Kind | None = None
    """Of the open set, as it was begun."""
    stage: int = 0
    """Of the open set, from 0."""
    first_side: Side | None = None
    """The side the open set began with; it keeps it, whatever is planned meanwhile."""
    side: Side | None = None
    """That of this stage."""
    changes: tuple[SetDone, ...] = ()
    """The parts of the open set that are over: another load, another side."""
    missed: int = 0
    """Repetitions of this side that were left out, because a stage ended early."""
    refused: int = 0
    """Warm-ups the lifter did not want."""

    @property
    def set_number(self) -> int:
        """The set under way, or the one that comes next, from 1, warm-ups included: as the journal counts."""
        return len(self.done) + 1

    @property
    def working(self) -> tuple[SetDone, ...]:
        """The sets that are over, without the warm-ups."""
        return tuple(one for one in self.done if one.kind is not Kind.WARM_UP)

    @property
    def warm_ups(self) -> int:
        """Warm-ups that were done or refused."""
        return len(self.done) - len(self.working) + self.refused

    @property
    def reps_done(self) -> int:
        """All repetitions of the workout."""
        return sum(one.reps for one in self.done) + self.set_reps

    @property
    def set_reps(self) -> int:
        """Repetitions of the open set."""
        return reps_of(self.parts(None))

    def begin_set(self, kind: Kind = Kind.WORKING, side: Side | None = None) -> Progress:
        """A set is open, no repetition done."""
        return replace(self, open=True, rep=0, kind=kind, stage=0, first_side=side, side=side, changes=(), missed=0)

    def count_rep(self) -> Progress:
        """One more repetition is done."""
        return replace(self, rep=self.rep + 1)

    def change_load(self, before: Load | None) -> Progress:
        """In the open set the load becomes another one."""
        return replace(self, changes=self.parts(before))

    def next_stage(self, before: Stage, side: Side | None, kind: Kind) -> Progress:
        """The open set goes on after a break, and is of that kind from here on.

        `before`: the stage that is over; `side`: that of the next one.
        """
        same = side is self.side
        rep, missed = (self.rep, self.missed + max(0, before.reps - self.rep)) if same else (0, 0)
        changes = self.parts(before.load)
        return replace(self, rep=rep, missed=missed, stage=self.stage + 1, side=side, kind=kind, changes=changes)

    def parts(self, load: Load | None) -> tuple[SetDone, ...]:
        """The repetitions of the open set by load and side; `load`: that of the last ones."""
        rest = self.rep - sum(part.reps for part in self.changes if part.side is self.side)
        return (*self.changes, SetDone(rest, load, side=self.side)) if rest > 0 else self.changes

    def amend(self, done: SetDone) -> Progress:
        """The last set that is over was another one."""
        return replace(self, done=(*self.done[:-1], done))

    def take_back(self) -> Progress:
        """The last set that is over does not count."""
        return replace(self, done=self.done[:-1])

    def close_set(self, load: Load | None, kind: Kind) -> Progress:
        """The open set is over, and was of that kind; one without a repetition leaves no trace."""
        parts, done = self.parts(load), self.done
        if self.open and parts:
            done = (*done, SetDone(reps_of(parts), parts[-1].load, kind=kind))
        return Progress(done=done, refused=self.refused)
