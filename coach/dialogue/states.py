"""The states of a coached workout and every legal move between them.

Rule 1: this file alone decides whether a move is legal.
Rule 2: a move has a source, a name and a target, and nothing is attached to it: no callbacks (they would fail only when
        fired, after the state has changed), no timers (they would be real threads). What is said is policy.
Rule 3: `coach diagram` draws `docs/states.md` from this table, and a test compares the two.

A set goes unracking -> countdown -> lowering -> bottom -> pressing -> top -> lowering ...; a pull exercise enters the
same circle at pressing. Phases that take no time at the chosen tempo are skipped. Counting continues only while the
state is one of these phases. Without a beat the lifter moves as he likes: set.moving stands for the whole circle,
because nobody can see the phase. From `stuck` and `hurt` no move leads to a count: the lifter must first say that the
danger is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise
from typing import Any

from transitions.extensions.nesting import HierarchicalMachine, NestedState


class State(StrEnum):
    """The outermost states. `setup` has a child for each step of the exercise, `set` has one for each phase."""

    IDLE = "idle"
    SETUP = "setup"
    READY = "ready"
    SET = "set"
    CORRECTING = "correcting"
    PAUSED = "paused"
    STOPPED = "stopped"
    STUCK = "stuck"
    """The platform does not move, and the lifter is below it."""
    HURT = "hurt"
    """Pain or dizziness was reported, and is not known to be gone."""
    BREAK = "break"
    """The pause between two stages of a set: to change sides, take load off or breathe. The coach goes on by itself."""
    RESTING = "resting"
    FINISHED = "finished"


class Move(StrEnum):
    """The names of the moves."""

    SET_UP = "set_up"
    NEXT_STEP = "next_step"
    STEP_BACK = "step_back"
    START = "start"
    UNRACK = "unrack"
    COUNT_DOWN = "count_down"
    MOVE = "move"
    LOWER = "lower"
    HOLD = "hold"
    PUSH = "push"
    REACH_TOP = "reach_top"
    CORRECT = "correct"
    PAUSE = "pause"
    RESUME = "resume"
    TAKE_BREAK = "take_break"
    STOP = "stop"
    GET_STUCK = "get_stuck"
    HURT = "hurt"
    RECOVER = "recover"
    REST = "rest"
    REST_OVER = "rest_over"
    RESUME_WORKOUT = "resume_workout"
    FINISH = "finish"


UNRACKING, COUNTDOWN, LOWERING, BOTTOM, PRESSING, TOP, MOVING = _SET_STATES = tuple(
    f"{State.SET}.{phase}" for phase in ("unracking", "countdown", "lowering", "bottom", "pressing", "top", "moving")
)
RUNNING_STATES = (State.SET, State.BREAK)
"""States with an open set in which the coach goes on by itself."""
RACKED_STATES = (State.IDLE, State.SETUP, State.READY, State.RESTING, State.FINISHED)
"""States without an open set: the catches are in, and the platform cannot be moved."""
INTERRUPTED_STATES = (State.CORRECTING, State.PAUSED, State.STOPPED)
"""States with an open set in which nothing is counted until the lifter says so."""

_MOVES: tuple[tuple[Move, tuple[str, ...], str], ...] = (
    # name, from, to
    (Move.START, (*RACKED_STATES, *INTERRUPTED_STATES, State.BREAK), UNRACKING),
    (Move.UNRACK, (*INTERRUPTED_STATES, State.BREAK), UNRACKING),
    (Move.COUNT_DOWN, (UNRACKING,), COUNTDOWN),
    (Move.MOVE, (COUNTDOWN,), MOVING),
    (Move.LOWER, (COUNTDOWN, PRESSING, TOP), LOWERING),
    (Move.HOLD, (LOWERING,), BOTTOM),
    (Move.PUSH, (COUNTDOWN, LOWERING, BOTTOM), PRESSING),
    (Move.REACH_TOP, (PRESSING,), TOP),
    (Move.TAKE_BREAK, (State.SET, *INTERRUPTED_STATES, State.BREAK), State.BREAK),
    (Move.CORRECT, (State.SET, State.CORRECTING, State.PAUSED, State.BREAK), State.CORRECTING),
    (Move.PAUSE, (State.SET, State.CORRECTING, State.PAUSED, State.BREAK), State.PAUSED),
    (Move.RESUME, (State.CORRECTING, State.PAUSED), COUNTDOWN),
    (Move.STOP, (State.SET, *INTERRUPTED_STATES, State.BREAK), State.STOPPED),
    (Move.GET_STUCK, tuple(State), State.STUCK),
    (Move.HURT, tuple(State), State.HURT),
    (Move.RECOVER, (State.HURT, State.STUCK), State.READY),
    (Move.REST, (State.SET, *INTERRUPTED_STATES, State.BREAK, State.STUCK, State.READY), State.RESTING),
    (Move.REST_OVER, (State.RESTING,), State.READY),
    (Move.RESUME_WORKOUT, (State.IDLE,), State.READY),
    (Move.FINISH, tuple(State), State.FINISHED),
)


class _DottedState(NestedState):
    separator = "."


class _Machine(HierarchicalMachine):
    state_cls = _DottedState


def outermost_state(state: str) -> State:
    """The outermost of nested states, such as `State.SET` of "set.lowering"."""
    return State(state.partition(".")[0])


class StateMachine:
    """The current state, and the moves that are legal from it."""

    def __init__(self, setup_steps: Sequence[str]) -> None:
        """`setup_steps`: names of the children of `setup`, in the order in which a lifter does the steps."""
        self._machine = _Machine(
            model=None,
            states=nested_states(setup_steps),
            initial=State.IDLE.value,
            auto_transitions=False,
            send_event=False,
        )
        for move, source, target in all_moves(setup_steps):
            self._machine.add_transition(move.value, source, target)
        self._model: Any = _Model()
        self._machine.add_model(self._model)

    @property
    def state(self) -> str:
        """The current state, such as "idle" or "set.lowering"."""
        return str(self._model.state)

    @property
    def outermost_state(self) -> State:
        """The outermost state, such as `State.SET` for "set.lowering"."""
        return outermost_state(self.state)

    def may(self, move: Move) -> bool:
        """Whether `fire(move)` is legal now."""
        return bool(getattr(self._model, f"may_{move.value}")())

    def fire(self, move: Move) -> None:
        """Make the move. An illegal move is a bug: it raises transitions' MachineError and changes nothing."""
        self._model.trigger(move.value)


