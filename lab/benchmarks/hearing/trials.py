"""One clip, heard once: what the coach would have done, and whether this was right.

Law: `coach.hearing.Listener` decides which words act, as in `coach hear`, partials included. The recogniser forgets
everything before each clip, so a trial's outcome depends only on the trial.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

from coach.content.schema import Group
from coach.dialogue import policy
from coach.dialogue.states import State
from coach.hearing import HeardUtterance, Listener
from coach.language.grammar import Grammar, Intent
from coach.settings import Hearing
from coach.wiring.engines import Exercise, exercise
from coach.wiring.inspection import HearingTask, listener
from lab.benchmarks.hearing import conditions
from lab.benchmarks.hearing.clips import RATE, Clip, Kind
from lab.benchmarks.hearing.conditions import Condition

ALL, ORDERS = "all", "orders"
STATES = (State.IDLE.value, State.SET.value, ALL)
NOISE_PIECE_S = 60.0
"""Seconds of a piece of noise: noise alone is heard in pieces."""


class Outcome(Enum):
    """What was done about a clip."""

    RIGHT = "right"
    """The coach did what was meant, and nothing else."""
    WRONG = "wrong"
    MISSED = "missed"
    """The coach did nothing, although something was meant."""
    QUIET = "quiet"
    """The coach did nothing, and nothing was meant."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A clip in a state and a condition."""

    clip: Clip
    state: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class NoiseTrial:
    """A piece of noise in which nobody speaks to the coach."""

    noise: str
    state: str
    part: int
    """Number of the piece."""


@dataclass(frozen=True, slots=True)
class HeardTrial:
    """The outcome of a trial, as plain values that can be kept as JSON."""

    state: str
    condition: str
    kind: str
    voices: str
    voice: str
    text: str
    meant: str
    """The intent that was meant; empty: nothing was meant."""
    safety: bool
    """Whether a safety word was meant."""
    acted: tuple[str, ...]
    """The intents that acted, in order."""
    outcome: str
    grave: bool
    """Whether the coach acted on a safety word that was not said."""
    late_s: float | None
    """Seconds from the end of the speech to the action, if the outcome was right."""
    cpu_s: float
    sound_s: float


@dataclass(frozen=True, slots=True)
class Ears:
    """The recogniser's settings and the recordings, for a process."""

    hearing: Hearing
    data: Path | None

    def hear(self, trials: Sequence[Trial | NoiseTrial]) -> list[HeardTrial]:
        """Returns the outcomes of the trials, in order."""
        return [self._clip(trial) if isinstance(trial, Trial) else self._noise(trial) for trial in trials]

    def _clip(self, trial: Trial) -> HeardTrial:
        clip = trial.clip
        if clip.noise:
            sound, ended = clip.sound(), None
        else:
            sound, ended = conditions.heard_under(clip, trial.condition, self.data)
        found = _listener(self, trial.state).hear_sound(sound)
        acted = [Intent(one.intent, one.slots) for one in found if one.intent is not None]
        meant = meanings(clip, trial.state)
        outcome = judged(clip, meant, acted)
        late = None
        if outcome is Outcome.RIGHT and ended is not None:
            late = min(one.decided for one in found if one.intent is not None and one.decided is not None) - ended
        return HeardTrial(
            state=trial.state,
            condition=clip.noise or trial.condition.name,
            kind=clip.kind.value,
            voices=clip.voices.value,
            voice=clip.voice,
            text=clip.text,
            meant=meant[0].name if meant else "",
            safety=bool(meant) and _is_safety(meant[0].name),
            acted=tuple(_as_text(intent) for intent in acted),
            outcome=outcome.value,
            grave=any(_is_safety(one.name) for one in acted if one.name not in {wanted.name for wanted in meant}),
            late_s=late,
            cpu_s=_cpu(found),
            sound_s=len(sound) / RATE,
        )

    def _noise(self, trial: NoiseTrial) -> HeardTrial:
        sound = conditions.noise_alone(trial.noise, NOISE_PIECE_S, trial.part, self.data)
        found = _listener(self, trial.state).hear_sound(sound)
        acted = [one.intent for one in found if one.intent is not None]
        return HeardTrial(
            state=trial.state,
            condition=f"{trial.noise} alone",
            kind="noise",
            voices="",
            voice="",
            text=str(trial.part),
            meant="",
            safety=False,
            acted=tuple(acted),
            outcome=(Outcome.WRONG if acted else Outcome.QUIET).value,
            grave=any(map(_is_safety, acted)),
            late_s=None,
            cpu_s=_cpu(found),
            sound_s=NOISE_PIECE_S,
        )


def meanings(clip: Clip, state: str) -> tuple[Intent, ...]:
    """Returns the intents that are meant, the main intent first; empty: nothing is meant.

    For words around a safety word, the other intents may act too.
    """
    match clip.kind:
        case Kind.COMMAND:
            meant = _coach().understand(clip.text, live_in(state))
            return () if meant is None else (meant,)
        case Kind.AROUND:
            return tuple(Intent(name) for name in clip.safety)
        case Kind.ORDER:
            return (Intent("orderDrink", clip.slots),)
        case _:
            return ()


def is_heard_in(clip: Clip, state: str) -> bool:
    """Whether a clip is tried in a state; a safety word that is not live in the state is neither right nor wrong."""
    if clip.kind is Kind.ORDER or state == ORDERS:
        return clip.kind is Kind.ORDER and state == ORDERS
    return clip.kind is not Kind.AROUND or clip.safety[0] in live_in(state)


@cache
def live_in(state: str) -> frozenset[str]:
    """Returns the intents that are live, as in `coach hear --state` and `--all`."""
    pack, _, _ = _exercise()
    return policy.live_unasked(pack) if state == ALL else policy.live_intents(pack, State(state), question_waits=False)


def judged(clip: Clip, meant: Sequence[Intent], acted: Sequence[Intent]) -> Outcome:
    """Returns the outcome for a clip; `acted`: the intents that acted, in order."""
    if not acted:
        return Outcome.MISSED if meant else Outcome.QUIET
    if not meant:
        return Outcome.WRONG
    if clip.kind is Kind.AROUND:
        names = [intent.name for intent in acted]
        right = meant[0].name in (names[0], names[-1]) and {one.name for one in meant}.issuperset(names)
    else:
        right = all(one.name == meant[0].name and dict(one.slots) == dict(meant[0].slots) for one in acted)
    return Outcome.RIGHT if right else Outcome.WRONG


def _as_text(intent: Intent) -> str:
    return " ".join([intent.name, *(f"{name}={value}" for name, value in intent.slots.items())])


def _cpu(found: Sequence[HeardUtterance]) -> float:
    return sum(one.cpu for one in found)


def _is_safety(intent: str) -> bool:
    pack, _, _ = _exercise()
    return pack.groups.get(intent) == Group.SAFETY


def _coach() -> Grammar:
    return _exercise()[1]


@cache
def _exercise() -> Exercise:
    return exercise()


@cache
def _listener(ears: Ears, state: str) -> Listener:
    """Returns the listener of a state; each state has its own recogniser, so that its vocabulary is loaded once."""
    if state == ORDERS:
        if ears.data is None:
            raise ValueError("the orders are recordings: name the folder with `orders` in COACH_SPEECH_DATA")
        return listener(HearingTask(ears.hearing, ears.data / "orders" / "commands.yaml"))
    return listener(HearingTask(ears.hearing, state=None if state == ALL else State(state)))
