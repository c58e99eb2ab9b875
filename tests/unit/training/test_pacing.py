"""The layout of one repetition: counts stay on their beats, cues stay between them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from coach.commands import Manner
from coach.language.speaking_time import speaking_time
from coach.ports import Length
from coach.training.pacing import GUARD_S, Count, CueWish, PlacedLine, lay_out
from coach.training.tempo import LOWERING_S, PAUSE_S, PUSH_S, Order, Phase, Tempo

reproducibly = settings(derandomize=True, deadline=None, max_examples=100, database=None)
WORDS = ("Breathe in", "In", "Brace", "Hips down", "Hips down on the pad", "Knees over feet", "Resist all the way")
EPSILON = 1e-9

tempos = st.builds(
    Tempo, st.sampled_from(LOWERING_S), st.sampled_from(PAUSE_S), st.sampled_from(PUSH_S), st.sampled_from(PAUSE_S)
)
wishes = st.builds(
    CueWish,
    st.sampled_from(Phase),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True).map(
        lambda texts: tuple(sorted(texts, key=len, reverse=True))
    ),
    st.sampled_from(("a", "b", "c")),
)


def counts_of(tempo: Tempo) -> tuple[list[Count], Count]:
    counts = [
        Count(beat.offset, beat.phase, f"{beat.kind.value} one", "count") for beat in tempo.beats(Order.ECCENTRIC_FIRST)
    ]
    return counts, Count(tempo.rep_seconds, Phase.LOWERING, "lower", "count")


def span(laid: PlacedLine) -> tuple[float, float]:
    """First and last moment at which a line sounds."""
    length = speaking_time(laid.text, laid.manner)
    return laid.at - length.onset, laid.at + length.after_onset


@reproducibly
@given(tempos, st.lists(wishes, max_size=6))
def test_laws(tempo: Tempo, wishes: list[CueWish]) -> None:
    counts, following = counts_of(tempo)
    laid = lay_out(counts, following, wishes, speaking_time)

    kept = [line for line in laid if line.manner is Manner.COUNT]
    assert [(line.at, line.phase, line.text) for line in kept] == [(one.at, one.phase, one.text) for one in counts]

    cues = [line for line in laid if line.manner is Manner.CUE]
    assert len(kept) + len(cues) == len(laid)
    left = list(wishes)
    for cue in cues:
        wish = next(
            wish for wish in left if wish.phase is cue.phase and cue.text in wish.texts and wish.source == cue.source
        )
        left.remove(wish)

    assert [line.at for line in laid] == sorted(line.at for line in laid)
    after = PlacedLine(following.at, following.phase, following.text, Manner.COUNT, following.source)
    for here, there in pairwise((*laid, after)):
        guard = GUARD_S if Manner.CUE in (here.manner, there.manner) else 0.0
        assert span(here)[1] + guard <= span(there)[0] + EPSILON, (here, there)


@reproducibly
@given(tempos, wishes)
def test_a_cue_that_was_left_out_did_not_fit(tempo: Tempo, wish: CueWish) -> None:
    counts, following = counts_of(tempo)
    assume(len(lay_out(counts, following, [wish], speaking_time)) == len(counts))
    shortest = min(speaking_time(text, Manner.CUE).total for text in wish.texts)
    gaps = [
        there.at
        - speaking_time(there.text, Manner.COUNT).onset
        - here.at
        - speaking_time(here.text, Manner.COUNT).after_onset
        for here, there in pairwise((*counts, following))
        if here.phase is wish.phase
    ]
    assert all(shortest > gap - 2 * GUARD_S for gap in gaps)


def fixed(text: str, manner: Manner) -> Length:
    """A count takes 0.4 s; a cue 0.1 s for each letter, 0.02 s of it before its onset."""
    return Length(0.0, 0.4) if manner is Manner.COUNT else Length(0.02, 0.1 * len(text))


LOWERING = [Count(second, Phase.LOWERING, "x", "count") for second in range(3)]
PUSH = Count(3, Phase.PRESSING, "push", "count")


def cues(*wishes: CueWish) -> list[tuple[float, str]]:
    laid = lay_out(LOWERING, PUSH, wishes, fixed)
    return [(round(line.at, 3), line.text) for line in laid if line.manner is Manner.CUE]


def test_a_cue_stands_in_the_middle_of_the_first_gap_of_its_phase() -> None:
    # The gap is 0.45 to 0.95; 0.3 s of cue leave 0.1 on either side, and the cue's onset is 0.02 after its first
    # sample.
    assert cues(CueWish(Phase.LOWERING, ("abc",), "cue")) == [(0.57, "abc")]


def test_the_longest_wording_that_fits_is_taken() -> None:
    assert cues(CueWish(Phase.LOWERING, ("abcdefgh", "abcd", "a"), "cue")) == [(0.52, "abcd")]


def test_a_gap_takes_one_cue_and_the_first_wish_goes_first() -> None:
    wishes = [CueWish(Phase.LOWERING, (text,), text) for text in ("a", "bb", "cc", "d")]
    assert [text for _, text in cues(*wishes)] == ["a", "bb", "cc"]


def test_what_does_not_fit_is_dropped() -> None:
    assert cues(CueWish(Phase.LOWERING, ("abcdefgh",), "cue")) == []


def test_a_cue_of_a_phase_that_takes_no_time_is_dropped() -> None:
    assert cues(CueWish(Phase.TOP, ("a",), "cue")) == []


def test_the_last_gap_reaches_to_the_next_repetition() -> None:
    counts = [Count(0, Phase.PRESSING, "push", "count")]
    for at, fits in ((1.0, True), (0.6, False)):
        laid = lay_out(counts, Count(at, Phase.LOWERING, "lower", "count"), [WISH], fixed)
        assert (len(laid) == 2) == fits


WISH = CueWish(Phase.PRESSING, ("out",), "cue")


@pytest.mark.parametrize("tempo", ["4-1-2-0", "2-0-1-0", "3-1-2-2", "3-0-X-0"])
def test_counts_need_no_cues(tempo: str) -> None:
    counts, following = counts_of(Tempo.parse(tempo))
    assert len(lay_out(counts, following, (), speaking_time)) == len(counts)
