"""What is planned and what was done: values that are replaced and never changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from coach.training.tempo import Tempo

REPS = range(1, 31)
SETS = range(1, 11)
REST_S = range(601)
BREAK_S = range(5, 121)
"""Seconds of break between two stages of a set."""
HEAVIEST = 999
"""Largest load in either unit: the largest number that can be said to the coach."""
UNITS = ("kg", "lb")
KILOS_OF_A_POUND = 0.45359237
SWITCH_S = 8
"""Usual time to change from one side to the other."""


class Kind(StrEnum):
    """The kind of a set."""

    WARM_UP = "warm_up"
    WORKING = "working"
    DROP = "drop"
    """A working set that goes on with less load."""
    REST_PAUSE = "rest_pause"
    """A working set that goes on after a few breaths, with the same load."""


class Side(StrEnum):
    """A side of the body, if one side is trained at a time."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> Side:
        """The opposite side."""
        return Side.RIGHT if self is Side.LEFT else Side.LEFT


def name_of(side: Side | None) -> str | None:
    """The side's name in records; None: both sides at once."""
    return None if side is None else side.value


@dataclass(frozen=True, slots=True)
class Load:
    """The weight on the platform."""

    amount: float
    unit: str
    """kg or lb"""

    @property
    def text(self) -> str:
        """The load as it is written: "92.5 kg"."""
        return f"{self.amount:g} {self.unit}"

    def in_unit(self, unit: str) -> float:
        """The amount in kg or lb."""
        if unit == self.unit:
            return self.amount
        return self.amount * KILOS_OF_A_POUND if unit == "kg" else self.amount / KILOS_OF_A_POUND

    def is_lighter(self, than: Load) -> bool:
        """Whether this load is lighter than another one, also in the other unit."""
        return self.in_unit(than.unit) < than.amount

    @property
    def rounded(self) -> Load:
        """The load rounded to half a kilo or a whole pound, for converted loads; never rounded to zero."""
        step = 0.5 if self.unit == "kg" else 1.0
        return Load(max(step, round(self.amount / step) * step), self.unit)

    @property
    def quartered(self) -> Load:
        """The load rounded to the nearest quarter, as it is said."""
        return Load(round(self.amount * 4) / 4, self.unit)


def amount_and_unit(load: Load | None) -> tuple[float, str] | tuple[None, None]:
    """The load's fields in records; None twice: the lifter has not said the load."""
    return (None, None) if load is None else (load.amount, load.unit)


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of a set that is counted without a break."""

    reps: int
    """Number of the stage's last repetition. The numbers go on over the stages of a side: 10, 15, 20."""
    load: Load | None = None
    side: Side | None = None
    """None: both sides at once."""
    wait: int = 0
    """Seconds of break before the stage; 0 for the first stage."""


@dataclass(frozen=True, slots=True)
class SetPlan:
    """One set as it is planned."""

    kind: Kind
    number: int
    """The number that is spoken, from 1: warm-ups and other sets are counted apart."""
    stages: tuple[Stage, ...]
    tempo: Tempo
    rest: int
    """Seconds of rest behind the set."""

    @property
    def reps(self) -> int:
        """Repetitions of each side, over all stages."""
        return max(stage.reps for stage in self.stages)

    @property
    def sort(self) -> str | None:
        """The set's kind in records; None: a working set."""
        return None if self.kind is Kind.WORKING else self.kind.value

    @property
    def one_side(self) -> tuple[Stage, ...]:
        """The stages of the side that is trained first; the other side has the same stages."""
        return tuple(stage for stage in self.stages if stage.side is self.stages[0].side)

    @property
    def sides(self) -> tuple[Side | None, ...]:
        """The sides in the order in which they are trained; (None,): both sides at once."""
        return tuple(dict.fromkeys(stage.side for stage in self.stages))


@dataclass(frozen=True, slots=True)
class More:
    """A further stage of a drop set or a rest-pause set."""

    reps: int
    load: Load | None = None
    """None: the load of the stage before."""
    wait: int | None = None
    """Seconds of break before the stage; None: as usual."""


