"""Phrases that two intents share are found, through lists and options, and no other phrases."""

from __future__ import annotations

from coach.language.grammar import Grammar


def shared(*templates: tuple[str, str]) -> dict[tuple[int, int], list[str]]:
    """The phrases that these templates share; each template comes with its intent."""
    blocks: dict[str, list[str]] = {}
    for intent, template in templates:
        blocks.setdefault(intent, []).append(template)
    data = {name: {"data": [{"sentences": said, "metadata": {"group": "question"}}]} for name, said in blocks.items()}
    grammar = Grammar({"language": "en", "intents": data, "lists": {"few": {"range": {"from": 1, "to": 3}}}})
    return grammar.overlaps([(name, said) for name in blocks for said in grammar.templates(name)])


def test_nothing_is_shared_by_a_beginning_or_an_ending() -> None:
    assert shared(("A", "stop it"), ("B", "stop"), ("C", "it"), ("D", "stop it now")) == {}


def test_options_and_choices() -> None:
    assert shared(("A", "(skip|leave) [this] step"), ("B", "skip [the|this] step")) == {
        (0, 1): ["skip step", "skip this step"]
    }


def test_a_list_and_its_values() -> None:
    assert shared(("A", "{few} sets"), ("B", "(two|four) sets"), ("B", "{few} [sets]")) == {
        (0, 1): ["two sets"],
        (0, 2): ["one sets", "three sets", "two sets"],
    }


def test_what_an_intent_shares_with_itself_is_its_own_affair() -> None:
    assert shared(("A", "stop"), ("A", "stop"), ("B", "go")) == {}
