"""The laws of fillers and breaths, over all states and phrases."""

from __future__ import annotations

from collections import defaultdict
from random import Random

import pytest

from coach.dialogue import policy
from coach.dialogue.states import State
from coach.language.grammar import Grammar
from coach.language.habits import LIFTER_HABITS
from lab.rigs.paths import Paths
from lab.rigs.talk import GRAMMAR, PACK


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("text", ["okay can you stop", "start set stop", "ow it hurts", "whoa i feel dizzy"])
def test_safety_words_count_in_every_state_and_in_a_corner(text: str, state: State) -> None:
    live = policy.live_intents(PACK, state, question_waits=True)
    bare = policy.without_wake_word(PACK, live, state)
    for meant in (GRAMMAR.meanings(text, live), GRAMMAR.meanings(text, bare, live)):
        assert meant is not None
        assert [PACK.groups[one.name] for one in meant] == ["safety"]


TRIED = frozenset({"StartSet", "SetReps", "SetRest", "SetLoad", "Louder", "Next", "Skip", "No", "Yes"})
"""Live intents without those that count among any other words: they are understood in words that cannot be listed."""
PIECES = (*LIFTER_HABITS.between, *("ten reps", "rest ninety", "ninety kilos", "eighty"))
PIECES += ("start set", "louder", "next", "rest one minute thirty", "five", "two and a half", "seconds", "skip it")


def test_what_is_understood_is_heard_and_nothing_else() -> None:
    paths = Paths(GRAMMAR.vocabulary(TRIED).automaton)
    chance = Random(5)
    outcomes = set()
    for _ in range(800):
        text = " ".join(chance.choice(PIECES) for _ in range(chance.randint(1, 6)))
        meant = bool(GRAMMAR.meanings(text, TRIED))
        outcomes.add(meant)
        assert paths.accept(text) == meant, text
    assert outcomes == {True, False}


def test_the_graph_has_no_circle_and_stays_small() -> None:
    for state, most in ((State.SET, 36_000), (State.IDLE, 36_000)):
        graph = GRAMMAR.vocabulary(policy.live_intents(PACK, state, question_waits=True)).automaton
        assert len(graph.arcs) < most, state
        leaving: dict[int, set[int]] = defaultdict(set)
        for source, target, _ in graph.arcs:
            leaving[source].add(target)
        done: set[int] = set()
        path: list[tuple[int, list[int]]] = [(graph.start, [*leaving[graph.start]])]
        while path:
            here, waiting = path[-1]
            if not waiting:
                done.add(here)
                path.pop()
                continue
            following = waiting.pop()
            assert following not in {state for state, _ in path}, "a circle"
            if following not in done:
                path.append((following, [*leaving[following]]))


def test_no_filler_makes_one_command_into_another() -> None:
    plain = Grammar(PACK.commands)
    for intent in sorted(GRAMMAR.intents):
        for phrase in plain.usual_phrases(intent)[::3]:
            meant = GRAMMAR.meanings(phrase, GRAMMAR.intents)
            assert meant is not None, phrase
            assert [one.name for one in meant] == [intent], phrase
            for word in LIFTER_HABITS.between:
                for rest in (phrase.removeprefix(f"{word} "), phrase.removesuffix(f" {word}")):
                    if rest != phrase and (other := plain.understand(rest, plain.intents)):
                        assert other.name == intent, (phrase, rest)


def test_every_setting_with_a_number_needs_it() -> None:
    plain = Grammar(PACK.commands)
    for intent in ("SetReps", "SetSets", "SetRest", "SetLoad", "SetTempo"):
        for phrase in plain.phrases(intent):
            assert any("{" in token for token in phrase) or "one" in phrase, phrase
