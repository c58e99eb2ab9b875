"""Tempo: its notation, its bounds, the beats of one repetition."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.training.tempo import LOWERING_S, PAUSE_S, PUSH_S, BeatKind, Order, Phase, Tempo

reproducibly = settings(derandomize=True, deadline=None, database=None)
PRESS, PULL = Order.ECCENTRIC_FIRST, Order.CONCENTRIC_FIRST
orders = st.sampled_from(Order)
tempos = st.builds(
    Tempo, st.sampled_from(LOWERING_S), st.sampled_from(PAUSE_S), st.sampled_from(PUSH_S), st.sampled_from(PAUSE_S)
)


def counted(tempo: Tempo, order: Order) -> str:
    """The beats as they are counted: the phase's name, a number, or "rep"."""
    words = {Phase.LOWERING: "lower", Phase.BOTTOM: "hold", Phase.PRESSING: "push", Phase.TOP: "hold"}
    said = []
    for beat in tempo.beats(order):
        match beat.kind:
            case BeatKind.NAME:
                said.append(words[beat.phase])
            case BeatKind.NUMBER:
                said.append(str(beat.index + 1))
            case BeatKind.STAY:
                said.append("stay")
            case BeatKind.REP:
                said.append("rep")
    return " ".join(said)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("4-1-2-0", "lower 2 3 4 hold push rep"),
        ("2-0-1-0", "lower 2 rep"),
        ("3-1-2-2", "lower 2 3 hold push 2 rep stay"),
        ("3-0-X-0", "lower 2 3 rep"),
        ("3-0-1-1", "lower 2 3 push rep"),
        ("8-5-5-5", "lower 2 3 4 5 6 7 8 hold 2 3 4 5 push 2 3 4 5 rep stay stay stay stay"),
        ("2-2-3-0", "lower 2 hold 2 push 2 rep"),
    ],
)
def test_the_beats(text: str, words: str) -> None:
    assert counted(Tempo.parse(text), PRESS) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("4-1-2-0", "push 2 lower 2 3 4 rep"),
        ("4-0-2-0", "push 2 lower 2 3 rep"),
        ("3-0-1-1", "push hold lower 2 rep"),
        ("3-2-X-2", "push hold 2 lower 2 3 rep stay"),
        ("2-0-1-0", "push lower rep"),
        ("8-5-5-5", "push 2 3 4 5 hold 2 3 4 5 lower 2 3 4 5 6 7 8 rep stay stay stay stay"),
    ],
)
def test_the_beats_of_a_pull(text: str, words: str) -> None:
    """The notation is the same: eccentric, pause, concentric, pause."""
    assert counted(Tempo.parse(text), PULL) == words


def test_the_orders() -> None:
    assert set(PRESS.value) == set(PULL.value) == set(Phase)
    assert (PRESS.first, PRESS.back, PRESS.home) == (Phase.LOWERING, Phase.PRESSING, Phase.TOP)
    assert (PULL.first, PULL.back, PULL.home) == (Phase.PRESSING, Phase.LOWERING, Phase.BOTTOM)
    assert PRESS.from_push == (Phase.PRESSING, Phase.TOP)
    assert PULL.from_push == PULL.value


@reproducibly
@given(tempos, orders)
def test_a_beat_a_second_and_one_number_a_repetition(tempo: Tempo, order: Order) -> None:
    beats = tempo.beats(order)
    assert [beat.offset for beat in beats] == list(range(tempo.rep_seconds))
    numbers = [beat for beat in beats if beat.kind is BeatKind.REP]
    assert len(numbers) == 1
    home = [beat for beat in beats if beat.phase is order.home]
    assert numbers[0] == (home[0] if home else beats[-1]), "the number is said when the repetition is done"
    for phase, seconds in tempo.phases(order):
        mine = [beat for beat in beats if beat.phase is phase]
        assert [beat.index for beat in mine] == list(range(seconds))
        assert all(beat.kind is not BeatKind.NAME for beat in mine[1:])
    assert sum(seconds for _, seconds in tempo.phases(order)) == tempo.rep_seconds


@reproducibly
@given(tempos, orders)
def test_the_push_on_the_number_is_the_one_that_has_no_other_word(tempo: Tempo, order: Order) -> None:
    words = [beat.kind for beat in tempo.beats(order) if beat.phase is order.back]
    assert tempo.moves_on_the_number(order) == (words == [BeatKind.REP])
    assert order is PRESS or not tempo.moves_on_the_number(order), "nobody lowers for a second"


@reproducibly
@given(tempos)
def test_what_is_written_is_read_again(tempo: Tempo) -> None:
    assert Tempo.parse(str(tempo)) == tempo
    assert Tempo.parse(str(tempo).replace("-", "")) == tempo
    assert Tempo.parse(str(tempo).replace("-", " ")) == tempo


@pytest.mark.parametrize(
    ("text", "tempo"),
    [
        ("4120", Tempo(4, 1, 2, 0)),
        ("4-1-2", Tempo(4, 1, 2, 0)),
        ("3 1 X", Tempo(3, 1, 1, 0)),
        ("3-1-x-2", Tempo(3, 1, 1, 2)),
    ],
)
def test_notations(text: str, tempo: Tempo) -> None:
    assert Tempo.parse(text) == tempo


@pytest.mark.parametrize(
    "text", ["", "4", "4-1", "4-1-2-0-0", "41200", "x-1-2-0", "4-x-2-0", "4-1-2-x", "four", "4/1/2", "4.1.2", "a-b-c"]
)
def test_no_tempo(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not like 4-1-2-0"):
        Tempo.parse(text)


@pytest.mark.parametrize(
    ("phases", "wrong"),
    [
        ((1, 1, 2, 0), "lowering of 1 s: give 2 to 8"),
        ((0, 1, 2, 0), "lowering of 0 s: give 2 to 8"),
        ((9, 1, 2, 0), "lowering of 9 s: give 2 to 8"),
        ((4, 6, 2, 0), "pause at the bottom of 6 s: give 0 to 5"),
        ((4, -1, 2, 0), "pause at the bottom of -1 s: give 0 to 5"),
        ((4, 1, 0, 0), "push of 0 s: give 1 to 5"),
        ((4, 1, 6, 0), "push of 6 s: give 1 to 5"),
        ((4, 1, 2, 6), "pause at the top of 6 s: give 0 to 5"),
    ],
)
def test_out_of_bounds(phases: tuple[int, int, int, int], wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        Tempo(*phases)


def test_another_lowering_leaves_the_rest() -> None:
    assert Tempo(4, 1, 2, 1).with_lowering(5) == Tempo(5, 1, 2, 1)
    with pytest.raises(ValueError, match="lowering of 9 s"):
        Tempo(8, 1, 2, 1).with_lowering(9)


@pytest.mark.parametrize("text", ["20-1-0", "31-2-0", "10-1-2"])
def test_a_tempo_of_two_digit_phases_is_refused_not_misread(text: str) -> None:
    with pytest.raises(ValueError, match="is not like 4-1-2-0"):
        Tempo.parse(text)
