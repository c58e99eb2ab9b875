"""What is written down of a workout: small frozen values, the same for the journal and for its readers.

Law: the names of kinds and fields are those of the file on disk, so names are added but never changed or removed. A
record is not read if it lacks a field, or if a value has another type or is beyond `MAX_NUMBER`. Unknown fields are
ignored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass
from dataclasses import fields as fields_of_class
from typing import Any, ClassVar, get_args


@dataclass(frozen=True, slots=True)
class SessionBegan:
    """The session began with this plan."""

    kind: ClassVar[str] = "began"
    at: float
    """Seconds since the session began. `at` means this in every record."""
    exercise: str
    """Name of the pack, such as "leg_press"."""
    sets: int
    reps: int
    rest: int
    """Seconds between sets; 0 in an imported session, because its file does not say."""
    tempo: str
    """Tempo, such as "4-1-2-0": seconds of lowering, at the bottom, of the push, at the top; empty if imported."""
    structure: str | None = None
    """What else is planned, as text that `training/plan_text.py` writes; None: nothing else."""


@dataclass(frozen=True, slots=True)
class SessionResumed:
    """The session continues an earlier one: the sets of the earlier session count, and the set numbers continue."""

    kind: ClassVar[str] = "resumed"
    at: float
    earlier: str
    """When the earlier session began, as in `ports.StoredSession.began`."""


@dataclass(frozen=True, slots=True)
class SetBegan:
    """A set began, or began again from its first repetition."""

    kind: ClassVar[str] = "set_began"
    at: float
    set: int
    """Number of the set, from 1. `set` means this in every record."""
    rest: int | None = None
    """Seconds of rest planned before the set, including changes made by voice; None: there was no rest."""
    sort: str | None = None
    """Kind of set, a value of `training.plan.Kind`; None: a working set. `sort` means this in every record."""


@dataclass(frozen=True, slots=True)
class RepDone:
    """A repetition was done."""

    kind: ClassVar[str] = "rep"
    at: float
    set: int
    rep: int
    """Number of the repetition in its set, from 1. Where the two sides are trained in turn, its number on that side."""
    side: str | None = None
    """Side that was trained: left or right; None: both at once. `side` means this in every record."""


@dataclass(frozen=True, slots=True)
class SetEnded:
    """A set with at least one repetition is over, or a part of such a set that has one load and one side."""

    kind: ClassVar[str] = "set"
    at: float
    set: int
    reps: int
    """Repetitions done."""
    load: float | None = None
    """Amount of the load; None: the lifter has not said."""
    unit: str | None = None
    """Unit of the load, kg or lb."""
    tempo: str | None = None
    """Tempo of the set's last repetition."""
    sort: str | None = None
    side: str | None = None


@dataclass(frozen=True, slots=True)
class SetAmended:
    """The lifter changed by voice what is logged of a set: these are the new values.

    The latest record of a set counts. An undo is written as a `SetAmended` record, too.
    """

    kind: ClassVar[str] = "amended"
    at: float
    set: int
    reps: int
    """Repetitions of the set; 0: the set does not count."""
    load: float | None = None
    unit: str | None = None
    left: int | None = None
    """Repetitions in reserve: how many more the lifter could have done, as the lifter said; None: not said."""


@dataclass(frozen=True, slots=True)
class FaultReported:
    """A set was interrupted to correct the form."""

    kind: ClassVar[str] = "correction"
    at: float
    what: str
    """Name of the intent with which the lifter reported the fault, such as "BackLifted"."""
    set: int
    rep: int
    """Repetitions done before the report."""
    phase: str | None = None
    """Phase that was being counted: lowering, bottom, pressing or top."""
    side: str | None = None


@dataclass(frozen=True, slots=True)
class StopSaid:
    """The lifter said stop while a set was open."""

    kind: ClassVar[str] = "stop"
    at: float
    set: int
    rep: int
    """Repetitions done before the stop."""
    side: str | None = None


@dataclass(frozen=True, slots=True)
class GotStuck:
    """The platform stopped moving: a repetition failed."""

    kind: ClassVar[str] = "stuck"
    at: float
    set: int
    rep: int
    """Repetitions done before the failed one."""
    side: str | None = None


@dataclass(frozen=True, slots=True)
class PainReported:
    """The lifter reported pain or dizziness, in a set or outside one."""

    kind: ClassVar[str] = "pain"
    at: float
    what: str
    """Name of the intent that reported it, such as "Dizzy"."""
    set: int
    rep: int
    """Repetitions done before the report."""
    side: str | None = None


@dataclass(frozen=True, slots=True)
class PreferenceChanged:
    """The lifter changed by voice a setting that also applies to later sessions."""

    kind: ClassVar[str] = "preference"
    at: float
    name: str
    """Name of the setting, such as "volume"; `dialogue/preferences.py` lists all names."""
    value: str
    """The value as text, in the form that `dialogue/preferences.py` writes."""


@dataclass(frozen=True, slots=True)
class ImportedExtra:
    """A value of an imported file that the coach does not use. It is kept so that it can be exported again."""

    kind: ClassVar[str] = "extra"
    at: float
    set: int
    """Number of the set; 0: the value belongs to the whole session."""
    name: str
    """Such as "exercise_notes"; `formats/rows.py` lists all names."""
    value: str


@dataclass(frozen=True, slots=True)
class WorkoutEnded:
    """The session ended normally."""

    kind: ClassVar[str] = "workout"
    at: float
    sets: int
    """Sets in which at least one repetition was done."""
    reps: int
    """Repetitions of all these sets."""


Record = (
    SessionBegan
    | SessionResumed
    | SetBegan
    | RepDone
    | SetEnded
    | SetAmended
    | FaultReported
    | StopSaid
    | GotStuck
    | PainReported
    | PreferenceChanged
    | ImportedExtra
    | WorkoutEnded
)
RECORD_CLASSES: Mapping[str, type[Record]] = {one.kind: one for one in get_args(Record)}
MAX_NUMBER = 1e9
"""Bound for every number of a record: no true value of a training is beyond it. Times within it are valid dates, and a
database can store them."""
_TYPES: Mapping[str, tuple[type, ...]] = {"int": (int,), "float": (int, float), "str": (str,)}


def record_values(record: Record) -> dict[str, str | int | float]:
    """The fields without `at`, in order, without those that are None."""
    found = {field.name: getattr(record, field.name) for field in fields_of_class(record) if field.name != "at"}
    return {name: value for name, value in found.items() if value is not None}


def record_from_values(kind: object, fields: Mapping[str, object]) -> Record | None:
    """The record that has these values, its time under "at"; None when the kind or a value is not valid."""
    known = RECORD_CLASSES.get(kind) if isinstance(kind, str) else None
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
    """Whether the value has the field's type. None fits only a field that has a default."""
    if value is None:
        return field.default is not MISSING
    # In Python a bool is an int; in a record it is not.
    if not isinstance(value, _TYPES[str(field.type).removesuffix(" | None")]) or isinstance(value, bool):
        return False
    if isinstance(value, str):
        # JSON can hold a lone surrogate, which no text file can.
        return not any("\ud800" <= letter <= "\udfff" for letter in value)
    # Written so that nan is out of bounds.
    return isinstance(value, int | float) and -MAX_NUMBER <= value <= MAX_NUMBER
