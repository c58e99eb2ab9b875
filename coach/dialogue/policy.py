"""What may be said to the coach in each state, and what is urgent.

Law: safety words are live in every state. While a set runs only what a lifter needs under the platform is live: the
fewer phrases, the fewer mistakes.
"""

from __future__ import annotations

from coach.content.model import Pack
from coach.content.schema import Group
from coach.dialogue.states import State

_GROUPS = {Group.SAFETY, Group.REPORT, Group.QUESTION}
"""Live everywhere, whole."""

_ALWAYS = {"Help", "Louder", "Quieter", "MoreCues", "FewerCues", "CountsOnly", "WhichSet", "RepsLeft"}
_SETTLED = {
    "Repeat",
    "Why",
    "EndWorkout",
    "SetReps",
    "SetSets",
    "SetRest",
    "SetLoad",
    "SetTempo",
    "Slower",
    "TalkSlower",
    "TalkFaster",
    "Faster",
}
"""Outside a running set."""
_BY_STATE: dict[State, set[str]] = {
    State.IDLE: _SETTLED | {"SetUp", "StartSet"},
    State.SETUP: _SETTLED | {"SetUp", "Next", "Skip", "StartSet"},
    State.READY: _SETTLED | {"SetUp", "Next", "StartSet"},
    State.SET: {"Pause", "FinishSet", "Slower", "Faster"},
    State.CORRECTING: _SETTLED | {"Resume", "FinishSet"},
    State.PAUSED: _SETTLED | {"Resume", "FinishSet", "Pause"},
    State.STOPPED: _SETTLED | {"SetUp", "StartSet"},
    State.RESTING: _SETTLED | {"SetUp", "StartSet", "SkipRest", "Skip", "Next", "MoreRest"},
    State.FINISHED: _SETTLED | {"SetUp", "StartSet"},
}
_AWAITED = {
    State.SETUP: {"Next", "Why", "Repeat"},
    State.CORRECTING: {"Resume", "FinishSet", "Why", "Repeat"},
    State.PAUSED: {"Resume", "FinishSet"},
    State.STOPPED: {"Resume", "FinishSet"},
}
"""Answers to what the coach has left open in a state: a question waits, however long the lifter takes."""
_OPEN_SET = {State.STOPPED: {"Resume", "FinishSet"}}
"""Added while a set is open: after pain it is not."""


def live(pack: Pack, state: State, set_is_open: bool, asked: bool) -> frozenset[str]:
    """The intents that are live in a state. `asked`: a yes-or-no question waits."""
    intents = {name for name, group in pack.groups.items() if group in _GROUPS} | _ALWAYS | _BY_STATE[state]
    if set_is_open:
        intents |= _OPEN_SET.get(state, set())
    if asked:
        intents |= {"Yes", "No"}
    return frozenset(intents & pack.groups.keys())


def without_wake_word(pack: Pack, live: frozenset[str], state: State) -> frozenset[str]:
    """Of the live intents, those that need no wake word although the coach has said nothing for a while."""
    if state == State.SET:
        return live
    awaited = _AWAITED.get(state, set()) | {"Yes", "No"}
    return frozenset(name for name in live if pack.groups[name] == Group.SAFETY or name in awaited)


def is_urgent(pack: Pack, intent: str, state: State) -> bool:
    """Whether to act on a stable partial instead of waiting for the end of the utterance.

    Safety words always; form reports and a pause while the platform moves. A false one costs a pause.
    """
    group = pack.groups[intent]
    return group == Group.SAFETY or (state == State.SET and (group == Group.REPORT or intent == "Pause"))
