"""The counts of one repetition: which prompt is said on a beat, and in which words."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from coach.language.numbers import in_words
from coach.training.pacing import Count
from coach.training.tempo import Beat, BeatKind, Order, Phase, Tempo

_NAMES = {
    Phase.LOWERING: "count.lower",
    Phase.BOTTOM: "count.hold",
    Phase.PRESSING: "count.push",
    Phase.TOP: "count.hold",
}
"""The prompt that names a phase on its first beat; the last pause begins with the repetition's number instead."""

Wording = Callable[[str, dict[str, str]], str]
"""The words of a prompt, by the prompt's id and the values of its slots."""


def counts_of_rep(tempo: Tempo, order: Order, rep: int, wording: Wording) -> tuple[list[Count], Count]:
    """The counts of a repetition, and the first count of the next repetition."""
    counts = [_count(beat, rep, wording) for beat in tempo.beats(order)]
    return counts, first_count(tempo.rep_seconds, order, wording)


def first_count(offset: int, order: Order, wording: Wording) -> Count:
    """The count that begins a repetition: it names the first movement."""
    return _count(Beat(offset, order.first, 0, BeatKind.NAME), 0, wording)


def _count(beat: Beat, rep: int, wording: Wording) -> Count:
    # `BeatKind` says what is said on each kind of beat.
    slots = {}
    match beat.kind:
        case BeatKind.NAME:
            prompt = _NAMES[beat.phase]
        case BeatKind.NUMBER:
            prompt, slots = "count.number", {"number": in_words(beat.index + 1)}
        case BeatKind.REP:
            prompt, slots = "count.rep", {"rep": in_words(rep)}
        case BeatKind.STAY:
            prompt = "count.hold"
        case _:
            assert_never(beat.kind)
    return Count(beat.offset, beat.phase, wording(prompt, slots), prompt)
