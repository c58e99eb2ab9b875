"""The table of moves is the law: what stands in it is legal, everything else changes nothing."""

from __future__ import annotations

import re

import pytest
from transitions.core import MachineError

from coach.dialogue import states
from coach.dialogue.states import Move, State, StateMachine, all_moves, diagram
from coach.wiring.inspection import setup_steps
from lab.rigs.folders import CHECKOUT

STEPS = setup_steps()
TABLE = all_moves(STEPS)
CHILDREN: dict[str, list[str]] = {
    State.SETUP: [f"{State.SETUP}.{step}" for step in STEPS],
    State.SET: [
        *(states.UNRACKING, states.COUNTDOWN, states.LOWERING, states.BOTTOM, states.PRESSING, states.TOP),
        states.MOVING,
    ],
}
LEAVES = [leaf for parent in State for leaf in CHILDREN.get(parent, [parent])]
NAMES = sorted({name for name, _, _ in TABLE})
DOCS = CHECKOUT / "docs" / "states.md"


def sources(name: Move) -> dict[str, str]:
    """Every leaf state from which a move is legal, and where it leads; a parent's moves are its children's."""
    found: dict[str, str] = {}
    for move, source, target in TABLE:
        if move == name:
            found.update(dict.fromkeys(CHILDREN.get(source, [source]), target))
    return found


def ways() -> dict[str, list[Move]]:
    """For every leaf state, moves that lead there."""
    found: dict[str, list[Move]] = {State.IDLE: []}
    waiting: list[str] = [State.IDLE]
    while waiting:
        here = waiting.pop(0)
        for name in NAMES:
            there = sources(name).get(here)
            if there is not None and there not in found:
                found[there] = [*found[here], name]
                waiting.append(there)
    return found


WAYS = ways()


def moves_in(state: str) -> StateMachine:
    moves = StateMachine(STEPS)
    for move in WAYS[state]:
        moves.fire(move)
    assert moves.state == state
    return moves


def test_every_state_can_be_reached() -> None:
    assert set(WAYS) == set(LEAVES)


def test_a_workout_begins_idle() -> None:
    assert StateMachine(STEPS).state == State.IDLE


@pytest.mark.parametrize("state", LEAVES)
def test_each_move_is_legal_from_its_sources_only(state: str) -> None:
    moves = moves_in(state)
    for name in NAMES:
        target = sources(name).get(state)
        assert moves.may(name) == (target is not None), name
        if target is None:
            with pytest.raises(MachineError):
                moves.fire(name)
            assert moves.state == state, "an illegal move changes nothing"
        else:
            moved = moves_in(state)
            moved.fire(name)
            assert moved.state == target
            assert moved.outermost_state == target.split(".")[0]
    moves.fire(Move.FINISH)


@pytest.mark.parametrize("name", [Move.GET_STUCK, Move.HURT, Move.FINISH])
def test_danger_and_the_end_are_legal_everywhere(name: Move) -> None:
    assert set(sources(name)) == set(LEAVES)


def test_the_count_goes_on_only_within_the_set() -> None:
    counting = {states.LOWERING, states.BOTTOM, states.PRESSING, states.TOP, states.MOVING}
    for name, source, target in TABLE:
        if target in counting:
            assert source in counting | {states.COUNTDOWN}, name
            # A set with a beat stays with a beat, a set without one stays without.
            assert states.MOVING not in (source, target) or source == states.COUNTDOWN, name
        if target == states.COUNTDOWN:
            assert (name, source) in (
                (Move.COUNT_DOWN, states.UNRACKING),
                (Move.RESUME, State.CORRECTING),
                (Move.RESUME, State.PAUSED),
            )
        if target == states.UNRACKING:
            assert source not in (State.HURT, State.STUCK), name


def test_stop_is_legal_wherever_a_set_is_open() -> None:
    assert set(sources(Move.STOP)) == {*CHILDREN[State.SET], State.CORRECTING, State.PAUSED, State.STOPPED, State.BREAK}


@pytest.mark.parametrize("state", [State.HURT, State.STUCK])
def test_danger_is_left_only_to_where_nothing_is_counted(state: State) -> None:
    targets = {target for _, source, target in TABLE if source == state}
    assert targets <= {State.READY, State.RESTING, State.STUCK, State.HURT, State.FINISHED}


def test_the_setup_goes_back_as_well() -> None:
    moves = StateMachine(STEPS)
    moves.fire(Move.SET_UP)
    assert not moves.may(Move.STEP_BACK)
    moves.fire(Move.NEXT_STEP)
    moves.fire(Move.STEP_BACK)
    assert moves.state == CHILDREN[State.SETUP][0]


def test_no_move_has_two_targets_from_one_state() -> None:
    seen = {(name, source) for name, source, _ in TABLE}
    assert len(seen) == len(TABLE)


def test_the_setup_is_walked_in_order() -> None:
    moves = StateMachine(STEPS)
    moves.fire(Move.SET_UP)
    walked = []
    while moves.outermost_state == State.SETUP:
        walked.append(moves.state)
        moves.fire(Move.NEXT_STEP)
    assert walked == CHILDREN[State.SETUP]
    assert moves.state == State.READY


def test_a_move_nobody_knows_is_our_fault() -> None:
    moves = StateMachine(STEPS)
    with pytest.raises(AttributeError):
        moves.fire("fly")  # type: ignore[arg-type]
    assert moves.state == State.IDLE


def test_machines_do_not_share_their_state() -> None:
    one, other = StateMachine(STEPS), StateMachine(STEPS)
    one.fire(Move.START)
    assert other.state == State.IDLE


def test_the_diagram_in_the_docs_is_drawn_from_the_table() -> None:
    block = re.search(r"```mermaid\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    assert block[1] == diagram(STEPS), "draw it anew: scripts/draw-states"


def test_the_diagram_shows_every_move() -> None:
    drawn = diagram(STEPS)
    for name, source, target in TABLE:
        line = rf"^    {source.replace('.', '_')} --> {target.replace('.', '_')} : .*\b{name}\b"
        assert re.search(line, drawn, re.MULTILINE), (name, source, target)