@dataclass(frozen=True, slots=True)
class Own:
    """The values of one set that may differ from the plan's; None: the plan's value."""

    kind: Kind | None = None
    reps: int | None = None
    load: Load | None = None
    tempo: Tempo | None = None
    rest: int | None = None
    more: tuple[More, ...] = ()
    """The stages behind the first one; empty: as usual for the set's kind."""

    def with_usual_load(self, load: Load | None) -> Own:
        """The values without a load, so that the plan's `load` holds. Drops that are not lighter lose theirs, too."""
        more = tuple(
            part if part.load is None or load is None or part.load.is_lighter(load) else replace(part, load=None)
            for part in self.more
        )
        return replace(self, load=None, more=more)


@dataclass(frozen=True, slots=True)
class Plan:
    """Sets of one exercise; checked on construction (ValueError)."""

    reps: int
    """Repetitions of a working set. Sets, rest, tempo and load are those of the working sets, too."""
    sets: int
    rest: int
    """Seconds between sets; 0: the next set may begin at once."""
    tempo: Tempo
    load: Load | None = None
    warm_up: bool = False
    """Whether a ramp of lighter sets comes first."""
    side: Side | None = None
    """The side that is trained first, if one side is trained at a time; None: both at once."""
    last: Kind = Kind.WORKING
    """Kind of the last working set."""
    own: tuple[Own, ...] = ()
    """The working sets' own values, from the first set on."""
    ramp: tuple[Own, ...] = ()
    """The warm-ups, each with repetitions; empty: `training/structure.py` makes them from the working load."""
    switch: int = SWITCH_S
    """Seconds to change from one side to the other."""
    name: str = ""
    """Name of the plan's file and a digest of its content, in one word; empty: the plan came from no file."""

    def __post_init__(self) -> None:
        for name, value, bounds in (
            ("reps", self.reps, REPS),
            ("sets", self.sets, SETS),
            ("rest", self.rest, REST_S),
        ):
            if value not in bounds:
                raise ValueError(f"{name} {value!r}: give {bounds[0]} to {bounds[-1]}")

    def own_of(self, number: int) -> Own:
        """The own values of the working set of this number."""
        return self.own[number - 1] if number <= len(self.own) else Own()

    def with_own(self, number: int, own: Own) -> Plan:
        """The plan in which the working set of this number has these own values."""
        sets = [*self.own, *[Own()] * (number - len(self.own))]
        sets[number - 1] = own
        return replace(self, own=tuple(sets))

    def with_kind(self, number: int, kind: Kind) -> Plan:
        """The plan in which the working set of this number has this kind, with the kind's usual stages."""
        return self.with_own(number, replace(self.own_of(number), kind=kind, more=()))

    def with_reps(self, reps: int) -> Plan:
        """The plan with these repetitions in every working set."""
        return replace(self, reps=reps, own=tuple(replace(one, reps=None) for one in self.own))

    def with_rest(self, rest: int) -> Plan:
        """The plan with this rest behind every working set."""
        return replace(self, rest=rest, own=tuple(replace(one, rest=None) for one in self.own))

    def with_tempo(self, tempo: Tempo) -> Plan:
        """The plan with this tempo in every working set."""
        return replace(self, tempo=tempo, own=tuple(replace(one, tempo=None) for one in self.own))

    def with_load(self, load: Load | None, number: int = 1) -> Plan:
        """The plan with this load in the working set of this number, and in the later sets that had that set's load.

        A drop that is not lighter than `load` gets the load of the stage before it.
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
        """The plan whose last working set has this kind. Its stages stay only if it had this kind before."""
        own, place = self.own, self.sets - 1
        if place < len(own):
            more = own[place].more if (own[place].kind or self.last) is kind else ()
            own = (*own[:place], replace(own[place], kind=None, more=more), *own[self.sets :])
        return replace(self, last=kind, own=own)

    def taken_back(self, before: Plan, after: Plan) -> Plan:
        """The plan with the fields that differ between `before` and `after` as in `before`; other fields stay."""
        names = [one.name for one in fields(Plan) if getattr(before, one.name) != getattr(after, one.name)]
        return replace(self, **{name: getattr(before, name) for name in names})


@dataclass(frozen=True, slots=True)
class SetDone:
    """A set that is over, or a part of a set, done with one load on one side."""

    reps: int
    """Repetitions of the side that did more."""
    load: Load | None
    left: int | None = None
    """Repetitions that the lifter could still have done, if the lifter said so."""
    kind: Kind = Kind.WORKING
    side: Side | None = None
    """The side of a part; None for a whole set, or if both sides were trained at once."""


def reps_by_side(parts: Iterable[SetDone]) -> dict[Side | None, int]:
    """Repetitions of each side, in the order in which they were done."""
    sides: dict[Side | None, int] = {}
    for part in parts:
        sides[part.side] = sides.get(part.side, 0) + part.reps
    return sides


def reps_of(parts: Iterable[SetDone]) -> int:
    """Repetitions of a set as a lifter counts them: those of the side that did more."""
    return max(reps_by_side(parts).values(), default=0)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the workout stands."""

    done: tuple[SetDone, ...] = ()
    rep: int = 0
    """Repetitions done in the open set, on the side under way."""
    open: bool = False
    """Whether a set has begun and is not over."""
    kind: Kind | None = None
    """Kind of the open set, as it was begun."""
    stage: int = 0
    """Number of the stage under way in the open set, from 0."""
    first_side: Side | None = None
    """The side with which the open set began. A later change of the plan does not change this side."""
    side: Side | None = None
    """The side of the stage under way."""
    changes: tuple[SetDone, ...] = ()
    """The parts of the open set that are over, before a change of load or side."""
    missed: int = 0
    """Repetitions of the current side that were left out, because a stage ended early."""
    refused: int = 0
    """Number of warm-ups that the lifter did not want."""

    @property
    def set_number(self) -> int:
        """Number of the open or next set, from 1, warm-ups included: as the journal counts."""
        return len(self.done) + 1

    @property
    def working(self) -> tuple[SetDone, ...]:
        """The sets that are over, without the warm-ups."""
        return tuple(one for one in self.done if one.kind is not Kind.WARM_UP)

    @property
    def warm_ups(self) -> int:
        """Number of warm-ups that were done or refused."""
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
        """The progress with a set open and no repetition done."""
        return replace(self, open=True, rep=0, kind=kind, stage=0, first_side=side, side=side, changes=(), missed=0)

    def count_rep(self) -> Progress:
        """The progress with one more repetition done."""
        return replace(self, rep=self.rep + 1)

    def change_load(self, before: Load | None) -> Progress:
        """The progress with a change of load in the open set; `before`: the load until now."""
        return replace(self, changes=self.parts(before))

    def next_stage(self, before: Stage, side: Side | None, kind: Kind) -> Progress:
        """The progress at the next stage of the open set, which has this kind from here on.

        `before`: the stage that is over; `side`: the side of the next stage.
        """
        same = side is self.side
        rep, missed = (self.rep, self.missed + max(0, before.reps - self.rep)) if same else (0, 0)
        changes = self.parts(before.load)
        return replace(self, rep=rep, missed=missed, stage=self.stage + 1, side=side, kind=kind, changes=changes)

    def parts(self, load: Load | None) -> tuple[SetDone, ...]:
        """The parts of the open set by load and side; `load`: the load of the last part."""
        rest = self.rep - sum(part.reps for part in self.changes if part.side is self.side)
        return (*self.changes, SetDone(rest, load, side=self.side)) if rest > 0 else self.changes

    def amend(self, done: SetDone) -> Progress:
        """The progress with the last finished set replaced by `done`."""
        return replace(self, done=(*self.done[:-1], done))

    def take_back(self) -> Progress:
        """The progress without the last finished set."""
        return replace(self, done=self.done[:-1])

    def close_set(self, load: Load | None, kind: Kind) -> Progress:
        """The progress after the end of the open set, which had this kind; a set without a repetition is left out."""
        parts, done = self.parts(load), self.done
        if self.open and parts:
            done = (*done, SetDone(reps_of(parts), parts[-1].load, kind=kind))
        return Progress(done=done, refused=self.refused)
