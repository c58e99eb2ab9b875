"""The states of a coached workout and every legal move between them.

Rule 1: what decides whether a move is legal stands in this file and nowhere else.
Rule 2: a move has a source, a name and a target, and nothing hangs on it: no callbacks (they would fail only when
        fired, after the state has changed), no timers (they would be real threads). What is said is policy.
Rule 3: `docs/states.md` is drawn from this table by `coach diagram`, and a test compares.

A counted repetition walks countdown -> lowering -> bottom -> pressing -> top -> lowering ...; phases that take no time
at the chosen tempo are stepped over, and counting goes on only while the state is one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from transitions.extensions.nesting import HierarchicalMachine, NestedState

IDLE, SETUP, READY, SET, CORRECTING = "idle", "setup", "ready", "set", "correcting"
PAUSED, STOPPED, RESTING, FINISHED = "paused", "stopped", "resting", "finished"
COUNTDOWN, LOWERING, BOTTOM, PRESSING, TOP = (
    f"{SET}.{phase}" for phase in ("countdown", "lowering", "bottom", "pressing", "top")
)
PARENTS = (IDLE, SETUP, READY, SET, CORRECTING, PAUSED, STOPPED, RESTING, FINISHED)

_MOVES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    # name, from, to
    ("start", (IDLE, SETUP, READY, RESTING, STOPPED, FINISHED), COUNTDOWN),
    ("lower", (COUNTDOWN, PRESSING, TOP), LOWERING),
    ("hold", (LOWERING,), BOTTOM),
    ("push", (LOWERING, BOTTOM), PRESSING),
    ("reach_top", (PRESSING,), TOP),
    ("correct", (SET, CORRECTING, PAUSED), CORRECTING),
    ("pause", (SET, PAUSED), PAUSED),
    ("resume", (CORRECTING, PAUSED, STOPPED), COUNTDOWN),
    ("stop", (IDLE, SETUP, READY, SET, CORRECTING, PAUSED, STOPPED, RESTING, FINISHED), STOPPED),
    ("rest", (SET, CORRECTING, PAUSED, STOPPED), RESTING),
    ("rest_over", (RESTING,), READY),
    ("finish", (IDLE, SETUP, READY, SET, CORRECTING, PAUSED, STOPPED, RESTING, FINISHED), FINISHED),
)


class _Dotted(NestedState):
    separator = "."


class _Machine(HierarchicalMachine):
    state_cls = _Dotted


class Moves:
    """The current state, and the moves that may be made from it."""

    def __init__(self, setup_steps: Sequence[str]) -> None:
        """`setup_steps`: names of the children of `setup`, in the order a lifter does them."""
        self._machine = _Machine(
            model=None, states=states(setup_steps), initial=IDLE, auto_transitions=False, send_event=False
        )
        for name, source, target in table(setup_steps):
            self._machine.add_transition(name, source, target)
        self._model: Any = _Model()
        self._machine.add_model(self._model)

    @property
    def state(self) -> str:
        """Such as "idle" or "set.lowering"."""
        return str(self._model.state)

    @property
    def parent(self) -> str:
        """The outermost state: "set" of "set.lowering"."""
        return self.state.split(".")[0]

    def may(self, move: str) -> bool:
        """Whether `fire(move)` is legal now."""
        return bool(getattr(self._model, f"may_{move}")())

    def fire(self, move: str) -> None:
        """Make the move; an illegal one is our fault and raises transitions' MachineError, changing nothing."""
        self._model.trigger(move)


class _Model:
    """What `transitions` hangs its triggers on."""

    state: str


def states(setup_steps: Sequence[str]) -> list[Any]:
    """The nested states in the form `transitions` takes."""
    children = {
        SETUP: list(setup_steps),
        SET: [phase.split(".")[1] for phase in (COUNTDOWN, LOWERING, BOTTOM, PRESSING, TOP)],
    }
    return [{"name": name, "children": children[name]} if name in children else name for name in PARENTS]


def table(setup_steps: Sequence[str]) -> list[tuple[str, str, str]]:
    """Every move as (name, from, to), the walk through the setup steps included."""
    moves = [(name, source, target) for name, sources, target in _MOVES for source in sources]
    steps = [f"{SETUP}.{step}" for step in setup_steps]
    moves += [("set_up", source, steps[0]) for source in (IDLE, SETUP, READY, STOPPED, RESTING, FINISHED)]
    moves += [("next_step", here, there) for here, there in zip(steps, [*steps[1:], READY], strict=True)]
    return moves


def diagram(setup_steps: Sequence[str]) -> str:
    """The table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {IDLE}"]
    for state in states(setup_steps):
        if isinstance(state, dict):
            lines += [
                f"    state {state['name']} {{",
                *(f"        {_flat(state['name'], child)} : {child}" for child in state["children"]),
                "    }",
            ]
    grouped: dict[tuple[str, str], list[str]] = {}
    for name, source, target in table(setup_steps):
        grouped.setdefault((source, target), []).append(name)
    lines += [
        f"    {source.replace('.', '_')} --> {target.replace('.', '_')} : {', '.join(names)}"
        for (source, target), names in grouped.items()
    ]
    return "\n".join(lines) + "\n"


def _flat(parent: str, child: str) -> str:
    return f"{parent}_{child}"
