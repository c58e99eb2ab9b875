"""What is written down of a workout: small frozen values, the same for the journal that writes and whoever reads it.

Law: the names of kinds and fields are those of the file on disk, so they are only ever added to. A record that lacks a
field, or has one of another type or beyond all measure, is not read; fields that are not known here are ignored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass
from dataclasses import fields as fields_of_class
from typing import Any, ClassVar, get_args


@dataclass(frozen=True, slots=True)
class Began:
    """The session began with this plan."""

    kind: ClassVar[str] = "began"
    at: float
    """Seconds since the session began; so in every record."""
    exercise: str
    """Name of the pack, such as "leg_press"."""
    sets: int
    reps: int
    rest: int
    """Seconds between sets; 0 in an imported session, whose file does not tell."""
    tempo: str
    """Such as "4-1-2-0": seconds of lowering, at the bottom, of the push, at the top; empty in an imported session."""
    structure: str | None = None
    """What else is planned, as `training/written.py` writes it; None: nothing else."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """The session goes on with an earlier one: its sets count, and the set numbers go on."""

    kind: ClassVar[str] = "resumed"
    at: float
    earlier: str
    """Its beginning, as `ports.KeptSession.began` has it."""


@dataclass(frozen=True, slots=True)
class SetBegan:
    """A set was begun, or begun anew from its first repetition."""

    kind: ClassVar[str] = "set_began"
    at: float
    set: int
    """Number of the set, from 1; so in every record."""
    rest: int | None = None
    """Seconds of rest that were planned before it, with what was added or taken away by voice; None: there was none."""
    sort: str | None = None
    """What kind of set, as `training.plan.Kind` has it; None: a working set. So in every record."""


@dataclass(frozen=True, slots=True)
class Rep:
    """A repetition was done."""

    kind: ClassVar[str] = "rep"
    at: float
    set: int
    rep: int
    """Number of the repetition in its set, from 1; where sides are trained one after the other, on its side."""
    side: str | None = None
    """left or right; None: both at once. So in every record."""


@dataclass(frozen=True, slots=True)
class Set:
    """A set is over in which at least one repetition was done, or a part of it: done with one load, on one side."""

    kind: ClassVar[str] = "set"
    at: float
    set: int
    reps: int
    """Repetitions done."""
    load: float | None = None
    """None: the lifter has not said."""
    unit: str | None = None
    """Of the load, kg or lb."""
    tempo: str | None = None
    """As it was counted last."""
    sort: str | None = None
    side: str | None = None


@dataclass(frozen=True, slots=True)
class Amended:
    """What is logged of a set was changed by voice: this is how it stands now. The latest counts; an undo is one."""

    kind: ClassVar[str] = "amended"
    at: float
    set: int
    reps: int
    """0: the set does not count."""
    load: float | None = None
    unit: str | None = None
    left: int | None = None
    """Repetitions that the lifter could still have done, as the lifter said; None: not said."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A set was interrupted to correct the form."""

    kind: ClassVar[str] = "correction"
    at: float
    what: str
    """Name of the intent the lifter reported it with, such as "BackLifted"."""
    set: int
    rep: int
    """Repetitions done until then."""
    phase: str | None = None
    """Of the repetition that was being counted: lowering, bottom, pressing or top."""
    side: str | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """The lifter said stop while a set was open."""

    kind: ClassVar[str] = "stop"
    at: float
    set: int
    rep: int
    """Repetitions done until then."""
    side: str | None = None


@dataclass(frozen=True, slots=True)
class Stuck:
    """The platform did not move any more: a repetition that failed."""

    kind: ClassVar[str] = "stuck"
    at: float
    set: int
    rep: int
    """Repetitions done until then."""
    side: str | None = None


@dataclass(frozen=True, slots=True)
class Pain:
    """The lifter reported pain or dizziness, in a set or outside one."""

    kind: ClassVar[str] = "pain"
    at: float
    what: str
    """Name of the intent, such as "Dizzy"."""
    set: int
    rep: int
    """Repetitions done until then."""
    side: str | None = None


@dataclass(frozen=True, slots=True)
class Preference:
    """The lifter changed by voice how the coach shall be next time, too."""

    kind: ClassVar[str] = "preference"
    at: float
    name: str
    """Such as "volume"; `dialogue/preferences.py` has them all."""
    value: str
    """As that module writes it."""


@dataclass(frozen=True, slots=True)
class Extra:
    """What an imported file says and the coach has no use for: kept, so that it can be exported again."""

    kind: ClassVar[str] = "extra"
    at: float
    set: int
    """0: it is about the whole session."""
    name: str
    """Such as "exercise_notes"; `formats/rows.py` has them all."""
    value: str


@dataclass(frozen=True, slots=True)
class Workout:
    """The session ended as it should."""

    kind: ClassVar[str] = "workout"
    at: float
    sets: int
    """Sets in which at least one repetition was done."""
    reps: int
    """Repetitions of all of them."""


Record = (
    Began | Resumed | SetBegan | Rep | Set | Amended | Correction | Stop | Stuck | Pain | Preference | Extra | Workout
)
KINDS: Mapping[str, type[Record]] = {one.kind: one for one in get_args(Record)}
MOST = 1e9
"""Beyond it no number of a training is true. Times within it are dates, and a database keeps them."""
_TYPES: Mapping[str, tuple[type, ...]] = {"int": (int,), "float": (int, float), "str": (str,)}


def values(record: Record) -> dict[str, str | int | float]:
    """The fields without the time, in order; those that are None are left out."""
    found = {field.name: getattr(record, field.name) for field in fields_of_class(record) if field.name != "at"}
    return {name: value for name, value in found.items() if value is not None}


def from_values(kind: object, fields: Mapping[str, object]) -> Record | None:
    """The record that was written with these values, its time under "at"; None when it is none that is known here."""
    known = KINDS.get(kind) if isinstance(kind, str) else None
    if known is None:
        return None
    needed = fields_of_class(known)
    if not all(_fits(field, fields.get(field.name)) for field in needed):
        return None
    if (fields.get("load") is None) != (fields.get("unit") is None):
        return None
    chosen: dict[str, Any] = {field.name: fields[field.name] for field in needed if field.name in fields}
    return known(**chosen)


def _fits(field: Field[object], value: object) -> bool:
    """Whether the value is one of the field's type; one that need not be there may be None."""
    if value is None:
        return field.default is not MISSING
    # A bool is an int to Python, and none here.
    if not isinstance(value, _TYPES[str(field.type).removesuffix(" | None")]) or isinstance(value, bool):
        return False
    if isinstance(value, str):
        # JSON can write half a letter, which no file of text takes.
        return not any("\ud800" <= letter <= "\udfff" for letter in value)
    # Written so that a nan is out of bounds.
    return isinstance(value, int | float) and -MOST <= value <= MOST
