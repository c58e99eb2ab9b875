"""What is meant to be done and what was: values, replaced and never edited."""

from __future__ import annotations

from dataclasses import dataclass, replace

from coach.training.tempo import Tempo

REPS = range(1, 31)
SETS = range(1, 11)
REST_S = range(601)
HEAVIEST = 999
"""Of either unit; as much as can be said to the coach."""


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

    @property
    def halved(self) -> Load:
        """To the nearest half, as it is said."""
        return Load(round(self.amount * 2) / 2, self.unit)


@dataclass(frozen=True, slots=True)
class Plan:
    """Sets of one exercise; checked on construction (ValueError)."""

    reps: int
    sets: int
    rest: int
    """Seconds between sets; 0: the next set may begin at once."""
    tempo: Tempo
    load: Load | None = None

    def __post_init__(self) -> None:
        for name, value, bounds in (
            ("reps", self.reps, REPS),
            ("sets", self.sets, SETS),
            ("rest", self.rest, REST_S),
        ):
            if value not in bounds:
                raise ValueError(f"{name} {value!r}: give {bounds[0]} to {bounds[-1]}")


@dataclass(frozen=True, slots=True)
class SetDone:
    """A set that is over."""

    reps: int
    load: Load | None
    left: int | None = None
    """Repetitions that the lifter could still have done, if the lifter said so."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the workout stands."""

    done: tuple[SetDone, ...] = ()
    rep: int = 0
    """Repetitions done in the open set."""
    open: bool = False
    """A set was begun and is not over."""
    changes: tuple[SetDone, ...] = ()
    """The open set, part by part, as far as the load was changed in it."""

    @property
    def set_number(self) -> int:
        """The set under way, or the one that comes next, from 1."""
        return len(self.done) + 1

    @property
    def reps_done(self) -> int:
        """All repetitions of the workout."""
        return sum(one.reps for one in self.done) + self.rep

    def begin_set(self) -> Progress:
        """A set is open, no repetition done."""
        return replace(self, open=True, rep=0, changes=())

    def count_rep(self) -> Progress:
        """One more repetition is done."""
        return replace(self, rep=self.rep + 1)

    def change_load(self, before: Load | None) -> Progress:
        """In the open set the load becomes another one."""
        rest = self.rep - sum(part.reps for part in self.changes)
        return replace(self, changes=(*self.changes, SetDone(rest, before))) if rest else self

    def parts(self, load: Load | None) -> tuple[SetDone, ...]:
        """The repetitions of the open set by their load; `load`: that of the last ones."""
        rest = self.rep - sum(part.reps for part in self.changes)
        return (*self.changes, SetDone(rest, load)) if rest else self.changes

    def amend(self, done: SetDone) -> Progress:
        """The last set that is over was another one."""
        return replace(self, done=(*self.done[:-1], done))

    def take_back(self) -> Progress:
        """The last set that is over does not count."""
        return replace(self, done=self.done[:-1])

    def close_set(self, load: Load | None) -> Progress:
        """The open set is over; one without a repetition leaves no trace."""
        parts = self.parts(load)
        done = (*self.done, SetDone(self.rep, parts[-1].load)) if self.rep else self.done
        return Progress(done=done)
