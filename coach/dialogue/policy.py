"""What may be said to the coach in each state, what is urgent and what comes first, by the rows of `intents`.

Law: safety words are live in every state, without the wake word, and urgent.
"""

from __future__ import annotations

from collections.abc import Sequence

from coach.content.model import Pack
from coach.content.schema import Group
from coach.dialogue.intents import row_of
from coach.dialogue.states import State
from coach.language.grammar import WAKE_INTENT, Intent

_OVERRIDDEN_BY = {"Yes": frozenset({"No"}), "Stop": frozenset({"Stuck", "Pain", "Dizzy"})}
"""Intent -> intents that override it when both are said in one breath."""


def live_intents(
    pack: Pack,
    state: State,
    question_waits: bool,
    answer_intents: frozenset[str] | None = None,
    without_beat: bool = False,
    several_lifters: bool = False,
) -> frozenset[str]:
    """The intents that are live in a state. `question_waits`: for yes or no.

    `answer_intents`: intents that are live only because of the question; None: those of any question that may be asked
    in this state. `without_beat`: the lifter moves without a beat, and says each repetition. `several_lifters`: they
    train in turn.
    """
    found = set()
    for name, group in pack.groups.items():
        row = row_of(name, group)
        if state is State.SET and row.without_beat is not None and row.without_beat is not without_beat:
            continue
        if row.several_lifters and not several_lifters:
            continue
        is_answer = name in answer_intents if answer_intents is not None else state in row.live_if_asked_in
        if state in row.live_in or (question_waits and (row.answers_question or is_answer)):
            found.add(name)
    return frozenset(found)


def ever_live(pack: Pack, state: State, question_waits: bool) -> frozenset[str]:
    """The intents that are live in a state with or without a beat, in the gym corner or elsewhere."""
    return (
        live_intents(pack, state, question_waits)
        | live_intents(pack, state, question_waits, without_beat=True)
        | live_intents(pack, state, question_waits, several_lifters=True)
    )


def live_unasked(pack: Pack) -> frozenset[str]:
    """The intents that are live in some state without a question. A bare number means repetitions, not a load."""
    return frozenset().union(*(ever_live(pack, state, question_waits=False) for state in State))


def in_order(pack: Pack, intents: Sequence[Intent]) -> tuple[Intent, ...]:
    """The intents of one breath, in the order in which they are carried out.

    The answer to a question comes first, then settings: "start set with ten reps" is a set of ten. Yes and no in one
    breath count as no, which loses nothing. Stop adds nothing to pain, because pain also stops.
    """

    def rank(intent: Intent) -> int:
        if intent.name == WAKE_INTENT:
            return 0
        row = row_of(intent.name, pack.groups[intent.name])
        return 0 if row.answers_question else 1 if row.group is Group.SETTING else 2

    names = {intent.name for intent in intents}
    overridden = {name for name, by in _OVERRIDDEN_BY.items() if names & by}
    return tuple(sorted((one for one in intents if one.name not in overridden), key=rank))


def without_wake_word(pack: Pack, live: frozenset[str], state: State) -> frozenset[str]:
    """Those of the live intents that need no wake word although the coach has said nothing for a while."""
    if state is State.SET:
        return live
    return frozenset(name for name in live if state in row_of(name, pack.groups[name]).no_wake_word_in)


def is_safety(pack: Pack, intent: str) -> bool:
    """Whether the intent is carried out in every state, even where the lifter cannot hear that it is."""
    return intent != WAKE_INTENT and pack.groups[intent] is Group.SAFETY


def is_urgent(pack: Pack, intent: str, state: State) -> bool:
    """Whether the intent acts on a stable partial instead of waiting for the end of the utterance."""
    return state in row_of(intent, pack.groups[intent]).urgent_in
