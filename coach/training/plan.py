"""What is planned and what was done, as immutable values: a change returns a new value."""

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
MAX_LOAD = 999
"""Largest load in either unit: the largest number that can be said to the coach."""
UNITS = ("kg", "lb")
KILOS_PER_POUND = 0.45359237
SWITCH_S = 8
"""Usual time to change from one side to the other."""


class SetKind(StrEnum):
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


def side_name(side: Side | None) -> str | None:
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
        return self.amount * KILOS_PER_POUND if unit == "kg" else self.amount / KILOS_PER_POUND

    def is_lighter(self, than: Load) -> bool:
        """Whether this load is lighter than another one, also in the other unit."""
        return self.in_unit(than.unit) < than.amount

    @property
    def is_sayable(self) -> bool:
        """Whether the load can be said to the coach: more than zero, at most `MAX_LOAD`, in a known unit."""
        return 0 < self.amount <= MAX_LOAD and self.unit in UNITS

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
    """The load's two fields in records; (None, None) if the lifter has not said the load."""
    return (None, None) if load is None else (load.amount, load.unit)


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of a set that is counted without a break."""

    reps: int
    """Number of the stage's last repetition, counted over all stages of a side: 10, 15, 20."""
    load: Load | None = None
    side: Side | None = None
    """None: both sides at once."""
    break_s: int = 0
    """Seconds of break before the stage; 0 for the first stage."""


@dataclass(frozen=True, slots=True)
class SetPlan:
    """One set as it is planned."""

    kind: SetKind
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
    def kind_name(self) -> str | None:
        """The set's kind in records; None: a working set."""
        return None if self.kind is SetKind.WORKING else self.kind.value

    @property
    def stages_of_first_side(self) -> tuple[Stage, ...]:
        """The stages of the side that is trained first; the other side has the same stages."""
        return tuple(stage for stage in self.stages if stage.side is self.stages[0].side)

    @property
    def sides(self) -> tuple[Side | None, ...]:
        """The sides in the order in which they are trained; (None,): both sides at once."""
        return tuple(dict.fromkeys(stage.side for stage in self.stages))


@dataclass(frozen=True, slots=True)
class FurtherStage:
    """A further stage of a drop set or a rest-pause set."""

    reps: int
    load: Load | None = None
    """None: the load of the stage before."""
    break_s: int | None = None
    """Seconds of break before the stage; None: as usual."""


@dataclass(frozen=True, slots=True)
class SetOverrides:
    """The values of one set that differ from the plan's; None: the plan's value."""

    kind: SetKind | None = None
    reps: int | None = None
    load: Load | None = None
    tempo: Tempo | None = None
    rest: int | None = None
    further_stages: tuple[FurtherStage, ...] = ()
    """The stages behind the first one; empty: as usual for the set's kind."""

    def with_usual_load(self, load: Load | None) -> SetOverrides:
        """The overrides without a load, so that the plan's holds. Drops that are not lighter lose their load, too."""
        more = tuple(
            part if part.load is None or load is None or part.load.is_lighter(load) else replace(part, load=None)
            for part in self.further_stages
        )
        return replace(self, load=None, further_stages=more)


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
    first_side: Side | None = None
    """The side that is trained first, if one side is trained at a time; None: both at once."""
    last_kind: SetKind = SetKind.WORKING
    """Kind of the last working set."""
    overrides: tuple[SetOverrides, ...] = ()
    """The overrides of the working sets, from the first set on."""
    ramp: tuple[SetOverrides, ...] = ()
    """The warm-ups, each with repetitions; empty: `training/structure.py` makes them from the working load."""
    switch_s: int = SWITCH_S
    """Seconds to change from one side to the other."""
    name: str = ""
    """Name of the plan's file and a digest of its content, in one word; empty: the plan came from no file."""

    def __post_init__(self) -> None:
        for name, bounds in (("reps", REPS), ("sets", SETS), ("rest", REST_S)):
            value = getattr(self, name)
            if value not in bounds:
                raise ValueError(f"{name} {value!r}: give {bounds[0]} to {bounds[-1]}")

    def overrides_of(self, number: int) -> SetOverrides:
        """The overrides of the working set of this number."""
        return self.overrides[number - 1] if number <= len(self.overrides) else SetOverrides()

    def with_overrides(self, number: int, overrides: SetOverrides) -> Plan:
        """The plan in which the working set of this number has these overrides."""
        sets = [*self.overrides, *[SetOverrides()] * (number - len(self.overrides))]
        sets[number - 1] = overrides
        return replace(self, overrides=tuple(sets))

    def with_kind(self, number: int, kind: SetKind) -> Plan:
        """The plan in which the working set of this number has this kind, with the kind's usual stages."""
        return self.with_overrides(number, replace(self.overrides_of(number), kind=kind, further_stages=()))

    def with_reps(self, reps: int) -> Plan:
        """The plan with these repetitions in every working set."""
        return replace(self, reps=reps, overrides=tuple(replace(one, reps=None) for one in self.overrides))

    def with_rest(self, rest: int) -> Plan:
        """The plan with this rest behind every working set."""
        return replace(self, rest=rest, overrides=tuple(replace(one, rest=None) for one in self.overrides))

    def with_tempo(self, tempo: Tempo) -> Plan:
        """The plan with this tempo in every working set."""
        return replace(self, tempo=tempo, overrides=tuple(replace(one, tempo=None) for one in self.overrides))

    def with_load(self, load: Load | None, number: int = 1) -> Plan:
        """The plan with this load in the working set of this number, and in the later sets that had that set's load.

        A drop that is not lighter than `load` gets the load of the stage before it.
        """
        before = self.overrides_of(number).load or self.load
        usual = load if self.load == before else self.load
        overrides = []
        for place, one in enumerate(self.overrides, 1):
            its = one.load or self.load
            if place < number:
                overrides.append(one)
            elif its == before:
                overrides.append(replace(one.with_usual_load(load), load=None if usual == load else load))
            else:
                overrides.append(replace(one, load=its))
        return replace(self, load=usual, overrides=tuple(overrides))

    def with_last_kind(self, kind: SetKind) -> Plan:
        """The plan whose last working set has this kind. Its stages stay only if it had this kind before."""
        overrides, place = self.overrides, self.sets - 1
        if place < len(overrides):
            last = overrides[place]
            stages = last.further_stages if (last.kind or self.last_kind) is kind else ()
            last = replace(last, kind=None, further_stages=stages)
            overrides = (*overrides[:place], last, *overrides[self.sets :])
        return replace(self, last_kind=kind, overrides=overrides)

    def without_change(self, before: Plan, after: Plan) -> Plan:
        """The plan without the change from `before` to `after`: fields that differ between them are as in `before`."""
        names = [one.name for one in fields(Plan) if getattr(before, one.name) != getattr(after, one.name)]
        return replace(self, **{name: getattr(before, name) for name in names})


