"""What may be said to the coach in each state, and what is urgent: the rows of `intents`, held against a pack.

Law: safety words are live in every state, without the wake word, and urgent.
"""

from __future__ import annotations

from coach.content.model import Pack
from coach.dialogue.intents import row_of
from coach.dialogue.states import State


def live(pack: Pack, state: State, set_is_open: bool, asked: bool) -> frozenset[str]:
    """The intents that are live in a state. `asked`: a yes-or-no question waits."""
    found = set()
    for name, group in pack.groups.items():
        row = row_of(name, group)
        if state in row.live_in or (set_is_open and state in row.open_in) or (asked and row.asked):
            found.add(name)
    return frozenset(found)


def without_wake_word(pack: Pack, live: frozenset[str], state: State) -> frozenset[str]:
    """Of the live intents, those that need no wake word although the coach has said nothing for a while."""
    if state is State.SET:
        return live
    return frozenset(name for name in live if state in row_of(name, pack.groups[name]).bare_in)


def is_urgent(pack: Pack, intent: str, state: State) -> bool:
    """Whether to act on a stable partial instead of waiting for the end of the utterance."""
    return state in row_of(intent, pack.groups[intent]).urgent_in