class _Model:
    """The object to which `transitions` attaches its triggers."""

    state: str


def nested_states(setup_steps: Sequence[str]) -> list[Any]:
    """The nested states in the form `transitions` takes."""
    children = {State.SETUP: list(setup_steps), State.SET: [phase.split(".")[1] for phase in _SET_STATES]}
    return [{"name": state.value, "children": children[state]} if state in children else state.value for state in State]


def all_moves(setup_steps: Sequence[str]) -> list[tuple[Move, str, str]]:
    """Every move as (name, from, to), including those between the setup steps."""
    moves = [(move, str(source), str(target)) for move, sources, target in _MOVES for source in sources]
    steps = [f"{State.SETUP}.{step}" for step in setup_steps]
    moves += [(Move.SET_UP, str(source), steps[0]) for source in RACKED_STATES]
    moves += [(Move.NEXT_STEP, step, following) for step, following in pairwise([*steps, str(State.READY)])]
    moves += [(Move.STEP_BACK, step, before) for before, step in pairwise(steps)]
    return moves


def diagram(setup_steps: Sequence[str]) -> str:
    """The table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.IDLE}"]
    for state in nested_states(setup_steps):
        if isinstance(state, dict):
            lines += [
                f"    state {state['name']} {{",
                *(f"        {_flat(state['name'], child)} : {child}" for child in state["children"]),
                "    }",
            ]
    grouped: dict[tuple[str, str], list[str]] = {}
    for move, source, target in all_moves(setup_steps):
        grouped.setdefault((source, target), []).append(move)
    lines += [
        f"    {source.replace('.', '_')} --> {target.replace('.', '_')} : {', '.join(names)}"
        for (source, target), names in grouped.items()
    ]
    return "\n".join(lines) + "\n"


def _flat(parent: str, child: str) -> str:
    return f"{parent}_{child}"
