"""The templates of a commands file: each with its place, what it refers to, and its intent's group."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from coach.content.reading import KeyPath
from coach.content.schema import Group


def templates(commands: Mapping[str, Any]) -> Iterator[tuple[KeyPath, str]]:
    """Every template with its key."""
    for name, intent in commands.get("intents", {}).items():
        for block_index, block in enumerate(intent.get("data", ())):
            for index, text in enumerate(block.get("sentences", ())):
                yield ("intents", name, "data", block_index, "sentences", index), text
    for name, text in commands.get("expansion_rules", {}).items():
        yield ("expansion_rules", name), text


def references(text: str) -> Iterator[tuple[str, str, str]]:
    """The lists and rules that a template names: section, name, and the slot that a list fills."""
    for mark, name, slot in re.findall(r"([{<])([a-z_]+)(?::([a-z_]+))?[}>]", text):
        yield ("lists" if mark == "{" else "expansion_rules"), name, slot or name


def brackets_match(text: str) -> bool:
    """Whether every bracket of a template is closed by its own kind."""
    closers = {"(": ")", "[": "]", "{": "}", "<": ">"}
    waiting = []
    for mark in re.findall(r"[\[\](){}<>]", text):
        if mark in closers:
            waiting.append(closers[mark])
        elif not waiting or waiting.pop() != mark:
            return False
    return not waiting


def groups(commands: Mapping[str, Any]) -> Iterator[tuple[str, Group]]:
    """The intents that have a valid group, each with its group."""
    for name, intent in commands.get("intents", {}).items():
        for block in intent.get("data", ())[:1]:
            group = block.get("metadata", {}).get("group")
            # An invalid group was already reported.
            if group in list(Group):
                yield name, Group(group)
