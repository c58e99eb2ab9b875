"""Chooses the cues of a repetition: one topic at a time, fewer as the set goes on, others in each set and on each day.

Law: each set begins with the pack's first topic, and a session with that topic's first cue. Only cues whose phase takes
time at the tempo are chosen. A topic that works against a reported fault is no longer cued.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coach.content.model import Cue, Line, Pack
from coach.content.schema import BREATH
from coach.dialogue.workout import Verbosity
from coach.training.pacing import CueWish
from coach.training.tempo import Phase, Tempo

Choice = tuple[CueWish, ...]
"""Cues that are laid out together."""


@dataclass(frozen=True, slots=True)
class CueSituation:
    """What the cues of a repetition depend on."""

    rep: int
    """Number of the repetition, from 1."""
    set: int
    """Number of the working set, from 1."""
    earlier_workouts: int
    """Number of workouts before this one."""
    tempo: Tempo
    verbosity: Verbosity
    full_lungs: bool = False
    """The lifter has just taken the big breath: no breath is cued until the push."""
    focus_topic: str | None = None
    """The topic of the fault that was reported last: it comes before all others."""
    watched_topic: str | None = None
    """The topic that the lifter has picked."""
    avoided_topics: frozenset[str] = frozenset()
    """Topics that work against a reported fault."""


def choices(pack: Pack, situation: CueSituation) -> tuple[Choice, ...]:
    """What may be cued in a repetition. The first choice that has room for any of its cues is taken.

    FULL: the first topic, then the breath, then two topics for two repetitions each, another pair in each set; from the
    seventh repetition on only the breath of the push, in every other repetition. FEW: the first topic in the first set,
    the breath in the second repetition, one topic in the fourth.
    """
    if situation.verbosity is Verbosity.COUNTS_ONLY:
        return ()
    if situation.focus_topic is not None:
        return _topic(pack, situation, situation.focus_topic, (situation.rep - 1) // 2)
    full = situation.verbosity is Verbosity.FULL
    if situation.watched_topic is not None:
        wanted = (situation.rep <= 6 or situation.rep % 2 == 0) if full else situation.rep in (1, 4)
        return _topic(pack, situation, situation.watched_topic, (situation.rep - 1) // 2) if wanted else ()
    match situation.rep:
        case 1:
            return _first_topic(pack, situation) if full or situation.set == 1 else ()
        case 2:
            return _breath(pack, situation, *Phase)
        case 3 | 4 | 5 | 6:
            return _topic_of_slot(pack, situation, (situation.rep - 3) // 2) if full or situation.rep == 4 else ()
    return _breath(pack, situation, Phase.PRESSING) if full and situation.rep % 2 == 0 else ()


def cue_without_beat(pack: Pack, topic: str, turn: int) -> Line | None:
    """A cue of a topic for a lifter who moves without a beat; never of the breath, whose phase nobody sees.

    `turn`: each turn takes the topic's next cue.
    """
    cues = [cue for cue in pack.cues if cue.topic == topic != BREATH]
    return cues[turn % len(cues)].line if cues else None


def _first_topic(pack: Pack, situation: CueSituation) -> tuple[Choice, ...]:
    topics = _topics(pack, situation)
    return _topic(pack, situation, topics[0], situation.set - 1) if topics else ()


def _topic_of_slot(pack: Pack, situation: CueSituation, slot: int) -> tuple[Choice, ...]:
    """Two topics in each set, in turn over the sets. Each day begins with another topic, and with other cues of it."""
    topics = _topics(pack, situation)
    if not topics:
        return _breath(pack, situation, *Phase)
    # Begin with the second topic, because the first has been cued already.
    turn = 2 * situation.earlier_workouts + 2 * (situation.set - 1) + slot + 1
    return _topic(pack, situation, topics[turn % len(topics)], turn // len(topics) + situation.earlier_workouts)


def _topics(pack: Pack, situation: CueSituation) -> list[str]:
    """Topics with a cue whose phase takes time, in the pack's order; without breath and avoided topics."""
    found = dict.fromkeys(cue.topic for cue in pack.cues if _has_time(cue, situation.tempo))
    return sorted(found.keys() - {BREATH} - situation.avoided_topics, key=pack.topics.index)


def _topic(pack: Pack, situation: CueSituation, topic: str, first: int) -> tuple[Choice, ...]:
    """Choices of one cue each: the cue of the topic at index `first`, then the others in case it has no room."""
    if topic == BREATH:
        return _breath(pack, situation, *Phase)
    cues = [cue for cue in pack.cues if cue.topic == topic and _has_time(cue, situation.tempo)]
    return tuple((_wish(cues[(first + index) % len(cues)]),) for index in range(len(cues)))


def _breath(pack: Pack, situation: CueSituation, *phases: Phase) -> tuple[Choice, ...]:
    """All cues of the breath in these phases."""
    phases = tuple(phase for phase in phases if not situation.full_lungs or phase in pack.order.from_push)
    cues: Sequence[Cue] = [cue for cue in pack.cues if cue.topic == BREATH and Phase(cue.phase) in phases]
    return (tuple(map(_wish, cues)),)


def _has_time(cue: Cue, tempo: Tempo) -> bool:
    return tempo.seconds(Phase(cue.phase)) > 0


def _wish(cue: Cue) -> CueWish:
    return CueWish(Phase(cue.phase), cue.texts, cue.id)
