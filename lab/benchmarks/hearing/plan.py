"""The trials of a run and their order: what matters most comes first, so that a run cut short still says much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from coach.dialogue.states import State
from lab.benchmarks.hearing import conditions
from lab.benchmarks.hearing.clips import Clip, Kind, Voices, all_clips
from lab.benchmarks.hearing.conditions import CLEAN, CONDITIONS, Condition
from lab.benchmarks.hearing.trials import NOISE_PIECE_S, ORDERS, NoiseTrial, Trial, is_heard_in, meanings

_QUICK_SHARE = 32
_USUAL_SHARE = 4


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is tried in a run."""

    states: tuple[str, ...]
    clean_share: int = 1
    """One clip of this many is heard in the clean condition, spread over voices and words."""
    share: int = _USUAL_SHARE
    """One clip of this many is heard in each noise; the clips differ between conditions."""
    minutes: float = 5.0
    """Minutes of each noise alone, in each state."""
    conditions: tuple[Condition, ...] = CONDITIONS
    """Conditions of speech."""


def quick(states: tuple[str, ...]) -> Extent:
    """Returns the extent of a quick run, two minutes on two cores: its figures are rough, but always the same."""
    return Extent(states, _QUICK_SHARE, _QUICK_SHARE, 0.5, conditions.FEW)


def trials(extent: Extent, data: Path | None) -> list[Trial | NoiseTrial]:
    """Returns all trials of a run."""
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
    """Returns the conditions in which a clip is heard.

    Orders and recordings of people saying other words are heard only as they are. Words that are no command are heard
    in few conditions. So is every clip in the idle state, which has almost the same commands as `all`.
    """
    if clip.kind in (Kind.ORDER, Kind.PEOPLE):
        return (CLEAN,)
    return CONDITIONS if state != State.IDLE and meanings(clip, state) else conditions.FEW


def _alone(extent: Extent, data: Path | None) -> Iterator[NoiseTrial]:
    for part in range(round(extent.minutes * 60 / NOISE_PIECE_S) or 1):
        for noise in conditions.NOISES:
            for state in extent.states:
                if noise != "bike" or data is not None:
                    yield NoiseTrial(noise, state, part)
