"""What a conversation looks like from outside at one moment: plain frozen values, for a page, a log or another program.

Law: nothing here refers to the conversation, so a snapshot may be kept, compared and read on any thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class PlannedSet:
    """What is planned for the set that is open, or for the next one."""

    reps: int
    """Number of the last repetition. In a set with breaks: number of the last repetition before the next break."""
    sets: int
    """Working sets of the workout."""
    rest: int
    """Seconds of rest after the set."""
    tempo: str
    """Tempo, such as "4-1-2-0": seconds of lowering, at the bottom, of the push, at the top."""
    load: float | None
    """Amount of the load; None: the lifter has not said."""
    unit: str | None
    """Unit of the load, kg or lb."""
    kind: str = "working"
    """Kind of the set: warm_up, working, drop or rest_pause."""
    number: int = 1
    """Number of the set from 1, counted among the warm-ups or among the working sets."""
    side: str | None = None
    """Side that is trained: left or right; None: both at once."""


@dataclass(frozen=True, slots=True)
class CountedPhase:
    """The phase of the repetition that is being counted."""

    name: str
    """Name of the phase: lowering, bottom, pressing or top."""
    began: float
    """Session seconds of the phase's first beat."""
    beats: int
    """How many beats the phase has, one a second."""

    def beat(self, at: float) -> int:
        """The beat that sounded last at session time `at`, from 1."""
        # A millisecond of slack: 17.3 + 2 - 17.3 is a little less than 2.
        return min(self.beats, max(1, int(at - self.began + 0.001) + 1))


@dataclass(frozen=True, slots=True)
class CurrentRest:
    """The rest between two sets, or the break between two parts of a set."""

    seconds: int
    """Planned length of the whole rest."""
    left: float
    """Seconds left at the time of the snapshot."""
    ends: float | None
    """Session seconds at which the rest will be over; None: it is held."""


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """A line that the coach says."""

    text: str
    at: float
    """Session seconds of the line's audible onset."""
    ends: float
    """Session seconds of the line's end."""


@dataclass(frozen=True, slots=True)
class Understood:
    """An utterance that was understood and acted on."""

    at: float
    text: str
    intent: str
    slots: Mapping[str, str | int | float]


class Alert(StrEnum):
    """A danger that the lifter reported before he stopped answering. The value is its name for other programs."""

    STUCK = "stuck"
    PAIN = "pain"
    DIZZY = "dizzy"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The conversation after the event it received last."""

    at: float
    """Session seconds of the event that was received last."""
    state: str
    """State of the conversation, such as "idle", "setup.feet", "set.lowering", "resting"."""
    set: int
    """Number of the open set, else of the next set, planned or not; from 1, warm-ups count."""
    rep: int
    """Repetitions done in the open set, on the side under way; 0 where no set is open."""
    sets_done: int
    """Sets in which at least one repetition was done."""
    phase: CountedPhase | None
    """The phase that is being counted; None while nothing is counted, and during the countdown."""
    plan: PlannedSet
    """Plan of the open set, or of the next one, with its load."""
    saying: tuple[SpokenLine, ...]
    """The line that sounds and the lines after it, in order. Counts are in it up to two phases ahead."""
    understood: Understood | None
    """What the coach acted on last; None: nothing yet."""
    ended: bool
    """The session is over once the lines of `saying` have been said."""
    rest: CurrentRest | None = None
    """None: no rest and no break is under way."""
    alert: Alert | None = None
    """None: no such danger is known."""

    @property
    def outer_state(self) -> str:
        """The outermost state, such as "setup" or "set"."""
        return self.state.partition(".")[0]

    @property
    def rest_ends(self) -> float | None:
        """Session seconds at which the rest will be over; None: no rest runs, or it is held."""
        return None if self.rest is None else self.rest.ends

    @property
    def beat(self) -> int:
        """The beat of the counted phase at the time of the snapshot, from 1; 0 where no phase is counted."""
        return 0 if self.phase is None else self.phase.beat(self.at)
