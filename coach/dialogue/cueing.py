"""Which cues a repetition gets: one thought at a time, the same for two repetitions, fewer as the set goes on."""

from __future__ import annotations

from collections.abc import Sequence

from coach.content.model import Cue, Pack
from coach.content.schema import BREATH
from coach.dialogue.workout import Verbosity
from coach.training.pacing import CueWish
from coach.training.tempo import Phase


def wishes(pack: Pack, rep: int, set_number: int, verbosity: Verbosity, focus: str | None) -> tuple[CueWish, ...]:
    """The cues of repetition `rep` (from 1), in order of weight.

    Full: two repetitions of breath, then two of each of two topics, another pair of topics each set; from the seventh
    on only the breath of the push, every other repetition. Few: breath in the first, one topic in the fourth.
    A focus (what went wrong last) comes before all of it.
    """
    if verbosity is Verbosity.COUNTS_ONLY:
        return ()
    if focus is not None:
        return _of_topic(pack, focus, rep)
    topics = _topics(pack)
    first = 2 * (set_number - 1)
    if verbosity is Verbosity.FEW:
        return {1: _of_topic(pack, BREATH), 4: _of_topic(pack, topics[first % len(topics)], rep)}.get(rep, ())
    match rep:
        case 1 | 2:
            return _of_topic(pack, BREATH)
        case 3 | 4:
            return _of_topic(pack, topics[first % len(topics)], rep)
        case 5 | 6:
            return _of_topic(pack, topics[(first + 1) % len(topics)], rep)
    exhale = tuple(wish for wish in _of_topic(pack, BREATH) if wish.phase is Phase.PRESSING)
    return exhale if rep % 2 == 0 else ()


def _topics(pack: Pack) -> list[str]:
    """Topics other than breath, in the order of the pack."""
    return list(dict.fromkeys(cue.topic for cue in pack.cues if cue.topic != BREATH)) or [BREATH]


def _of_topic(pack: Pack, topic: str, rep: int | None = None) -> tuple[CueWish, ...]:
    """The cues of a topic: all of them for breath, else one a repetition, taking turns."""
    cues: Sequence[Cue] = [cue for cue in pack.cues if cue.topic == topic]
    if rep is not None and topic != BREATH and cues:
        cues = [cues[(rep - 1) // 2 % len(cues)]]
    return tuple(CueWish(Phase(cue.phase), cue.texts, cue.id) for cue in cues)
