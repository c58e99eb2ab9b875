"""Chooses and numbers workouts, and sums up each in a few figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median

from coach.records import FaultReported, PainReported
from coach.training.log import LoggedSet, LoggedWorkout

MAX_NAME_LENGTH = 40
"""Largest number of characters of a name where there is little room."""


@dataclass(frozen=True, slots=True)
class NumberedWorkout:
    """A workout with its number in `coach history`."""

    number: int
    """1 is the latest workout."""
    workout: LoggedWorkout


@dataclass(frozen=True, slots=True)
class WorkoutChoice:
    """Which workouts are chosen. A field that is None does not limit the choice."""

    last: int | None = None
    """At most so many workouts, the newest."""
    since: float | None = None
    """Earliest beginning of a workout, in seconds since 1970 (UTC)."""
    exercise: str | None = None
    """The exercise's name or a part of it, in upper or lower case; a space equals an underscore."""

    def of(self, newest_first: Iterable[LoggedWorkout]) -> Iterator[NumberedWorkout]:
        """The chosen workouts, the newest first. They are numbered among all workouts."""
        found = 0
        for number, workout in enumerate(newest_first, 1):
            if found == self.last or (self.since is not None and workout.began < self.since):
                return
            if self.exercise is None or _normalised(self.exercise) in _normalised(workout.exercise):
                found += 1
                yield NumberedWorkout(number, workout)


def _normalised(name: str) -> str:
    return name.replace("_", " ").casefold().strip()


def fault_counts(workout: LoggedWorkout) -> Counter[str]:
    """How often each fault of form was reported, by intent."""
    return Counter(said.intent for said in workout.reports if said.kind == FaultReported.kind)


def pain_counts(workout: LoggedWorkout) -> Counter[str]:
    """How often each kind of pain or dizziness was reported, by intent."""
    return Counter(said.intent for said in workout.reports if said.kind == PainReported.kind)


def rest_planned(sets: Iterable[LoggedSet]) -> float | None:
    """Median of the planned rests in seconds, over the sets whose planned and taken rest are both known."""
    known = [one.rest_planned for one in sets if one.rest_planned is not None and one.rest_taken is not None]
    return float(median(known)) if known else None


def rest_taken(sets: Iterable[LoggedSet]) -> float | None:
    """Median of the taken rests in seconds, over the sets whose planned and taken rest are both known."""
    known = [one.rest_taken for one in sets if one.rest_taken is not None and one.rest_planned is not None]
    return median(known) if known else None


def heaviest(sets: Iterable[LoggedSet], unit: str) -> float | None:
    """The heaviest load of the sets, in `unit` (kg or lb); None if no load is known."""
    loads = [part.load for one in sets for part in one.parts if part.load is not None and part.reps]
    return max((load.in_unit(unit) for load in loads), default=None)


def unit_of(newest_first: Iterable[LoggedWorkout]) -> str:
    """Unit of the latest load; kg if no load is known."""
    loads = (one.load for workout in newest_first for one in reversed(workout.sets))
    return next((load.unit for load in loads if load is not None), "kg")


def load_text(load: float, unit: str) -> str:
    """A load for people: quarters are exact, other loads are rounded to a tenth."""
    return f"{load if load * 4 % 1 == 0 else round(load, 1):.10g} {unit}"


def intent_words(intent: str) -> str:
    """The name of an intent for people: "BackLifted" is "back lifted"."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in intent).strip()


def exercise_words(name: str) -> str:
    """The name of a pack for people, with printable characters only: "leg_press" is "leg press"."""
    return "".join(letter if letter.isprintable() else " " for letter in name.replace("_", " ")).strip()


def shortened(text: str) -> str:
    """The text, shortened to `MAX_NAME_LENGTH` characters if it is longer."""
    return text if len(text) <= MAX_NAME_LENGTH else text[: MAX_NAME_LENGTH - 3] + "..."
