"""The rows of the intents: they match the commands file, and safety is live everywhere."""

from __future__ import annotations

import re

import pytest

from coach.content.schema import Group
from coach.content.templates import templates
from coach.dialogue import policy
from coach.dialogue.intents import EVERYWHERE, INTENTS, PACK_ROWS, row_of
from coach.dialogue.states import State
from lab.rigs.talk import PACK


def test_the_commands_file_has_these_intents_and_no_others_that_code_carries_out() -> None:
    assert {name: group for name, group in PACK.groups.items() if group not in PACK_ROWS} == {
        name: row.group for name, row in INTENTS.items()
    }


def test_a_pack_gives_its_own_intents_a_group_that_has_a_row() -> None:
    assert {row_of(name, group).group for name, group in PACK.groups.items()} == set(Group)
    assert all(row_of(name, group).group is group for name, group in PACK.groups.items())


@pytest.mark.parametrize("state", State)
def test_safety_is_live_urgent_and_needs_no_wake_word(state: State) -> None:
    safety = {name for name, row in INTENTS.items() if row.group is Group.SAFETY}
    live = policy.live_intents(PACK, state, question_waits=False)
    assert safety <= live
    assert safety <= policy.without_wake_word(PACK, live, state)
    assert all(policy.is_urgent(PACK, name, state) for name in safety)


@pytest.mark.parametrize("name", INTENTS)
def test_every_row_is_live_somewhere_and_counts_without_the_wake_word_only_where_it_can_be_live(name: str) -> None:
    row = INTENTS[name]
    can_be_live = EVERYWHERE if row.answers_question or row.live_if_asked_in else row.live_in
    assert can_be_live
    assert row.no_wake_word_in <= can_be_live
    assert row.urgent_in <= can_be_live


def test_the_templates_fill_every_slot_that_a_row_names() -> None:
    filled: dict[str, set[str]] = {}
    rules = PACK.commands["expansion_rules"]
    for at, text in templates(PACK.commands):
        if at[0] == "intents":
            whole = re.sub(r"<(\w+)>", lambda rule: rules[rule[1]], text)
            slots = {slot or name for name, slot in re.findall(r"\{(\w+)(?::(\w+))?\}", whole)}
            filled.setdefault(str(at[1]), set()).update(slots)
    for name, row in INTENTS.items():
        written = {slot for block in PACK.commands["intents"][name]["data"] for slot in block.get("slots", {})}
        assert filled[name] | written == set(row.slots), name
