"""Random conversations: what a lifter and the world may do, as values that Hypothesis can draw and make smaller."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from hypothesis import strategies as st

from coach.dialogue.preferences import preferred_plan as wanted_plan
from coach.training.past import Past, UnfinishedWorkout
from coach.training.plan import Load, Plan, SetDone
from lab.proof.exercises import Exercise, press, pull
from lab.rigs.talk import plan_of

TEMPOS = ("4-1-2-0", "2-0-1-0", "3-1-2-2", "3-0-x-0")


_TEN = SetDone(10, Load(90.0, "kg"))
UNFINISHED = (
    UnfinishedWorkout("before", 600.0, plan_of(4, 3, 40, "3-1-1-0"), (), 2),
    UnfinishedWorkout("before", 600.0, plan_of(2, 3, 10, "4-1-2-0"), (_TEN, _TEN), 1, pain_count=1),
    UnfinishedWorkout("before", 600.0, plan_of(2, 2, 90, "4-1-2-0"), (_TEN,)),
)


_LOAD = ("load", "60 kg")
KINDS = (
    (_LOAD, ("warm_up", "on")),
    (("side", "left"),),
    (_LOAD, ("last", "drop")),
    (("last", "rest_pause"), ("side", "right")),
    (_LOAD, ("warm_up", "on"), ("side", "right"), ("last", "drop")),
    # As in a plan file: each set has its own values.
    (("load", "60 kg, 80 kg, 80 kg"), ("reps", "3, 2, 2")),
)


class Moment(Enum):
    """From where the moment of a turn is counted."""

    WAIT = "after the turn before"
    QUIET = "after the coach has ended"
    DEADLINE = "from the coach's next deadline"
    ONSET = "from the onset of the coach's next line"


class Kind(Enum):
    """What happens. Simple members come first, and members that a script can express before the others."""

    NOTHING = "nothing"
    WORDS = "words"
    TWO = "two phrases in one breath"
    NOISE = "speech that is no command"
    PARTIAL = "the beginning of an utterance, then the whole"
    GROWS = "words one after the other, each heard as it comes"
    ONLY_PARTIAL = "a partial that no final follows"
    LATE = "words in one event with what fell due before them"
    STALL = "nothing is done for a while, then all at once"
    MICROPHONE_LOST = "microphone lost"
    MICROPHONE_FOUND = "microphone found"
    SPEAKER_LOST = "speaker lost"
    SPEAKER_FOUND = "speaker found"
    VOICE_FAILED = "a line could not be rendered"
    HEARING_FAILED = "the recogniser failed"


class Pool(Enum):
    """The intents from which words are drawn."""

    COUNT = "start set"
    ON = "resume, start set, yes, go"
    REP = "a repetition of who moves without a beat"
    USUAL = "those that move the talk on"
    LIVE = "those that are live"
    ANY = "all, wrong ones too"


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that happens."""

    what: Kind
    pool: Pool = Pool.COUNT
    number: int = 0
    """Picks the intent and the phrase."""
    when: Moment = Moment.WAIT
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Walk:
    """A plan and what happens in it."""

    turns: tuple[Turn, ...]
    tempo: str = TEMPOS[0]
    reps: int = 3
    sets: int = 2
    rest: int = 40
    open_speaker: bool = False
    pull: bool = False
    """Whether the concentric (push) of the exercise comes first."""
    by_lifter: bool = False
    """Whether the lifter says each repetition, until the lifter asks for the beat."""
    left: UnfinishedWorkout | None = None
    """A workout that can be continued."""
    kinds: tuple[tuple[str, str], ...] = ()
    """Kinds of sets that were wanted in earlier sessions, by the names of preferences without the exercise."""

    @property
    def exercise(self) -> Exercise:
        return pull() if self.pull else press()

    @property
    def plan(self) -> Plan:
        return wanted_plan(plan_of(self.reps, self.sets, self.rest, self.tempo), self.exercise.pack.id, self.wanted)

    @property
    def wanted(self) -> dict[str, str]:
        """Preferences from earlier sessions."""
        kinds = {f"{self.exercise.pack.id}.{name}": value for name, value in self.kinds}
        return {**kinds, **({"counts": "lifter"} if self.by_lifter else {})}

    @property
    def past(self) -> Past:
        return Past(unfinished=self.left)


_MOMENTS = st.one_of(
    st.tuples(st.just(Moment.WAIT), st.sampled_from((1.0, 0.0, 0.04, 0.3, 0.7, 2.6, 5.0, 9.3, 31.0, 95.0))),
    st.tuples(st.just(Moment.QUIET), st.sampled_from((0.5, 0.0, 0.1))),
    st.tuples(st.just(Moment.ONSET), st.sampled_from((0.3, 0.0, -0.02, 0.02, 0.12))),
    st.tuples(st.just(Moment.DEADLINE), st.sampled_from((0.0, -0.001, 0.001))),
)
_USUAL = (Kind.WORDS,) * 8 + (
    Kind.TWO,
    Kind.TWO,
    Kind.NOISE,
    Kind.PARTIAL,
    Kind.PARTIAL,
    Kind.GROWS,
    Kind.ONLY_PARTIAL,
    Kind.LATE,
)
_FAULTS = (
    Kind.STALL,
    Kind.MICROPHONE_LOST,
    Kind.MICROPHONE_FOUND,
    Kind.SPEAKER_LOST,
    Kind.SPEAKER_FOUND,
    Kind.VOICE_FAILED,
)
_POOLS = (Pool.COUNT, Pool.USUAL, Pool.USUAL, Pool.LIVE, Pool.LIVE, Pool.ANY)


def _turn(what: Kind, pool: Pool, number: int, moment: tuple[Moment, float]) -> Turn:
    return Turn(what, pool, number, *moment)


def _fault_turn(what: Kind, number: int, moment: tuple[Moment, float]) -> Turn:
    return _turn(what, Pool.COUNT, number, moment)


def _training_turn(pool: Pool, number: int, seconds: float) -> Turn:
    return Turn(Kind.WORDS, pool, number, Moment.QUIET, seconds)


_NOTHING = st.just(Turn(Kind.NOTHING))
_SPEAKS = st.builds(_turn, st.sampled_from(_USUAL), st.sampled_from(_POOLS), st.integers(0, 9999), _MOMENTS)
_TRAINS = st.builds(
    _training_turn,
    st.sampled_from((Pool.COUNT, Pool.ON, Pool.REP)),
    st.integers(0, 99),
    st.sampled_from((0.5, 3.0, 9.0)),
)
_SUFFERS = st.builds(_fault_turn, st.sampled_from((*_FAULTS * 4, Kind.HEARING_FAILED)), st.integers(0, 99), _MOMENTS)
_TURNS = st.one_of(_NOTHING, _TRAINS, _TRAINS, _SPEAKS, _SPEAKS, _SPEAKS, _SPEAKS, _SPEAKS, _SUFFERS)

walks = st.builds(
    Walk,
    # Every list is long: Hypothesis alone would keep lists short. `NOTHING` makes a failing walk short.
    turns=st.lists(_TURNS, min_size=24, max_size=48).map(tuple),
    tempo=st.sampled_from(TEMPOS),
    reps=st.sampled_from((3, 1, 2, 5)),
    sets=st.sampled_from((2, 1, 3)),
    rest=st.sampled_from((40, 10, 90)),
    open_speaker=st.booleans(),
    pull=st.sampled_from((False, False, False, True)),
    by_lifter=st.sampled_from((False, False, True)),
    left=st.sampled_from((None, None, *UNFINISHED)),
    kinds=st.sampled_from(((), (), *KINDS)),
)