@dataclass(frozen=True, slots=True)
class SetDone:
    """A set that is over, or a part of a set, done with one load on one side."""

    reps: int
    """Repetitions of the side that did more."""
    load: Load | None
    in_reserve: int | None = None
    """Repetitions that the lifter could still have done; None: the lifter has not said it."""
    kind: SetKind = SetKind.WORKING
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
    """How far the workout is."""

    sets_done: tuple[SetDone, ...] = ()
    rep: int = 0
    """Repetitions done in the open set, on the side under way."""
    is_set_open: bool = False
    """Whether a set has begun and is not over."""
    kind: SetKind | None = None
    """Kind of the open set, as it was begun."""
    stage: int = 0
    """Number of the stage under way in the open set, from 0."""
    first_side: Side | None = None
    """The side with which the open set began. A later change of the plan does not change this side."""
    side: Side | None = None
    """The side of the stage under way."""
    finished_parts: tuple[SetDone, ...] = ()
    """The parts of the open set that are over, before a change of load or side."""
    missed_reps: int = 0
    """Repetitions of the current side that were not done, because a stage ended early."""
    refused_warm_ups: int = 0
    """Number of warm-ups that the lifter did not want."""

    @property
    def set_number(self) -> int:
        """Number of the open or next set, from 1, warm-ups included: as the journal counts."""
        return len(self.sets_done) + 1

    @property
    def working_sets(self) -> tuple[SetDone, ...]:
        """The sets that are over, without the warm-ups."""
        return tuple(one for one in self.sets_done if one.kind is not SetKind.WARM_UP)

    @property
    def warm_ups(self) -> int:
        """Number of warm-ups that were done or refused."""
        return len(self.sets_done) - len(self.working_sets) + self.refused_warm_ups

    @property
    def reps_done(self) -> int:
        """All repetitions of the workout."""
        return sum(one.reps for one in self.sets_done) + self.set_reps

    @property
    def set_reps(self) -> int:
        """Repetitions of the open set."""
        return reps_of(self.parts(None))

    def begin_set(self, kind: SetKind = SetKind.WORKING, side: Side | None = None) -> Progress:
        """The progress with a set open and no repetition done."""
        fresh = Progress(self.sets_done, refused_warm_ups=self.refused_warm_ups)
        return replace(fresh, is_set_open=True, kind=kind, first_side=side, side=side)

    def count_rep(self) -> Progress:
        """The progress with one more repetition done."""
        return replace(self, rep=self.rep + 1)

    def change_load(self, before: Load | None) -> Progress:
        """The progress with a change of load in the open set; `before`: the load until now."""
        return replace(self, finished_parts=self.parts(before))

    def next_stage(self, before: Stage, side: Side | None, kind: SetKind) -> Progress:
        """The progress at the next stage of the open set, which has this kind from here on.

        `before`: the stage that is over; `side`: the side of the next stage.
        """
        same = side is self.side
        rep, missed = (self.rep, self.missed_reps + max(0, before.reps - self.rep)) if same else (0, 0)
        parts = self.parts(before.load)
        place = self.stage + 1
        return replace(self, rep=rep, missed_reps=missed, stage=place, side=side, kind=kind, finished_parts=parts)

    def parts(self, load: Load | None) -> tuple[SetDone, ...]:
        """The parts of the open set by load and side; `load`: the load of the last part."""
        rest = self.rep - sum(part.reps for part in self.finished_parts if part.side is self.side)
        return (*self.finished_parts, SetDone(rest, load, side=self.side)) if rest > 0 else self.finished_parts

    def amend(self, done: SetDone) -> Progress:
        """The progress with the last finished set replaced by `done`."""
        return replace(self, sets_done=(*self.sets_done[:-1], done))

    def without_last_set(self) -> Progress:
        """The progress without the last finished set."""
        return replace(self, sets_done=self.sets_done[:-1])

    def close_set(self, load: Load | None, kind: SetKind) -> Progress:
        """The progress after the end of the open set, which had this kind; a set without a repetition is left out."""
        parts, done = self.parts(load), self.sets_done
        if self.is_set_open and parts:
            done = (*done, SetDone(reps_of(parts), parts[-1].load, kind=kind))
        return Progress(sets_done=done, refused_warm_ups=self.refused_warm_ups)
