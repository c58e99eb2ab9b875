"""Which trials a run makes, in which order: what matters most comes first, so that a run cut short still says much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from coach.dialogue.states import State
from scripts.benchmarks.hearing import conditions
from scripts.benchmarks.hearing.clips import Clip, Kind, Voices, all_clips
from scripts.benchmarks.hearing.conditions import CLEAN, CONDITIONS, Condition
from scripts.benchmarks.hearing.trials import NOISE_PIECE_S, ORDERS, NoiseTrial, Trial, is_heard_in, meanings

_QUICK_SHARE = 32
_USUAL_SHARE = 4


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is tried."""

    states: tuple[str, ...]
    clean_share: int = 1
    """One clip of so many, spread over voices and words, where it is clean."""
    share: int = _USUAL_SHARE
    """The same in noise; other clips in each condition."""
    minutes: float = 5.0
    """Of each noise alone, in each state."""
    conditions: tuple[Condition, ...] = CONDITIONS
    """Of speech."""


def quick(states: tuple[str, ...]) -> Extent:
    """A look in two minutes on two cores: what it says is rough, but always the same."""
    return Extent(states, _QUICK_SHARE, _QUICK_SHARE, 0.5, conditions.FEW)


def trials(extent: Extent, data: Path | None) -> list[Trial | NoiseTrial]:
    """All of them."""
    return [*_spoken(extent, data), *_alone(extent, data)]


def _spoken(extent: Extent, data: Path | None) -> Iterator[Trial]:
    groups: dict[tuple[Kind, Voices], list[Clip]] = {}
    for clip in all_clips(data):
        groups.setdefault((clip.kind, clip.voices), []).append(clip)
    for condition in extent.conditions:
        if condition.needs_data and data is None:
            continue
        share = extent.clean_share if condition is CLEAN else extent.share
        first = CONDITIONS.index(condition) % share
        clips = [clip for group in groups.values() for clip in group[first::share]]
        for state in (*extent.states, ORDERS):
            for clip in clips:
                if is_heard_in(clip, state) and condition in _conditions(clip, state):
                    yield Trial(clip, state, condition)


def _conditions(clip: Clip, state: str) -> tuple[Condition, ...]:
    """Recordings with noise are heard as they are. What is no command is heard in fewer conditions than what is one,
    and so is everything in the idle state, which is almost the state of all commands."""
    if clip.kind in (Kind.ORDER, Kind.PEOPLE):
        return (CLEAN,)
    return CONDITIONS if state != State.IDLE and meanings(clip, state) else conditions.FEW


def _alone(extent: Extent, data: Path | None) -> Iterator[NoiseTrial]:
    for part in range(round(extent.minutes * 60 / NOISE_PIECE_S) or 1):
        for noise in conditions.NOISES:
            for state in extent.states:
                if noise != "bike" or data is not None:
                    yield NoiseTrial(noise, state, part)
