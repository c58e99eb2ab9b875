"""What is written down of a workout: small frozen values, the same for the journal that writes and whoever reads it.

Law: the names of kinds and fields are those of the file on disk, so they are only ever added to. A record that lacks a
field, or has one of another type, is not read; fields that are not known here are ignored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import fields as fields_of_class
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Rep:
    """A repetition was done."""

    kind: ClassVar[str] = "rep"
    at: float
    """Seconds since the session began; so in every record."""
    set: int
    """Number of the set, from 1; so in every record."""
    rep: int
    """Number of the repetition in its set, from 1."""


@dataclass(frozen=True, slots=True)
class Set:
    """A set is over in which at least one repetition was done."""

    kind: ClassVar[str] = "set"
    at: float
    set: int
    reps: int
    """Repetitions done."""
    load: float | None = None
    """None: the lifter has not said."""
    unit: str | None = None
    """Of the load, kg or lb."""


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


@dataclass(frozen=True, slots=True)
class Stop:
    """The lifter said stop while a set was open."""

    kind: ClassVar[str] = "stop"
    at: float
    set: int
    rep: int
    """Repetitions done until then."""


@dataclass(frozen=True, slots=True)
class Stuck:
    """The platform did not move any more: a repetition that failed."""

    kind: ClassVar[str] = "stuck"
    at: float
    set: int
    rep: int
    """Repetitions done until then."""


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


@dataclass(frozen=True, slots=True)
class Workout:
    """The session ended as it should."""

    kind: ClassVar[str] = "workout"
    at: float
    sets: int
    """Sets in which at least one repetition was done."""
    reps: int
    """Repetitions of all of them."""


Record = Rep | Set | Correction | Stop | Stuck | Pain | Workout


def values(record: Record) -> dict[str, str | int | float]:
    """The fields without the time, in order; those that are None are left out."""
    found = {field.name: getattr(record, field.name) for field in fields_of_class(record) if field.name != "at"}
    return {name: value for name, value in found.items() if value is not None}


def from_values(kind: object, fields: Mapping[str, object]) -> Record | None:
    """The record that was written with these values, its time under "at"; None when it is none that is known here."""
    match kind, fields:
        case "rep", {"at": int() | float() as at, "set": int(number), "rep": int(rep)}:
            return Rep(at, number, rep)
        case "set", {"at": int() | float() as at, "set": int(number), "reps": int(reps)}:
            match fields.get("load"), fields.get("unit"):
                case None, None:
                    return Set(at, number, reps)
                case int() | float() as load, str(unit):
                    return Set(at, number, reps, load, unit)
        case "correction", {"at": int() | float() as at, "what": str(what), "set": int(number), "rep": int(rep)}:
            return Correction(at, what, number, rep)
        case "stop", {"at": int() | float() as at, "set": int(number), "rep": int(rep)}:
            return Stop(at, number, rep)
        case "stuck", {"at": int() | float() as at, "set": int(number), "rep": int(rep)}:
            return Stuck(at, number, rep)
        case "pain", {"at": int() | float() as at, "what": str(what), "set": int(number), "rep": int(rep)}:
            return Pain(at, what, number, rep)
        case "workout", {"at": int() | float() as at, "sets": int(sets), "reps": int(reps)}:
            return Workout(at, sets, reps)
    return None
