"""Anybody's grammar: lists and rules. `tests/phrases` tests the coach's own."""

from __future__ import annotations

import pytest

from coach.language.grammar import Grammar, Intent


def commands(sentences: list[str], **more: object) -> dict[str, object]:
    return {"language": "en", "intents": {"Do": {"data": [{"sentences": sentences}]}}, **more}


def test_a_list_of_words_keeps_their_values() -> None:
    lists = {"side": {"values": ["left", {"in": "the other", "out": "right"}]}}
    grammar = Grammar(commands(["turn {side} [now]"], lists=lists))
    assert grammar.understand("turn the other now", grammar.intents) == Intent("Do", {"side": "right"})
    assert grammar.understand("turn left", grammar.intents) == Intent("Do", {"side": "left"})
    assert set(grammar.vocabulary(grammar.intents).phrases) == {
        "turn left",
        "turn left now",
        "turn the other",
        "turn the other now",
    }


def test_an_empty_list_is_refused() -> None:
    with pytest.raises(ValueError, match="list 'side' is empty"):
        Grammar(commands(["turn {side}"], lists={"side": {"values": []}}))


def test_rules_are_spelled_out() -> None:
    grammar = Grammar(commands(["<turn> left"], expansion_rules={"turn": "(turn|go)"}))
    assert grammar.phrases("Do") == (("turn", "left"), ("go", "left"))
