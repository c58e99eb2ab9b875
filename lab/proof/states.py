"""The states as a lifter sees them."""

from __future__ import annotations

from coach.dialogue.states import State


def outer_state(state: str) -> State:
    """Returns the outermost state."""
    return State(state.partition(".")[0])
